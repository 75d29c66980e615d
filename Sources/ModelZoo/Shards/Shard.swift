/// One of the numbered parts in which the features of many images are computed, by as many processes or machines as there are.
///
/// Which images belong to a shard is decided by their places in the listing alone, never by who is free: a shard that is
/// computed twice, or again, is the same shard.
public struct Shard: Hashable, Sendable {
  /// Its number, from 0.
  public let index: Int
  /// How many there are in all.
  public let count: Int

  /// More are a mistake: each is a file.
  public static let mostShards = 1_000_000

  /// The shard `index` of `count`.
  ///
  /// - Throws: ``ShardError/number(index:count:)`` unless `index` is in `0..<count` and `count` at most ``mostShards``.
  public init(_ index: Int, of count: Int) throws(ShardError) {
    guard 1...Self.mostShards ~= count, 0..<count ~= index else {
      throw .number(index: index, count: count)
    }
    (self.index, self.count) = (index, count)
  }

  /// The places of its images in a listing of `total`; all shards together tile it, and none has two images more than another.
  public func images(of total: Int) -> Range<Int> {
    Self.start(index, of: count, total)..<Self.start(index + 1, of: count, total)
  }

  /// `total * index / count` without the product, which may be too large.
  private static func start(_ index: Int, of count: Int, _ total: Int) -> Int {
    total / count * index + total % count * index / count
  }

  /// `part-00003-of-00007`: as wide as numbers of up to a hundred thousand shards need.
  var name: String { ["part", Self.digits(index), "of", Self.digits(count)].joined(separator: "-") }

  private static func digits(_ number: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, 5 - text.count)) + text
  }
}

extension Shard {
  /// Numbers as schedulers take them: `1-2,5-10`.
  ///
  /// - Parameter indices: in ascending order.
  public static func expression(of indices: [Int]) -> String {
    var ranges: [ClosedRange<Int>] = []
    for index in indices {
      if let last = ranges.last, index == last.upperBound + 1 {
        ranges[ranges.count - 1] = last.lowerBound...index
      } else {
        ranges.append(index...index)
      }
    }
    return ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
      .joined(separator: ",")
  }
}
