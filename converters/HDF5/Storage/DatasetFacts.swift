internal import Tensors

/// What a dataset claims to be, believed only as far as the file's size allows.
struct DatasetFacts: Sendable {
  let shape: TensorShape
  let datatype: Datatype
  let scalarType: ScalarType
  /// Whether that is what a reader takes opaque elements for.
  let hasAssumedType: Bool
  let byteCount: Int
  let elements: Elements

  /// Where the elements are.
  enum Elements: Sendable {
    case contiguous(address: Int)
    case compact(ArraySlice<UInt8>)
    case chunked(ChunkGrid, ChunkList, FilterPipeline, fill: [UInt8]?)
    /// None was written: all have one value; nil for zero.
    case unwritten(fill: [UInt8]?)
  }

  /// - Parameter type: what opaque elements of its size are taken for; nil refuses them.
  init(
    _ header: ObjectHeader, _ attributes: AttributeTable, opaqueAs type: ScalarType?, in space: AddressSpace
  ) throws(FormatError) {
    guard header.first(.externalFiles) == nil else {
      throw .refused("a dataset whose elements lie in other files")
    }
    let layout = try DataLayout(try Self.message(.dataLayout, header, in: space))
    datatype = try Datatype(try Self.message(.datatype, header, in: space))
    let noted = datatype.scalarType == nil ? try Self.notedType(datatype, attributes, in: space) : nil
    let told = datatype.scalarType ?? noted
    guard let scalarType = told ?? Self.assumedType(datatype, type) else { throw Self.noNumbers(datatype) }
    self.scalarType = scalarType
    hasAssumedType = told == nil
    let dataspace = try Dataspace(try Self.message(.dataspace, header, in: space))
    shape = try Self.shape(dataspace, in: space)
    let (bytes, overflow) = shape.elementCount.multipliedReportingOverflow(by: scalarType.byteCount)
    byteCount = overflow ? .max : bytes
    let claim = Claim(
      shape: shape, byteCount: byteCount, maximumExtents: dataspace.maximumExtents, header: header,
      space: space)
    elements = try claim.elements(layout, elementByteCount: scalarType.byteCount)
  }

  private static func message(
    _ kind: MessageKind, _ header: ObjectHeader, in space: AddressSpace
  ) throws(FormatError) -> Cursor {
    guard let message = header.first(kind) else { throw .damaged("a dataset without its \(kind)") }
    return try message.resolved(in: space)
  }

  /// NumPy has no bfloat16: Keras writes such numbers as 2 bytes of no meaning, and notes in an attribute what they are.
  private static func notedType(
    _ datatype: Datatype, _ attributes: AttributeTable, in space: AddressSpace
  ) throws(FormatError) -> ScalarType? {
    guard datatype.typeClass == .opaque, datatype.byteCount == 2, let message = attributes["dtype"] else {
      return nil
    }
    return try OpenAttribute(message, in: space).strings() == ["bfloat16"] ? .bfloat16 : nil
  }

  private static func assumedType(_ datatype: Datatype, _ type: ScalarType?) -> ScalarType? {
    type.flatMap { datatype.typeClass == .opaque && datatype.byteCount == $0.byteCount ? $0 : nil }
  }

  private static func noNumbers(_ datatype: Datatype) -> FormatError {
    .wrongKind(
      expected: "floating-point numbers of 2, 4 or 8 bytes, integers or truth values",
      found: datatype.description)
  }

  /// The same for a reader who takes opaque elements for `type`.
  func assuming(_ type: ScalarType?) throws(FormatError) -> DatasetFacts {
    guard !hasAssumedType || type == scalarType else { throw Self.noNumbers(datatype) }
    return self
  }

  private static func shape(_ dataspace: Dataspace, in space: AddressSpace) throws(FormatError) -> TensorShape
  {
    guard let extents = dataspace.extents else {
      throw .wrongKind(expected: "a dataset with elements", found: "one without an extent")
    }
    guard extents.count <= space.limits.rank else {
      throw .beyond(what: "axes of a dataset", limit: space.limits.rank, found: extents.count)
    }
    guard let shape = TensorShape(validating: extents) else {
      throw .beyond(what: "elements of a dataset", limit: space.end, found: .max)
    }
    return shape
  }

  /// How the elements lie, in words for others.
  func storage(base: Int) -> HDF5Dataset.Storage {
    switch elements {
    case .contiguous(let address): .contiguous(offset: base + address)
    case .compact: .compact
    case .chunked(let grid, _, let pipeline, _): .chunked(extents: grid.chunk, filters: pipeline.names)
    case .unwritten: .unwritten
    }
  }
}

