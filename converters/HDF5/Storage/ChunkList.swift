internal import Tensors

/// A chunk that was written.
struct Chunk: Sendable {
  /// Row-major in the grid.
  let number: Int
  let address: Int
  /// As it is stored.
  let byteCount: Int
  /// A bit for every filter that was not applied.
  let mask: UInt32
}

/// The chunks of a dataset that were written, in the order of the grid: each once, and together no larger than the file.
struct ChunkList: Sendable {
  private(set) var chunks: [Chunk] = []
  private(set) var storedByteCount = 0
  private let grid: ChunkGrid
  private let pipeline: FilterPipeline
  private let space: AddressSpace

  init(
    _ index: ChunkIndex, _ grid: ChunkGrid, _ maximumExtents: [Int?], _ pipeline: FilterPipeline,
    in space: AddressSpace
  ) throws(FormatError) {
    (self.grid, self.pipeline, self.space) = (grid, pipeline, space)
    guard grid.chunkCount > 0 else { return }
    switch index {
    case .bTree1(let root?): try readBTree1(root)
    case .single(let address?, let packed): try readSingle(address, packed)
    case .implicit(let address?): try readImplicit(address, ArrayOrder(grid, maximumExtents))
    case .fixedArray(let address?):
      let order = try ArrayOrder(grid, maximumExtents)
      try FixedArray(at: address, in: space).forEachElement { (index, element) throws(FormatError) in
        try add(element, number: order.number(of: index))
      }
    case .extensibleArray(let address?):
      let order = try ArrayOrder(grid, maximumExtents)
      try ExtensibleArray(at: address, in: space).forEachElement { (index, element) throws(FormatError) in
        try add(element, number: order.number(of: index))
      }
    case .bTree2(let address?): try readBTree2(address)
    default: break
    }
    // Arrays of chunks have an order of their own.
    chunks.sort { $0.number < $1.number }
  }

  private mutating func readBTree1(_ root: Int) throws(FormatError) {
    let axes = grid.shape.count
    try BTree1.forEachChunk(at: root, axes: axes + 1, in: space) { (key, address) throws(FormatError) in
      var key = key
      let byteCount = try key.integer(4)
      let mask = UInt32(try key.unsigned(4))
      var place: [Int] = []
      for axis in 0..<axes {
        let (position, rest) = try key.integer(8).quotientAndRemainder(dividingBy: grid.chunk[axis])
        guard rest == 0 else { throw key.damaged("a chunk that begins inside another") }
        place.append(position)
      }
      guard try key.integer(8) == 0 else { throw key.damaged("a chunk that begins inside an element") }
      try addInOrder(address, byteCount, mask, at: place)
    }
  }

  private mutating func readBTree2(_ address: Int) throws(FormatError) {
    let axes = grid.shape.count
    let isPacked = !pipeline.filters.isEmpty
    let tree = try BTree2(at: address, type: isPacked ? 11 : 10, in: space)
    try tree.forEachRecord { (record) throws(FormatError) in
      var record = record
      let address = try record.requiredAddress()
      var (byteCount, mask) = (grid.chunkByteCount, UInt32(0))
      if isPacked {
        byteCount = try record.integer(record.remaining - 4 - 8 * axes)
        mask = UInt32(try record.unsigned(4))
      }
      var place: [Int] = []
      for _ in 0..<axes { place.append(try record.integer(8)) }
      try addInOrder(address, byteCount, mask, at: place)
    }
  }

  private mutating func readSingle(_ address: Int, _ packed: (byteCount: Int, mask: UInt32)?)
    throws(FormatError)
  {
    guard grid.chunkCount == 1 else {
      throw .damaged("one chunk for a dataset of \(grid.chunkCount.grouped)")
    }
    try append(
      Chunk(
        number: 0, address: address, byteCount: packed?.byteCount ?? grid.chunkByteCount,
        mask: packed?.mask ?? 0))
  }

