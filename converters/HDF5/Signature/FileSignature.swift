internal import Foundation
internal import Tensors

/// What a file is by its first bytes, found without any library: the answer to most failed conversions.
package struct FileSignature: Hashable, Sendable {
  /// What the bytes show.
  package enum Kind: Hashable, Sendable {
    /// `promised` is the end-of-file address of the superblock: how long the whole file is.
    case hdf5(promised: Int)
    case safetensors(headerByteCount: Int)
    /// Git LFS left a note where the file should be.
    case gitLFSPointer(oid: String, size: Int?)
    case html
    case zip(isKeras: Bool)
    case gzip
    case json
    case text(firstLine: String)
    case empty
    case directory
    /// Something else that is known, in words.
    case foreign(String)
    case unknown(firstBytes: [UInt8])
  }

  package let path: String
  package let byteCount: Int
  package let kind: Kind

  /// Looks at the file at `path`: its length and at most its first few kilobytes.
  package init(path: String) throws(HDF5Error) { try self.init(ByteSource(path: path), path: path) }

  /// Looks at a file that lies in memory.
  package init(bytes: [UInt8], name: String) throws(HDF5Error) {
    try self.init(ByteSource(bytes: bytes, name: name), path: name)
  }

  /// Looks at what was opened; nothing stands for a folder.
  init(_ source: ByteSource?, path: String) throws(HDF5Error) {
    self.path = path
    byteCount = source?.byteCount ?? 0
    kind = try locating(path) { () throws(FormatError) in
      if let source { try Self.kind(of: source) } else { .directory }
    }
  }

  private static func kind(of source: ByteSource) throws(FormatError) -> Kind {
    let head = try source.bytes(at: 0, count: min(4096, source.byteCount))
    if head.isEmpty { return .empty }
    for offset in Superblock.places(fileByteCount: source.byteCount) {
      let count = min(Superblock.largestByteCount, source.byteCount - offset)
      if let promised = Superblock.promisedByteCount(try source.bytes(at: offset, count: count), at: offset) {
        return .hdf5(promised: promised)
      }
    }
    return foreignKind(head, byteCount: source.byteCount)
  }

  private static func foreignKind(_ head: [UInt8], byteCount: Int) -> Kind {
    if head.starts(with: [0x50, 0x4B, 0x03, 0x04]) {
      return .zip(isKeras: head.firstRange(of: Array("config.json".utf8)) != nil || isKerasMember(head))
    }
    if head.starts(with: [0x1F, 0x8B]) { return .gzip }
    if let length = safetensorsHeader(head, byteCount: byteCount) {
      return .safetensors(headerByteCount: length)
    }
    if let name = ForeignFormat.name(ofFileBeginning: head) { return .foreign(name) }
    return TextSignature(head)?.kind ?? .unknown(firstBytes: Array(head.prefix(8)))
  }

  private static func isKerasMember(_ head: [UInt8]) -> Bool {
    head.firstRange(of: Array("metadata.json".utf8)) != nil
      || head.firstRange(of: Array("model.weights.h5".utf8)) != nil
  }

  private static func safetensorsHeader(_ head: [UInt8], byteCount: Int) -> Int? {
    guard head.count > 9, head[8] == UInt8(ascii: "{") else { return nil }
    let length = head.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard let count = Int(exactly: length), count >= 2, count <= byteCount - 8 else { return nil }
    return count
  }
}
