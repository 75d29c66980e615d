public import Tensors

/// What goes wrong between a file and a batch of pixels.
public enum ImageError: ZooError, Hashable {
  /// The file cannot be read at all.
  case unreadable(path: String, reason: String)
  /// The bytes are no picture; `found` says what they look like.
  case notAnImage(name: String, found: String)
  /// A picture in a format this module does not decode.
  case unsupportedFormat(name: String, format: String)
  /// A picture that uses a part of its format this module does not decode.
  case unsupportedFeature(name: String, format: ImageFormat, feature: String)
  /// The bytes break the rules of their format.
  case malformed(name: String, format: ImageFormat, detail: String)
  /// The bytes end before the picture does.
  case truncated(name: String, format: ImageFormat, detail: String)
  /// More pixels than ``DecodingLimits`` allow.
  case tooManyPixels(name: String, width: Int, height: Int, limits: DecodingLimits)
  /// More bytes than ``DecodingLimits`` allow.
  case fileTooLarge(path: String, byteCount: Int, limits: DecodingLimits)
  /// A file where a folder of pictures was expected.
  case notAFolder(path: String)
  /// A folder that is not there, or cannot be listed.
  case unlistable(path: String, reason: String)
  /// A class that was asked for has no sub-folder, or no row.
  case missingClass(path: String, name: String, found: [String])
  /// A class that was asked for twice.
  case repeatedClass(name: String)
  /// Binary labels for other than two classes.
  case notTwoClasses(path: String, found: [String])
  /// A manifest without a column that was asked for.
  case missingColumn(path: String, name: String, found: [String])
  /// A manifest none of whose files is there and named as a picture; the first is as the manifest has it.
  case noListedFile(path: String, count: Int, first: String)
  /// A manifest that cannot be understood; the line counts from 1, 0 for the whole file.
  case malformedManifest(path: String, line: Int, detail: String)
  /// An augmentation that cannot be meant.
  case augmentation(name: String, expected: String, found: String)
  /// A size below one pixel.
  case emptySize(height: Int, width: Int)
  /// The PNG encoder refused.
  case unwritable(reason: String)

  /// The kind of trouble.
  public var family: ErrorFamily {
    switch self {
    case .unreadable, .notAFolder, .unlistable, .missingClass, .missingColumn, .noListedFile: .missing
    case .notAnImage, .malformed, .truncated, .malformedManifest: .malformed
    case .unsupportedFormat, .unsupportedFeature, .tooManyPixels, .fileTooLarge, .unwritable: .unsupported
    case .emptySize, .repeatedClass, .notTwoClasses, .augmentation: .mismatch
    }
  }

  /// One sentence: place, what, expected, found, what to do.
  public var description: String {
    switch self {
    case .unreadable(let path, let reason): "\(path): cannot be read: \(reason)"
    case .notAnImage(let name, let found):
      "\(name): not an image; expected JPEG, PNG, BMP or PPM, found \(found)"
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
      "\(path): too large; expected at most \(limits.fileByteCount) bytes, found \(byteCount)"
    case .notAFolder(let path): "\(path): expected a folder, found a file; name the folder it lies in"
    case .unlistable(let path, let reason): "\(path): the folder cannot be listed: \(reason)"
    case .missingClass(let path, let name, let found):
      "\(path): class \(name) is not there; found \(Self.list(found))" + Self.question(name, found)
    case .repeatedClass(let name): "classes: \(name) is named twice; name every class once"
    case .notTwoClasses(let path, let found):
      "\(path): binary labels need two classes, found \(found.count) (\(Self.list(found))); choose categorical"
    case .missingColumn(let path, let name, let found):
      "\(path): no column '\(name)'; found \(Self.list(found))"
        + (nearest(to: name, in: found).map { "; did you mean \($0)?" }
          ?? "; name the columns of files and classes (--x-col, --y-col)")
    case .noListedFile(let path, let count, let first):
      "\(path): expected names of pictures (.jpg, .png and so on), found none that is there among \(count); "
        + "the first: \(first); say where they are (--directory) or in which column (--x-col)"
    case .malformedManifest(let path, let line, let detail):
      line > 0 ? "\(path): line \(line): \(detail)" : "\(path): \(detail)"
    case .augmentation(let name, let expected, let found):
      "augmentation: \(name): expected \(expected), found \(found)"
    case .emptySize(let height, let width):
      "image size: expected at least 1x1, found \(height)x\(width) (height x width)"
    case .unwritable(let reason): "PNG: cannot be written: \(reason)"
    }
  }

  /// The names, or the first of very many.
  private static func list(_ names: [String]) -> String {
    let rest = names.count - 20
    return names.isEmpty
      ? "none" : names.prefix(20).joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
  }

  private static func question(_ name: String, _ found: [String]) -> String {
    nearest(to: name, in: found).map { "; did you mean \($0)?" } ?? ""
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