  private mutating func readImplicit(_ address: Int, _ order: ArrayOrder) throws(FormatError) {
    guard pipeline.filters.isEmpty else { throw .damaged("packed chunks without sizes") }
    for number in 0..<grid.chunkCount {
      let (distance, overflow) = order.index(of: grid.place(of: number)).multipliedReportingOverflow(
        by: grid.chunkByteCount)
      let (place, beyond) = address.addingReportingOverflow(distance)
      guard !overflow, !beyond else { throw .damaged("chunks that lie beyond the end of the file") }
      try append(Chunk(number: number, address: place, byteCount: grid.chunkByteCount, mask: 0))
    }
  }

  /// Adds what an array of chunks says of one; nothing where there is none or where the dataset does not reach.
  private mutating func add(_ element: Cursor, number: Int?) throws(FormatError) {
    var fields = element
    guard let address = try fields.optionalAddress(), let number else { return }
    var (byteCount, mask) = (grid.chunkByteCount, UInt32(0))
    if !pipeline.filters.isEmpty {
      byteCount = try fields.integer(fields.remaining - 4)
      mask = UInt32(try fields.unsigned(4))
    }
    try append(Chunk(number: number, address: address, byteCount: byteCount, mask: mask))
  }

  /// Adds a chunk of a tree, which has them in the grid's order: no chunk is there twice.
  private mutating func addInOrder(
    _ address: Int, _ byteCount: Int, _ mask: UInt32, at place: [Int]
  ) throws(FormatError) {
    guard let number = grid.number(of: place) else {
      throw .damaged("a chunk at \(place) of a grid of \(grid.counts)")
    }
    guard number > chunks.last?.number ?? -1 else { throw .damaged("the chunk at \(place) is out of order") }
    try append(Chunk(number: number, address: address, byteCount: byteCount, mask: mask))
  }

  private mutating func append(_ chunk: Chunk) throws(FormatError) {
    guard !pipeline.filters.isEmpty || chunk.byteCount == grid.chunkByteCount else {
      throw .damaged(
        "a chunk of \(grid.chunkByteCount.grouped) bytes is stored in \(chunk.byteCount.grouped)")
    }
    try space.require(chunk.byteCount, at: chunk.address, "chunk")
    try space.ledger.charge(MemoryLayout<Chunk>.stride)
    storedByteCount += chunk.byteCount
    guard storedByteCount <= space.end else {
      throw .beyond(what: "stored bytes of a dataset", limit: space.end, found: storedByteCount)
    }
    chunks.append(chunk)
  }
}

/// The order in which an array lists chunks: row-major over all the dataset may ever have, the one axis without bounds
/// first.
struct ArrayOrder {
  private let grid: ChunkGrid
  /// The axes, outermost first.
  private let axes: [Int]
  /// Chunks along each of them; 1 stands in for the boundless one.
  private let counts: [Int]

  init(_ grid: ChunkGrid, _ maximumExtents: [Int?]) throws(FormatError) {
    self.grid = grid
    let limits = maximumExtents.isEmpty ? grid.shape.map(Optional.some) : maximumExtents
    let boundless = limits.indices.filter { limits[$0] == nil }
    guard boundless.count <= 1 else { throw .damaged("an array of chunks for a dataset without bounds") }
    axes = boundless + limits.indices.filter { limits[$0] != nil }
    counts = axes.map { axis in limits[axis].map { ($0 - 1) / grid.chunk[axis] + 1 } ?? 1 }
    guard TensorShape(validating: counts) != nil else {
      throw .beyond(what: "chunks of a dataset", limit: Int.max, found: Int.max)
    }
  }

  /// The chunk's number in the grid; nil when the dataset does not reach so far today.
  func number(of index: Int) -> Int? {
    var rest = index
    var place = grid.counts
    for (position, axis) in axes.enumerated().dropFirst().reversed() {
      place[axis] = rest % counts[position]
      rest /= counts[position]
    }
    place[axes[0]] = rest
    return grid.number(of: place)
  }

  /// Where the array has the chunk at that place of the grid; so far into the array that it cannot be, if that leaves
  /// `Int`.
  func index(of place: [Int]) -> Int {
    var index = 0
    for (position, axis) in axes.enumerated() {
      let (product, overflow) = index.multipliedReportingOverflow(by: counts[position])
      let (sum, beyond) = product.addingReportingOverflow(place[axis])
      guard !overflow, !beyond else { return .max }
      index = sum
    }
    return index
  }
}
