import Encoding
public import Errors
public import Files

/// Why an image cannot be decoded, changed or written.
public enum ImageError: ZooError, Hashable {
  /// The file cannot be read at all.
  case unreadable(path: String, reason: String)
  /// The process has reached the system's limit of open files; the image itself may be fine.
  case tooManyOpenFiles(path: String)
  /// A file in an archive, or the archive, cannot be read.
  case archive(FileError)
  /// Reading and decoding the file took longer than somebody was ready to wait.
  case timedOut(path: String, seconds: Double)
  /// So many files take longer than somebody was ready to wait that no more are begun; the image itself may be fine.
  case tooManyHanging(path: String, count: Int)
  /// The file is not the one that was listed under its name.
  case changed(path: String, expected: String, found: String)
  /// The file is not an image; `found` says what it looks like.
  case notAnImage(name: String, found: String)
  /// An image in a format that is not supported.
  case unsupportedFormat(name: String, format: String)
  /// An image that uses a feature of its format that is not supported.
  case unsupportedFeature(name: String, format: ImageFormat, feature: String)
  /// The bytes break the rules of their format.
  case malformed(name: String, format: ImageFormat, detail: String)
  /// The bytes end before the image does.
  case truncated(name: String, format: ImageFormat, detail: String)
  /// More pixels than ``DecodingLimits`` allow.
  case tooManyPixels(name: String, width: Int, height: Int, limits: DecodingLimits)
  /// More bytes than ``DecodingLimits`` allow.
  case fileTooLarge(path: String, byteCount: Int, limits: DecodingLimits)
  /// A setting of an augmentation that is out of range.
  case augmentation(name: String, expected: String, found: String)
  /// A preprocessing without one number for each of three channels.
  case preprocessing(label: String, expected: String, found: String)
  /// A size below one pixel.
  case emptySize(height: Int, width: Int)
  /// Bytes in memory that do not fit the stated width, height and layout.
  case pixelBuffer(expected: String, found: String)
  /// The PNG encoder failed.
  case unwritable(reason: String)

  /// What kind of error it is.
  public var family: ErrorFamily {
    switch self {
    case .unreadable: .missing
    case .archive(let error): error.family
    case .notAnImage, .malformed, .truncated: .malformed
    case .unsupportedFormat, .unsupportedFeature, .tooManyPixels, .fileTooLarge, .unwritable,
      .tooManyOpenFiles, .timedOut, .tooManyHanging:
      .unsupported
    case .changed, .emptySize, .pixelBuffer, .augmentation, .preprocessing: .mismatch
    }
  }

  /// Whether another try may succeed, as where a file system does not answer for a while; the bytes of an image stay what they are.
  public var mayPass: Bool {
    switch self {
    case .unreadable, .tooManyOpenFiles, .archive, .timedOut, .tooManyHanging, .changed: true
    case .notAnImage, .unsupportedFormat, .unsupportedFeature, .malformed, .truncated, .tooManyPixels,
      .fileTooLarge, .augmentation, .preprocessing, .emptySize, .pixelBuffer, .unwritable:
      false
    }
  }

  /// The error in one sentence: place, what is wrong, what was expected and found, what to do.
  public var description: String { sentence.printable }

  private var sentence: String {
    switch self {
    case .unreadable(let path, let reason): "\(path): cannot be read: \(reason)"
    case .tooManyOpenFiles(let path): "\(path): cannot be opened: \(SystemError.tooManyOpen)"
    case .archive(let error): error.description
    case .timedOut(let path, let seconds):
      "\(path): reading and decoding it took longer than \(seconds) s; see whether its file system answers, or allow more time"
    case .tooManyHanging(let path, let count):
      "\(path): not read: \(count) files before it are still not read after their time; see whether the file system answers"
    case .changed(let path, let expected, let found):
      "\(path): changed since it was listed; expected \(expected), found \(found); list the images again"
    case .notAnImage(let name, let found):
      "\(name): not an image; expected \(ImageFormat.list("or")), found \(found)"
    case .unsupportedFormat(let name, let format):
      "\(name): \(format) is not supported; convert to PNG or JPEG"
    case .unsupportedFeature(let name, let format, let feature):
      "\(name): \(format.rawValue) with \(feature) is not supported; convert to 8-bit PNG or JPEG"
    case .malformed(let name, let format, let detail): "\(name): damaged \(format.rawValue): \(detail)"
    case .truncated(let name, let format, let detail): "\(name): truncated \(format.rawValue): \(detail)"
    case .tooManyPixels(let name, let width, let height, let limits):
      "\(name): too large; expected at most \(limits.sideLength) pixels a side and \(limits.pixelCount) in all,"
        + " found \(width)x\(height); scale it down"
    case .fileTooLarge(let path, let byteCount, let limits):
      "\(path): too large; expected at most \(limits.fileByteCount) bytes, found \(byteCount); scale the image down"
    case .augmentation(let name, let expected, let found):
      "augmentation: \(name): expected \(expected), found \(found)"
    case .preprocessing(let label, let expected, let found):
      "preprocessing \(label): expected \(expected), found \(found)"
    case .emptySize(let height, let width):
      "image size: expected at least 1x1, found \(height)x\(width) (height x width)"
    case .pixelBuffer(let expected, let found): "pixels: expected \(expected), found \(found)"
    case .unwritable(let reason): "PNG: cannot be written: \(reason)"
    }
  }
}

extension ImageError {
  static func unreadable(_ path: String, _ error: SystemError) -> ImageError {
    error.isTooManyOpen
      ? .tooManyOpenFiles(path: path) : .unreadable(path: path, reason: error.reasonForReaders(of: path))
  }

  /// Whether the system, or who changed an archive, is the cause and not the image: leaving the image out would be wrong.
  var isOfTheSystem: Bool {
    switch self {
    case .tooManyOpenFiles, .tooManyHanging, .archive(.tooManyOpen), .archive(.changed): true
    default: false
    }
  }
}

/// What a decoder finds wrong, before the file's name is known.
package enum ImageDefect: Error, Hashable {
  case malformed(String)
  case truncated(String)
  case unsupported(String)
  case tooManyPixels(width: Int, height: Int, limits: DecodingLimits)

  func error(name: String, format: ImageFormat) -> ImageError {
    switch self {
    case .malformed(let detail): .malformed(name: name, format: format, detail: detail)
    case .truncated(let detail): .truncated(name: name, format: format, detail: detail)
    case .unsupported(let feature): .unsupportedFeature(name: name, format: format, feature: feature)
    case .tooManyPixels(let width, let height, let limits):
      .tooManyPixels(name: name, width: width, height: height, limits: limits)
    }
  }
}
