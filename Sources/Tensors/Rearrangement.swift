/// The same values in other places: what a tensor was made into by exchanging axes, by going through some of them backwards, or by
/// giving it other axes.
public struct Rearrangement: Hashable, Sendable, CustomStringConvertible {
  /// For each axis of the second tensor the axis of the first that it is: `[3, 2, 0, 1]`; 0, 1, ... where axes stay as they are.
  public let axes: [Int]
  /// The axes of the first tensor that the second goes through backwards: `[0, 1]` of a kernel that is rotated by 180 degrees.
  public let flipped: [Int]
  /// Whether the values stand in the same order, under another shape.
  public let isReshaped: Bool

  /// Whether axes are exchanged.
  public var isTransposed: Bool { axes != Array(axes.indices) }

  /// Whether anything stands elsewhere, or under another shape.
  package var changesPlaces: Bool { isTransposed || !flipped.isEmpty || isReshaped }

  /// `transposed (3, 2, 0, 1), flipped along (0, 1)`.
  public var description: String {
    func list(_ axes: [Int]) -> String { "(\(axes.map(String.init).joined(separator: ", ")))" }
    if isReshaped { return "reshaped" }
    let parts = [
      isTransposed ? "transposed \(list(axes))" : nil,
      flipped.isEmpty ? nil : "flipped along \(list(flipped))",
    ]
    return parts.compactMap(\.self).joined(separator: ", ")
  }
}

extension Rearrangement {
  /// Finds how the second tensor was made of the first; nil where it was not.
  ///
  /// Tensors of at most four axes are looked at, and as flipped axes one, or two neighbours: rows and columns. The work is limited to that of
  /// reading the tensors some dozen times.
  ///
  /// - Precondition: each span has its shape's elements.
  package init?(
    from first: RawSpan, _ firstType: ScalarType, _ firstShape: TensorShape, to second: RawSpan,
    _ secondType: ScalarType, _ secondShape: TensorShape
  ) {
    let rank = firstShape.rank
    let isSame = Array(0..<rank)
    guard firstShape.elementCount == secondShape.elementCount, firstShape.elementCount > 0 else { return nil }
    if firstShape != secondShape,
      ValueDifference(first, firstType, second, secondType, .none).isEqual
    {
      self.init(axes: isSame, flipped: [], isReshaped: true)
      return
    }
    guard rank == secondShape.rank, 1...4 ~= rank else { return nil }
    let candidates = Self.permutations(of: rank).filter { axes in
      axes.indices.allSatisfy { secondShape[$0] == firstShape[axes[$0]] }
    }
    // Almost every wrong way goes wrong at once; where none does, as in tensors of one number here and there, not all are gone.
    var room = firstShape.elementCount > Int.max / 32 ? Int.max : 32 * firstShape.elementCount
    for flipped in Self.flips(of: firstShape) {
      for axes in candidates where room > 0 {
        let walk = Walk(firstShape, axes: axes, flipped: flipped)
        guard walk.leads(from: first, firstType, to: second, secondType, &room) else { continue }
        self.init(axes: axes, flipped: flipped, isReshaped: false)
        return
      }
    }
    return nil
  }

  /// No axes, then each two neighbours of which one is more than a point; of a row of numbers that one.
  private static func flips(of shape: TensorShape) -> [[Int]] {
    let rank = shape.rank
    let pairs = rank < 2 ? [[0]] : (0..<rank - 1).map { [$0, $0 + 1] }
    let single = rank < 2 ? [] : (0..<rank).map { [$0] }
    return [[]] + (pairs + single).filter { $0.contains { shape[$0] > 1 } }
  }

  /// The one that changes nothing first.
  private static func permutations(of rank: Int) -> [[Int]] {
    guard rank > 0 else { return [[]] }
    return permutations(of: rank - 1).flatMap { rest in
      (0..<rank).reversed().map { place in
        var axes = rest
        axes.insert(rank - 1, at: place)
        return axes
      }
    }
  }
}

/// Goes through the first tensor in the order that the second has its elements in.
private struct Walk {
  /// Of the second tensor.
  private let extents: [Int]
  /// What a step along each of its axes is in the first tensor's elements.
  private let steps: [Int]
  private let start: Int

  init(_ shape: TensorShape, axes: [Int], flipped: [Int]) {
    var strides = [Int](repeating: 1, count: shape.rank)
    for axis in stride(from: shape.rank - 2, through: 0, by: -1) {
      strides[axis] = strides[axis + 1] * shape[axis + 1]
    }
    extents = axes.map { shape[$0] }
    steps = axes.map { flipped.contains($0) ? -strides[$0] : strides[$0] }
    start = flipped.reduce(0) { $0 + (shape[$1] - 1) * strides[$1] }
  }

  func leads(
    from first: RawSpan, _ firstType: ScalarType, to second: RawSpan, _ secondType: ScalarType,
    _ room: inout Int
  ) -> Bool {
    let row = extents[extents.count - 1]
    var places = [Int](repeating: 0, count: extents.count - 1)
    var (from, to) = (start, 0)
    var (one, other): ([Double], [Double]) = ([], [])
    while true {
      // A row may be long, and most walks go wrong at once.
      for column in stride(from: 0, to: row, by: 64) {
        let length = min(64, row - column)
        secondType.read(second, from: to + column, count: length, into: &other)
        room -= length
        for index in 0..<length {
          firstType.read(first, from: from + (column + index) * steps[steps.count - 1], count: 1, into: &one)
          guard one[0] == other[index] || one[0].isNaN && other[index].isNaN else { return false }
        }
      }
      to += row
      guard advance(&places, &from) else { return true }
    }
  }

  private func advance(_ places: inout [Int], _ from: inout Int) -> Bool {
    for axis in places.indices.reversed() {
      places[axis] += 1
      from += steps[axis]
      if places[axis] < extents[axis] { return true }
      from -= places[axis] * steps[axis]
      places[axis] = 0
    }
    return false
  }
}
