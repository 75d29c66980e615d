/// Pixels in memory as cameras, decoders and drawing surfaces have them: 8 bits a channel, interleaved, rows from the
/// top, perhaps with padding after each row.
///
/// ```swift
/// let frame = try PixelBuffer(width: 640, height: 480, bytesPerRow: 2560, channels: .bgra, bytes: bytes)
/// let prediction = try await model.predict(frame)
/// ```
public struct PixelBuffer: Hashable, Sendable {
  /// The channels of a pixel, in their order in memory.
  ///
  /// Alpha is dropped, not composited, as it is for files; premultiplied colours stay as they are.
  public enum Channels: String, Hashable, Sendable, CaseIterable {
    /// One byte: how bright.
    case gray
    /// Three bytes.
    case rgb, bgr
    /// Four bytes; a byte named `x` is unused.
    case rgba, bgra, argb, abgr, rgbx, bgrx

    /// The bytes of one pixel.
    public var byteCount: Int { self == .gray ? 1 : rawValue.utf8.count }

    /// Where red, green and blue are among a pixel's bytes.
    var offsets: (red: Int, green: Int, blue: Int) {
      switch self {
      case .gray: (0, 0, 0)
      case .rgb, .rgba, .rgbx: (0, 1, 2)
      case .bgr, .bgra, .bgrx: (2, 1, 0)
      case .argb: (1, 2, 3)
      case .abgr: (3, 2, 1)
      }
    }
  }

  /// The number of columns, at least 1.
  public let width: Int
  /// The number of rows, at least 1.
  public let height: Int
  /// Bytes from the start of a row to that of the next.
  public let bytesPerRow: Int
  /// The channels of a pixel, in their order in memory.
  public let channels: Channels
  /// The rows, one after the other; the last may end with its last pixel.
  public let bytes: [UInt8]

  /// Interprets bytes as pixels.
  ///
  /// - Parameters:
  ///   - width: the number of columns.
  ///   - height: the number of rows.
  ///   - bytesPerRow: bytes from the start of a row to that of the next; nil for rows without padding.
  ///   - channels: the order of the channels.
  ///   - bytes: the rows; bytes after the last pixel are ignored.
  /// - Throws: ``ImageError/emptySize(height:width:)``, ``ImageError/pixelBuffer(expected:found:)`` for fewer bytes
  ///   than the pixels take.
  public init(
    width: Int, height: Int, bytesPerRow: Int? = nil, channels: Channels, bytes: [UInt8]
  ) throws(ImageError) {
    guard width > 0, height > 0 else { throw .emptySize(height: height, width: width) }
    let (rowBytes, rowOverflow) = width.multipliedReportingOverflow(by: channels.byteCount)
    let stride = bytesPerRow ?? rowBytes
    guard !rowOverflow, stride >= rowBytes else {
      throw .pixelBuffer(
        expected: "at least \(channels.byteCount) bytes for each of \(width) pixels in a row",
        found: "\(stride)")
    }
    let (before, overflow) = stride.multipliedReportingOverflow(by: height - 1)
    guard !overflow, bytes.count >= rowBytes, bytes.count - rowBytes >= before else {
      throw .pixelBuffer(
        expected: "\(height) rows of \(stride) bytes, the last of \(rowBytes) or more",
        found: "\(bytes.count) bytes")
    }
    (self.width, self.height, self.channels) = (width, height, channels)
    (self.bytesPerRow, self.bytes) = (stride, bytes)
  }

  /// A copy of an image in another layout, without padding between the rows; alpha and unused bytes are 255.
  public init(_ bitmap: Bitmap, channels: Channels = .rgba) {
    let (source, count) = (bitmap.pixels.span, channels.byteCount)
    let places = channels.offsets
    var bytes = [UInt8](repeating: 255, count: bitmap.width * bitmap.height * count)
    for pixel in 0..<bitmap.width * bitmap.height {
      let (from, to) = (3 * pixel, count * pixel)
      let (red, green, blue) = (source[from], source[from + 1], source[from + 2])
      if channels == .gray {
        bytes[to] = Bitmap.luma(red, green, blue)
      } else {
        (bytes[to + places.red], bytes[to + places.green], bytes[to + places.blue]) = (red, green, blue)
      }
    }
    (width, height, self.channels) = (bitmap.width, bitmap.height, channels)
    (bytesPerRow, self.bytes) = (bitmap.width * count, bytes)
  }
}

extension Bitmap {
  /// The image in a buffer: the same as a file of the same pixels gives.
  ///
  /// - Complexity: O(pixels).
  public init(_ buffer: PixelBuffer) {
    let (source, step) = (buffer.bytes.span, buffer.channels.byteCount)
    let places = buffer.channels.offsets
    let pixels = [UInt8](capacity: 3 * buffer.width * buffer.height) { target in
      for row in 0..<buffer.height {
        var place = row * buffer.bytesPerRow
        for _ in 0..<buffer.width {
          target.append(source[place + places.red])
          target.append(source[place + places.green])
          target.append(source[place + places.blue])
          place += step
        }
      }
    }
    self.init(width: buffer.width, height: buffer.height, samples: pixels)
  }
}

/// A source of pixels: a ``Bitmap`` or a ``PixelBuffer``.
public protocol PixelSource: Sendable {
  /// The pixels as 8-bit RGB.
  var bitmap: Bitmap { get }
}

extension Bitmap: PixelSource {
  /// The image itself.
  public var bitmap: Bitmap { self }
}

extension PixelBuffer: PixelSource {
  /// The same as a file of the same pixels gives.
  public var bitmap: Bitmap { Bitmap(self) }
}
