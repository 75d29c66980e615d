import CImages

extension Bitmap {
  /// The image as a PNG file's bytes: 8-bit RGB, not interlaced, without time stamp; the same image gives the
  /// same bytes with the same libpng and zlib.
  public func png() throws(ImageError) -> [UInt8] {
    var encoded: UnsafeMutablePointer<UInt8>?
    var count = 0
    var message = [CChar](repeating: 0, count: Int(cimages_message_size))
    let status = unsafe pixels.withUnsafeBufferPointer {
      unsafe cimages_png_encode(
        $0.baseAddress, UInt32(width), UInt32(height), &encoded, &count, &message)
    }
    guard status == cimages_done, let bytes = unsafe encoded else {
      let reason = String(decoding: message.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
      throw .unwritable(reason: reason)
    }
    defer { unsafe cimages_free(bytes) }
    return unsafe Array(UnsafeBufferPointer(start: bytes, count: count))
  }
}
