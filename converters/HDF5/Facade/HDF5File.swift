package import Files
internal import Synchronization
internal import Tensors

/// An HDF5 file open for reading, on a disk or in memory.
///
/// Nothing outside the file is ever reached: no external or soft links, no external storage, no virtual datasets. What the
/// file says of itself is checked before it is believed: every place and length against the file, every structure read
/// once, the work and the memory of all together against the file's size. A file that another program changes meanwhile
/// gives an error or other numbers, never a crash. Safe to use from several threads.
package struct HDF5File: Sendable {
  package let path: String
  /// The file's real length.
  package let byteCount: Int
  package let root: HDF5Group

  /// Opens the file at `path` after a look at its first bytes: what is no HDF5 file and what was cut short is told.
  package init(path: String, limits: HDF5Limits = .standard) throws(HDF5Error) {
    let bytes: FileBytes
    do throws(FileError) { bytes = try FileBytes(path: path) } catch {
      guard !FileFacts.isFolder(path) else {
        throw .notHDF5(path: path, finding: FileFacts(folder: path).explanation)
      }
      guard case .unreadable(_, let reason) = error else {
        throw .unreadable(path: path, reason: error.description)
      }
      throw .unreadable(path: path, reason: reason)
    }
    try self.init(bytes, limits: limits)
  }

  /// Opens a file that lies in memory or is part of another, under the name that its bytes have.
  package init(_ bytes: FileBytes, limits: HDF5Limits = .standard) throws(HDF5Error) {
    try self.init(ByteSource(bytes), limits)
  }

  /// Opens a file that lies in memory.
  ///
  /// - Parameter name: what errors call it.
  package init(bytes: [UInt8], name: String, limits: HDF5Limits = .standard) throws(HDF5Error) {
    try self.init(FileBytes(bytes, name: name), limits: limits)
  }

  private init(_ source: ByteSource, _ limits: HDF5Limits) throws(HDF5Error) {
    (path, byteCount) = (source.name, source.byteCount)
    try Self.requireWhole(source)
    root = try locating(source.name) { () throws(FormatError) in
      let superblock = try Superblock.find(in: source, verifiesChecksums: limits.verifiesChecksums)
      let space = AddressSpace(source, superblock, limits: limits)
      if let address = superblock.extensionAddress {
        let header = try ObjectHeader(at: address, in: space)
        guard header.first(.cacheImage) == nil else {
          throw .refused("a file whose structures were saved as one image")
        }
      }
      let context = HDF5Context(space, path: source.name)
      let node = try context.node(at: superblock.root)
      guard node.kind == .group else { throw .damaged("its root is not a group") }
      return HDF5Group(location: HDF5Location(context: context, path: "/", node: node))
    }
  }

  /// Throws unless the bytes are HDF5 and as many as they say.
  private static func requireWhole(_ source: ByteSource) throws(HDF5Error) {
    let facts = try locating(source.name) { () throws(FormatError) in
      try FileFacts(path: source.name, byteCount: source.byteCount) { (offset, count) throws(FormatError) in
        try source.bytes(at: offset, count: count)
      }
    }
    guard case .hdf5(let promised) = facts.kind else {
      throw .notHDF5(path: source.name, finding: facts.explanation)
    }
    guard promised <= source.byteCount else {
      throw .truncated(path: source.name, promised: promised, found: source.byteCount)
    }
  }
}

/// What everything in one file shares.
final class HDF5Context: Sendable {
  let path: String
  let space: AddressSpace
  private let nodes = Mutex<[Int: ObjectNode]>([:])

  init(_ space: AddressSpace, path: String) { (self.space, self.path) = (space, path) }

  var limits: HDF5Limits { space.limits }

  /// The object with its header at `address`, read once.
  func node(at address: Int) throws(FormatError) -> ObjectNode {
    if let known = nodes.withLock({ $0[address] }) { return known }
    let node = try ObjectNode(at: address, in: space)
    nodes.withLock { $0[address] = node }
    return node
  }

  /// Where in which file: `weights.h5 /conv1/kernel:0`.
  func place(_ inside: String) -> String { "\(path) \(inside)" }

  /// Throws when `found` is beyond `limit`.
  func require(_ found: Int, atMost limit: Int, _ what: String, at inside: String) throws(HDF5Error) {
    guard found <= limit else {
      throw .limitExceeded(place: place(inside), what: what, limit: limit, found: found)
    }
  }
}

/// Where an object is: in which file, by which name.
package struct HDF5Location: Sendable {
  let context: HDF5Context
  /// Absolute inside the file.
  let path: String
  let node: ObjectNode
}