/// A dataset's storage against its shape: what cannot be true is refused before memory is taken.
private struct Claim {
  let shape: TensorShape
  let byteCount: Int
  let maximumExtents: [Int?]
  let header: ObjectHeader
  let space: AddressSpace

  func elements(_ layout: DataLayout, elementByteCount: Int) throws(FormatError) -> DatasetFacts.Elements {
    switch layout {
    case .compact(let bytes):
      guard bytes.count == byteCount else {
        throw .damaged("\(shape) promises \(byteCount.grouped) bytes, \(bytes.count.grouped) are there")
      }
      return .compact(bytes)
    case .contiguous(let address?, let stored):
      guard stored == nil || stored == byteCount else {
        throw .damaged("\(shape) promises \(byteCount.grouped) bytes, \(stored?.grouped ?? "none") are there")
      }
      try require(byteCount, atMost: max(0, space.end - address))
      return .contiguous(address: address)
    case .contiguous(nil, _):
      try require(byteCount, atMost: unwrittenByteCount)
      return .unwritten(fill: try fillValue(elementByteCount))
    case .chunked(let extents, let count, let index):
      guard count == elementByteCount else {
        throw .damaged("chunks of elements of \(count) bytes, which have \(elementByteCount)")
      }
      return try chunked(
        try ChunkGrid(shape: shape.dimensions, chunk: extents, elementByteCount: elementByteCount), index)
    }
  }

  private func chunked(_ grid: ChunkGrid, _ index: ChunkIndex) throws(FormatError) -> DatasetFacts.Elements {
    let message = try header.first(.filterPipeline).map { (message) throws(FormatError) in
      try message.resolved(in: space)
    }
    let pipeline =
      try message.map { (body) throws(FormatError) in try FilterPipeline(body) } ?? FilterPipeline()
    // A chunk may be larger than a small dataset, but not by much.
    let largest = min(space.limits.chunkByteCount, max(byteCount, space.limits.smallDatasetByteCount))
    guard grid.chunkByteCount <= largest else {
      throw .beyond(what: "bytes of one chunk", limit: largest, found: grid.chunkByteCount)
    }
    let list = try ChunkList(index, grid, maximumExtents, pipeline, in: space)
    try requireJustified(list, grid, pipeline)
    let isWhole = list.chunks.count == grid.chunkCount
    return .chunked(grid, list, pipeline, fill: isWhole ? nil : try fillValue(grid.elementByteCount))
  }

  /// Throws when what is stored cannot be so many elements.
  private func requireJustified(
    _ list: ChunkList, _ grid: ChunkGrid, _ pipeline: FilterPipeline
  ) throws(FormatError) {
    let ratio = pipeline.isCompressed ? space.limits.largestDeflateRatio : 1
    let (unpacked, overflow) = list.storedByteCount.multipliedReportingOverflow(by: ratio)
    let (bound, beyond) = unpacked.addingReportingOverflow(unwrittenByteCount)
    try require(byteCount, atMost: overflow || beyond ? .max : bound)
    // Chunks that stick out far have to be unpacked, too.
    let work = list.chunks.count.multipliedReportingOverflow(by: grid.chunkByteCount)
    let allowed =
      4 * (min(byteCount, .max / 16) + min(space.end, .max / 16)) + 4 * space.limits.smallDatasetByteCount
    guard !work.overflow, work.partialValue <= allowed else {
      throw .beyond(
        what: "bytes of all chunks", limit: allowed, found: work.overflow ? .max : work.partialValue)
    }
  }

  /// How many bytes of elements may be there that were never written.
  private var unwrittenByteCount: Int { max(space.end, 1 << 20) }

  private func fillValue(_ elementByteCount: Int) throws(FormatError) -> [UInt8]? {
    guard byteCount > 0 else { return nil }
    let fill = try FillValue(header, elementByteCount: elementByteCount, in: space)
    guard fill.isDefined else {
      throw .damaged("\(shape) promises \(byteCount.grouped) bytes, not all of which were ever written")
    }
    return fill.bytes
  }

  private func require(_ found: Int, atMost limit: Int) throws(FormatError) {
    guard found <= limit else {
      throw .beyond(what: "bytes of a dataset of shape \(shape)", limit: limit, found: found)
    }
  }
}
