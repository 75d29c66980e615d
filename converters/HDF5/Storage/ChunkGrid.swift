internal import Tensors

/// How chunks of one shape cover a dataset; those at its far edges stick out.
struct ChunkGrid: Sendable {
  /// The dataset's extents.
  let shape: [Int]
  /// The extents of a chunk.
  let chunk: [Int]
  /// How many chunks there are along each axis.
  let counts: [Int]
  /// The product of ``counts``.
  let chunkCount: Int
  /// Bytes of one chunk, unpacked.
  let chunkByteCount: Int
  let elementByteCount: Int

  init(shape: [Int], chunk: [Int], elementByteCount: Int) throws(FormatError) {
    guard shape.count == chunk.count, !shape.isEmpty else {
      throw .damaged("chunks of \(chunk.count) axes in a dataset of \(shape.count)")
    }
    (self.shape, self.chunk, self.elementByteCount) = (shape, chunk, elementByteCount)
    counts = zip(shape, chunk).map { ($0 + $1 - 1) / $1 }
    guard let count = TensorShape(validating: counts)?.elementCount,
      let chunkElements = TensorShape(validating: chunk)?.elementCount
    else { throw .beyond(what: "chunks of a dataset", limit: Int.max, found: Int.max) }
    chunkCount = count
    let (bytes, overflow) = chunkElements.multipliedReportingOverflow(by: elementByteCount)
    chunkByteCount = overflow ? .max : bytes
  }

  /// The number of the chunk at that place of the grid, row-major; nil when it lies outside.
  func number(of place: [Int]) -> Int? {
    var number = 0
    for (position, count) in zip(place, counts) {
      guard (0..<count).contains(position) else { return nil }
      number = number * count + position
    }
    return number
  }

  /// The place of chunk `number` in the grid.
  func place(of number: Int) -> [Int] {
    var rest = number
    var place = counts
    for axis in counts.indices.reversed() {
      place[axis] = rest % counts[axis]
      rest /= counts[axis]
    }
    return place
  }

  /// Copies the elements of chunk `number` that lie in the dataset to where they belong.
  func scatter(_ bytes: [UInt8], of number: Int, into target: inout MutableRawSpan) {
    let origin = zip(place(of: number), chunk).map { $0 * $1 }
    let inside = zip(zip(origin, shape), chunk).map { min($1, $0.1 - $0.0) }
    // Rows that lie one behind the other in both are copied as one.
    var outer = shape.count - 1
    var run = inside[outer] * elementByteCount
    while outer > 0, inside[outer] == chunk[outer], inside[outer] == shape[outer] {
      outer -= 1
      run *= inside[outer]
    }
    var position = [Int](repeating: 0, count: outer)
    while true {
      var (from, to) = (0, 0)
      for axis in shape.indices {
        let index = axis < outer ? position[axis] : 0
        from = from * chunk[axis] + index
        to = to * shape[axis] + origin[axis] + index
      }
      from *= elementByteCount
      target.write(bytes[from..<from + run], at: to * elementByteCount)
      guard Self.advance(&position, below: inside) else { return }
    }
  }

  /// Goes to the next position, row-major; false behind the last.
  private static func advance(_ position: inout [Int], below extents: [Int]) -> Bool {
    for axis in position.indices.reversed() {
      position[axis] += 1
      if position[axis] < extents[axis] { return true }
      position[axis] = 0
    }
    return false
  }
}
