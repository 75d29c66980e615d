internal import CZlib

/// Unpacks DEFLATE streams (RFC 1951) piece by piece, in constant memory.
@safe final class Inflater {
  /// What stands around the stream; the numbers are zlib's.
  enum Wrapping: Int32 {
    case deflate = -15
    /// RFC 1952: any number of members, one behind the other.
    case gzip = 31
  }

  private let wrapping: Wrapping
  private let place: String
  private var stream = unsafe z_stream()
  private var piece = [UInt8](repeating: 0, count: 256 << 10)

  init(_ wrapping: Wrapping, place: String) throws(FileError) {
    (self.wrapping, self.place) = (wrapping, place)
    let size = unsafe Int32(MemoryLayout<z_stream>.size)
    let status = unsafe inflateInit2_(&stream, wrapping.rawValue, zlibVersion(), size)
    guard status == Z_OK else { throw .unreadable(path: place, reason: "there is no memory to unpack it") }
  }

  deinit { unsafe inflateEnd(&stream) }

  /// Unpacks `packed`, whole streams, and lends its contents as long as `body` returns true.
  ///
  /// - Returns: whether it always did.
  func unpack(
    _ packed: FileBytes, _ body: (RawSpan) throws(FileError) -> Bool
  ) throws(FileError) -> Bool {
    var isAtEnd = false
    let isWhole = try packed.forEachPiece { (input: RawSpan) throws(FileError) -> Bool in
      var left = input
      while left.byteCount > 0 {
        if isAtEnd {
          guard wrapping == .gzip, unsafe inflateReset(&stream) == Z_OK else {
            throw damaged("\(left.byteCount) bytes or more follow its end, none were expected")
          }
        }
        let step = advance(left)
        guard step.status == Z_OK || step.status == Z_STREAM_END || step.status == Z_BUF_ERROR,
          step.taken > 0 || step.given > 0
        else { throw damaged("its packed bytes are no DEFLATE stream (zlib: \(step.status))") }
        left = left.extracting(step.taken..<left.byteCount)
        isAtEnd = step.status == Z_STREAM_END
        guard try lend(step.given, to: body) else { return false }
      }
      return true
    }
    guard isWhole else { return false }
    return try finish(isAtEnd, body)
  }

  /// What zlib still holds when all is taken.
  private func finish(
    _ isAtEnd: Bool, _ body: (RawSpan) throws(FileError) -> Bool
  ) throws(FileError) -> Bool {
    var isAtEnd = isAtEnd
    while !isAtEnd {
      let step = [UInt8]().withRawSpan { advance($0) }
      isAtEnd = step.status == Z_STREAM_END
      guard isAtEnd || step.status == Z_OK, isAtEnd || step.given > 0 else {
        throw damaged("its packed bytes end before the stream does")
      }
      guard try lend(step.given, to: body) else { return false }
    }
    return true
  }

  private func lend(
    _ count: Int, to body: (RawSpan) throws(FileError) -> Bool
  ) throws(FileError) -> Bool {
    guard count > 0 else { return true }
    return try piece.withRawSpan { (bytes) throws(FileError) in try body(bytes.extracting(0..<count)) }
  }

  private func advance(_ packed: RawSpan) -> (status: Int32, taken: Int, given: Int) {
    unsafe packed.withUnsafeBytes { source in
      unsafe piece.withUnsafeMutableBufferPointer { target in
        unsafe stream.next_in = UnsafeMutablePointer(
          mutating: source.baseAddress?.assumingMemoryBound(to: UInt8.self))
        unsafe (stream.avail_in, stream.avail_out) = (UInt32(source.count), UInt32(target.count))
        unsafe stream.next_out = target.baseAddress
        let status = unsafe inflate(&stream, Z_NO_FLUSH)
        let (left, room) = unsafe (Int(stream.avail_in), Int(stream.avail_out))
        unsafe (stream.next_in, stream.next_out) = (nil, nil)
        return (status, source.count - left, target.count - room)
      }
    }
  }

  private func damaged(_ reason: String) -> FileError { .damaged(place: place, reason: reason) }
}
