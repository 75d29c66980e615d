package import Tensors

/// A dataset: a tensor in the file.
package struct HDF5Dataset: HDF5Object {
  /// How the elements lie in the file.
  package enum Storage: Hashable, Sendable {
    /// One run of bytes.
    case contiguous(offset: Int)
    /// Inside the object's header.
    case compact
    /// In pieces, perhaps compressed.
    case chunked(extents: [Int], filters: [String])
    /// Nowhere: nothing was ever written, and all elements have the same value.
    case unwritten
  }

  package let location: HDF5Location
  private let facts: DatasetFacts

  package var shape: TensorShape { facts.shape }
  package var scalarType: ScalarType { facts.scalarType }
  /// Whether the file says nothing of its elements but their size, and ``scalarType`` is what they were taken for.
  package var hasAssumedType: Bool { facts.hasAssumedType }
  package var storage: Storage { facts.storage(base: location.context.space.base) }
  /// The size of all elements in memory.
  package var byteCount: Int { facts.byteCount }

  init(location: HDF5Location, opaqueAs type: ScalarType?) throws(HDF5Error) {
    self.location = location
    let (node, context) = (location.node, location.context)
    facts = try locating(context.place(location.path)) { () throws(FormatError) in
      if let known = node.memo.withLock({ $0.dataset }) { return try known.assuming(type) }
      let facts = try DatasetFacts(node.header, node.attributes, opaqueAs: type, in: context.space)
      node.memo.withLock { $0.dataset = facts }
      return facts
    }
  }

  /// Reads all elements, row-major, in this machine's byte order.
  ///
  /// `buffer` must hold exactly ``byteCount`` bytes. Nothing is allocated for contiguous datasets, whose bytes go from the
  /// file straight to the buffer; for others what a chunk takes, packed and unpacked.
  package func read(into buffer: inout MutableRawSpan) throws(HDF5Error) {
    let place = location.context.place(path)
    guard buffer.byteCount == byteCount else {
      throw .wrongKind(
        place: place, expected: "a buffer of \(byteCount.grouped) bytes", found: "\(buffer.byteCount.grouped)"
      )
    }
    guard byteCount > 0 else { return }
    do throws(FormatError) { try readElements(into: &buffer) } catch { throw error.located(at: place) }
  }

  /// All elements as bytes of a new array.
  package func bytes() throws(HDF5Error) -> [UInt8] {
    try [UInt8](count: byteCount) { (bytes) throws(HDF5Error) in try read(into: &bytes) }
  }

  private func readElements(into buffer: inout MutableRawSpan) throws(FormatError) {
    let space = location.context.space
    switch facts.elements {
    case .contiguous(let address): try space.readElements(at: address, into: &buffer)
    case .compact(let bytes): buffer.write(bytes, at: 0)
    case .unwritten(let fill): buffer.fill(with: fill)
    case .chunked(let grid, let list, let pipeline, let fill):
      if list.chunks.count < grid.chunkCount { buffer.fill(with: fill) }
      let unpacking = Unpacking(pipeline, chunkByteCount: grid.chunkByteCount)
      for chunk in list.chunks {
        let stored = try space.elements(at: chunk.address, count: chunk.byteCount)
        grid.scatter(try unpacking.chunk(stored, mask: chunk.mask), of: chunk.number, into: &buffer)
      }
    }
    if facts.datatype.isBigEndian != Self.isMachineBigEndian {
      buffer.reverseBytes(ofElementsOf: scalarType.byteCount)
    }
  }

  private static let isMachineBigEndian = UInt16(bigEndian: 1) == 1
}
