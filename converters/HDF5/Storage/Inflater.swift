internal import CZlib

/// Unpacks zlib streams into no more memory than is allowed for each.
@safe final class Inflater {
  private var stream = unsafe z_stream()
  private var isReady = false

  deinit { if isReady { unsafe inflateEnd(&stream) } }

  /// The bytes of the stream in `packed`, which must end there; more than `limit` are an error.
  func inflate(_ packed: [UInt8], atMost limit: Int) throws(FormatError) -> [UInt8] {
    try prepare()
    guard let capacity = UInt32(exactly: limit), let available = UInt32(exactly: packed.count) else {
      throw .beyond(what: "bytes of a chunk", limit: Int(UInt32.max), found: max(limit, packed.count))
    }
    // A byte more, to see whether more comes.
    return try unsafe [UInt8](unsafeUninitializedCapacity: limit + 1) { target, count throws(FormatError) in
      let status = unsafe packed.withUnsafeBufferPointer { source in
        unsafe stream.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
        unsafe stream.avail_in = available
        unsafe stream.next_out = target.baseAddress
        unsafe stream.avail_out = capacity &+ 1
        return unsafe CZlib.inflate(&stream, Z_FINISH)
      }
      count = unsafe limit + 1 - Int(stream.avail_out)
      guard count <= limit else {
        throw .damaged("a compressed chunk unpacks to more than \(limit.grouped) bytes")
      }
      guard status == Z_STREAM_END else { throw .damaged("a compressed chunk is broken (zlib: \(status))") }
    }
  }

  private func prepare() throws(FormatError) {
    let status =
      isReady
      ? unsafe inflateReset(&stream)
      : unsafe inflateInit_(&stream, zlibVersion(), Int32(MemoryLayout<z_stream>.size))
    guard status == Z_OK else { throw .damaged("zlib has no memory") }
    isReady = true
  }
}
