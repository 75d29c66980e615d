/// How far the values of two tensors are apart, element by element.
public struct ValueDifference: Hashable, Sendable {
  /// How many values there are in each.
  public private(set) var count = 0
  /// How many of them are not equal. NaN is equal to NaN in the same place, an infinity to the same infinity, 0 to -0.
  public private(set) var differing = 0
  /// How many of those differ by more than the ``Tolerance``.
  public private(set) var beyondTolerance = 0
  /// How many are not finite in one of the two, and not the same in the other; ``largest`` knows nothing of them.
  public private(set) var notFinite = 0
  /// How many are NaN in both.
  public private(set) var nanInBoth = 0
  /// The largest `|a - b|`; 0 where no finite values differ.
  public private(set) var largest = 0.0
  /// The largest `|a - b| / max(|a|, |b|)`, from 0 to 2.
  public private(set) var largestRelative = 0.0
  /// The largest magnitude of a finite value of the first tensor.
  public private(set) var largestMagnitude = 0.0

  /// Nothing compared.
  public init() {}

  /// Whether all values are equal.
  public var isEqual: Bool { differing == 0 }

  /// Compares the first `count` numbers of both.
  package mutating func add(
    _ first: [Double], _ second: [Double], count: Int, _ tolerance: Tolerance
  ) {
    self.count += count
    for index in 0..<count {
      let (one, other) = (first[index], second[index])
      if one.isFinite { largestMagnitude = max(largestMagnitude, abs(one)) }
      if one == other { continue }
      addDifferent(one, other, tolerance)
    }
  }

  private mutating func addDifferent(_ first: Double, _ second: Double, _ tolerance: Tolerance) {
    if first.isNaN, second.isNaN {
      nanInBoth += 1
      return
    }
    differing += 1
    if !tolerance.allows(first, second) { beyondTolerance += 1 }
    guard first.isFinite, second.isFinite else {
      notFinite += 1
      return
    }
    let distance = abs(first - second)
    largest = max(largest, distance)
    largestRelative = max(largestRelative, distance / max(abs(first), abs(second)))
  }
}

extension ValueDifference {
  /// Compares all elements of two tensors with as many of them, a block at a time.
  ///
  /// - Parameters:
  ///   - first: little-endian elements of `firstType`.
  ///   - second: as many of `secondType`.
  package init(
    _ first: RawSpan, _ firstType: ScalarType, _ second: RawSpan, _ secondType: ScalarType,
    _ tolerance: Tolerance
  ) {
    let total = min(first.byteCount / firstType.byteCount, second.byteCount / secondType.byteCount)
    var (one, other): ([Double], [Double]) = ([], [])
    for start in stride(from: 0, to: total, by: Self.blockLength) {
      let length = min(Self.blockLength, total - start)
      firstType.read(first, from: start, count: length, into: &one)
      secondType.read(second, from: start, count: length, into: &other)
      add(one, other, count: length, tolerance)
    }
    // Neighbours among whole numbers of 8 bytes can be one number in double precision.
    if differing == 0, firstType == secondType, [.int64, .uint64].contains(firstType),
      !first.hasBytes(of: second)
    {
      (differing, beyondTolerance, largest) = (1, 1, 1)
    }
  }

  private static let blockLength = 4096
}
