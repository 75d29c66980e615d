import Tensors

/// Which tensor of one file is which of another: the same parameter of a network, or the same name; what is left over, and what of the
/// same name differs, by values.
struct TensorMatching {
  typealias Item = ComparedFile.Item

  /// Two items by their places.
  struct Pair {
    let first: Int
    let second: Int
    let match: TensorComparison.Match
  }

  /// Pairs by parameter and by name, in the first file's order.
  private(set) var pairs: [Pair] = []
  /// What of each file is in no pair.
  private(set) var left: (first: [Int], second: [Int]) = ([], [])

  init(_ first: [Item], _ second: [Item]) {
    var byName: [String: Int] = [:]
    var byPath: [String: Int] = [:]
    for (place, item) in second.enumerated() {
      if byName[item.side.name] == nil { byName[item.side.name] = place }
      if byPath[item.side.path] == nil { byPath[item.side.path] = place }
    }
    var taken: Set<Int> = []
    for (place, item) in first.enumerated() {
      let candidates = [byName[item.side.name], byPath[item.side.path]].compactMap(\.self)
      guard let other = candidates.first(where: { !taken.contains($0) }) else {
        left.first.append(place)
        continue
      }
      taken.insert(other)
      let isParameter = item.side.isParameter && second[other].side.isParameter
      pairs.append(Pair(first: place, second: other, match: isParameter ? .parameter : .name))
    }
    left.second = second.indices.filter { !taken.contains($0) }
  }
}

/// Tensors that are told by their values.
struct ValueMatching {
  /// Summaries by the items' places.
  private var first: [(place: Int, summary: ContentSummary, shape: TensorShape)] = []
  private var exact: [Exact: Queue] = [:]
  private var loose: [ContentSummary.Unordered: Queue] = [:]
  private var taken: Set<Int> = []

  private struct Exact: Hashable {
    let shape: TensorShape
    let summary: ContentSummary
  }

  /// Places in their order, each to be taken once.
  private struct Queue {
    var places: [Int] = []
    var next = 0

    mutating func take(_ taken: inout Set<Int>) -> Int? {
      while next < places.count {
        defer { next += 1 }
        if taken.insert(places[next]).inserted { return places[next] }
      }
      return nil
    }
  }

  /// Notes a tensor of the first file.
  mutating func addFirst(_ place: Int, _ summary: ContentSummary, _ shape: TensorShape) {
    first.append((place, summary, shape))
  }

  /// Notes a tensor of the second file.
  mutating func addSecond(_ place: Int, _ summary: ContentSummary, _ shape: TensorShape) {
    exact[Exact(shape: shape, summary: summary), default: Queue()].places.append(place)
    loose[summary.unordered, default: Queue()].places.append(place)
  }

  /// The tensors of both files that have the same values: in the same order and shape first, then in any.
  mutating func pairs() -> [(first: Int, second: Int)] {
    var pairs: [(first: Int, second: Int)] = []
    var rest: [(place: Int, summary: ContentSummary, shape: TensorShape)] = []
    for item in first {
      if let other = exact[Exact(shape: item.shape, summary: item.summary)]?.take(&taken) {
        pairs.append((item.place, other))
      } else {
        rest.append(item)
      }
    }
    for item in rest where !item.summary.isConstant {
      if let other = loose[item.summary.unordered]?.take(&taken) { pairs.append((item.place, other)) }
    }
    return pairs
  }
}
