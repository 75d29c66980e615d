internal import CHDF5
internal import Tensors

/// A dataset's storage against its shape: what cannot be true is refused before memory is taken.
struct Claim {
  let handle: Handle
  let creation: Handle
  let shape: TensorShape
  let scalarType: ScalarType
  let byteCount: Int

  func storage(in context: HDF5Context, at path: String) throws(HDF5Error) -> HDF5Dataset.Storage {
    switch H5Pget_layout(creation.identifier) {
    case H5D_CONTIGUOUS: return try contiguous(in: context, at: path)
    case H5D_COMPACT:
      try context.require(byteCount, atMost: context.byteCount, "bytes of a dataset", at: path)
      return .compact
    case H5D_CHUNKED: return try chunked(in: context, at: path)
    default: throw .refused(place: context.place(path), what: "a storage layout we do not know")
    }
  }

  private func contiguous(in context: HDF5Context, at path: String) throws(HDF5Error) -> HDF5Dataset.Storage {
    guard byteCount > 0 else { return .contiguous(offset: 0) }
    let address = H5Dget_offset(handle.identifier)
    guard address != chdf5_no_address() else {
      throw .malformed(
        place: context.place(path),
        reason: "\(shape) promises \(byteCount.grouped) bytes, none was ever written")
    }
    let offset = Int(clamping: address)
    try context.require(
      byteCount, atMost: max(0, context.byteCount - offset), "bytes of a dataset of shape \(shape)", at: path)
    return .contiguous(offset: offset)
  }

  private func chunked(in context: HDF5Context, at path: String) throws(HDF5Error) -> HDF5Dataset.Storage {
    let filters = try filterNames(place: context.place(path))
    let stored = Int(clamping: H5Dget_storage_size(handle.identifier))
    try context.require(stored, atMost: context.byteCount, "stored bytes of a dataset", at: path)
    let ratio = filters.contains("deflate") ? context.limits.largestDeflateRatio : 1
    let (bound, overflow) = stored.multipliedReportingOverflow(by: ratio)
    try context.require(
      byteCount, atMost: overflow ? .max : bound, "bytes of a dataset of shape \(shape)", at: path)
    var extents = [hsize_t](repeating: 0, count: shape.rank)
    let rank = unsafe H5Pget_chunk(creation.identifier, Int32(shape.rank), &extents)
    guard Int(rank) == shape.rank, let chunk = TensorShape(validating: extents.map { Int(clamping: $0) })
    else {
      throw .malformed(place: context.place(path), reason: "chunks without a believable extent")
    }
    let (chunkBytes, tooLarge) = chunk.elementCount.multipliedReportingOverflow(by: scalarType.byteCount)
    let limit = min(context.limits.chunkByteCount, overflow ? .max : bound)
    try context.require(tooLarge ? .max : chunkBytes, atMost: limit, "bytes of one chunk", at: path)
    return .chunked(extents: chunk.dimensions, filters: filters)
  }

  /// The filters, all of which must be ones that every build of the library has and whose output is bounded.
  private func filterNames(place: String) throws(HDF5Error) -> [String] {
    let known: [Int32: String] = [1: "deflate", 2: "shuffle", 3: "fletcher32"]
    let count = H5Pget_nfilters(creation.identifier)
    guard (0...8).contains(count) else {
      throw .malformed(place: place, reason: "\(count) filters on one dataset")
    }
    var names: [String] = []
    for index in 0..<UInt32(count) {
      let identifier = chdf5_filter(creation.identifier, index)
      guard let name = known[identifier] else {
        throw .refused(place: place, what: "a dataset packed by filter \(identifier)")
      }
      names.append(name)
    }
    guard names.filter({ $0 == "deflate" }).count <= 1 else {
      throw .refused(place: place, what: "a dataset compressed more than once")
    }
    return names
  }
}
