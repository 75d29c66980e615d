internal import Synchronization

/// The file as its structures see it: addresses count from the superblock, nothing lies beyond the end it states,
/// and every structure read is counted.
final class AddressSpace: Sendable {
  let limits: HDF5Limits
  let sizes: FieldSizes
  let ledger: Ledger
  private let source: ByteSource
  /// Where address 0 is in the file.
  let base: Int
  /// The first address that is not in the file.
  let end: Int
  private let heaps = Mutex<[Int: GlobalHeap]>([:])

  init(_ source: ByteSource, _ superblock: Superblock, limits: HDF5Limits) {
    (self.source, self.limits, sizes, base) = (source, limits, superblock.sizes, superblock.base)
    end = min(superblock.end, source.byteCount) - superblock.base
    ledger = Ledger(fileByteCount: source.byteCount)
  }

  /// The `count` bytes at `address`, to be read as a structure.
  func structure(_ what: StaticString, at address: Int, count: Int) throws(FormatError) -> Cursor {
    try require(count, at: address, what)
    try ledger.charge(count)
    let bytes = try source.bytes(at: base + address, count: count)
    return Cursor(bytes[...], what, at: address, sizes: sizes)
  }

  /// The same of a structure whose last 4 of `count` bytes are its checksum, which are left out.
  func sealedStructure(_ what: StaticString, at address: Int, count: Int) throws(FormatError) -> Cursor {
    var whole = try structure(what, at: address, count: count)
    return try whole.sealed()
  }

  /// The `count` bytes of elements at `address`.
  func elements(at address: Int, count: Int) throws(FormatError) -> [UInt8] {
    try require(count, at: address, "chunk")
    return try source.bytes(at: base + address, count: count)
  }

  /// Fills `target` with the elements at `address`.
  func readElements(at address: Int, into target: inout MutableRawSpan) throws(FormatError) {
    try require(target.byteCount, at: address, "run of elements")
    try source.read(at: base + address, into: &target)
  }

  /// Throws unless `count` bytes from `address` on are in the file.
  func require(_ count: Int, at address: Int, _ what: StaticString) throws(FormatError) {
    guard address >= 0, count >= 0, address <= end, count <= end - address else {
      throw .damaged(
        "the \(what) at byte \(address.grouped) has \(count.grouped) bytes, which lie beyond the end of the file"
      )
    }
  }

  /// The global heap at `address`, read once.
  func globalHeap(at address: Int) throws(FormatError) -> GlobalHeap {
    if let known = heaps.withLock({ $0[address] }) { return known }
    let heap = try GlobalHeap(at: address, in: self)
    heaps.withLock { $0[address] = heap }
    return heap
  }
}
