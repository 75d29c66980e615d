import Files
import Foundation
import Tensors

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
  package init(path: String) throws(HDF5Error) {
    self.path = path
    var isDirectory: ObjCBool = false
    if let error = SystemError.opening(path) {
      throw .unreadable(path: path, reason: error.reasonForReaders)
    }
    _ = unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
    guard !isDirectory.boolValue else {
      (byteCount, kind) = (0, .directory)
      return
    }
    do {
      let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
      defer { try? file.close() }
      byteCount = Int(clamping: try file.seekToEnd())
      kind = try Self.kind(of: file, byteCount: byteCount)
    } catch {
      throw .unreadable(path: path, reason: error.localizedDescription)
    }
  }

  private static func kind(of file: FileHandle, byteCount: Int) throws -> Kind {
    try file.seek(toOffset: 0)
    let head = [UInt8](try file.read(upToCount: 4096) ?? Data())
    if head.isEmpty { return .empty }
    // The superblock stands at 0, or behind a user's block of 512 bytes, 1024, 2048...
    var start = 0
    while start < byteCount {
      try file.seek(toOffset: UInt64(start))
      let bytes = start == 0 ? head : [UInt8](try file.read(upToCount: 64) ?? Data())
      if let promised = Superblock.promisedByteCount(bytes) { return .hdf5(promised: promised) }
      start = start == 0 ? 512 : start * 2
    }
    return foreignKind(head, byteCount: byteCount)
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
