internal import CHDF5
package import Tensors

/// A dataset: a tensor in the file.
package struct HDF5Dataset: Sendable {
  /// How the elements lie in the file.
  package enum Storage: Hashable, Sendable {
    /// One run of bytes.
    case contiguous(offset: Int)
    /// Inside the object's header.
    case compact
    /// In pieces, perhaps compressed.
    case chunked(extents: [Int], filters: [String])
  }

  let context: HDF5Context
  /// Absolute inside the file.
  package let path: String
  let handle: Handle
  package let shape: TensorShape
  package let scalarType: ScalarType
  package let storage: Storage

  /// The size of all elements in memory.
  package var byteCount: Int { shape.elementCount * scalarType.byteCount }

  init(context: HDF5Context, path: String, handle: Handle) throws(HDF5Error) {
    self.context = context
    self.path = path
    self.handle = handle
    let facts = try Library.run { () throws(HDF5Error) in
      try DatasetFacts(of: handle, in: context, at: path)
    }
    (shape, scalarType, storage) = (facts.shape, facts.scalarType, facts.storage)
  }

  /// Reads all elements, row-major, in this machine's byte order.
  ///
  /// `buffer` must hold exactly ``byteCount`` bytes. Nothing is allocated for contiguous datasets.
  package func read(into buffer: inout MutableRawSpan) throws(HDF5Error) {
    let place = context.place(path)
    guard buffer.byteCount == byteCount else {
      throw .wrongKind(
        place: place, expected: "a buffer of \(byteCount.grouped) bytes", found: "\(buffer.byteCount.grouped)"
      )
    }
    guard byteCount > 0 else { return }
    let status = unsafe buffer.withUnsafeMutableBytes { bytes in
      Library.run { () -> herr_t in
        guard let type = memoryType else { return -1 }
        return unsafe H5Dread(handle.identifier, type.identifier, 0, 0, 0, bytes.baseAddress)
      }
    }
    guard status >= 0 else { throw .malformed(place: place, reason: Library.run { Library.takeErrors() }) }
  }

  /// All elements as bytes of a new array.
  package func bytes() throws(HDF5Error) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: byteCount)
    var span = result.mutableSpan
    var bytes = unsafe span.mutableBytes
    try read(into: &bytes)
    return result
  }

  private var memoryType: Handle? { try? DatasetFacts.memoryType(for: scalarType, of: handle) }
}
