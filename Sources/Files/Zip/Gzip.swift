import Encoding

extension FileBytes {
  /// What a file that gzip packed (RFC 1952) unpacks to, in memory, all its members one after the other; their checksums and
  /// lengths are verified.
  ///
  /// - Parameter limit: more bytes than this are an error.
  package func gunzipped(atMost limit: Int) throws(FileError) -> FileBytes {
    var unpacked: [UInt8] = []
    let stated = try UInt32(littleEndian: bytes(at: max(0, byteCount - 4), count: min(4, byteCount))[...])
    unpacked.reserveCapacity(min(limit, Int(stated)))
    _ = try Inflater(.gzip, place: name).unpack(self) { (piece: RawSpan) throws(FileError) -> Bool in
      guard piece.byteCount <= limit - unpacked.count else {
        throw .overLimit(
          place: name, what: "bytes to unpack", limit: limit, found: unpacked.count + piece.byteCount)
      }
      unpacked.append(piece)
      return true
    }
    return FileBytes(unpacked, name: "\(name) (unpacked)")
  }
}
