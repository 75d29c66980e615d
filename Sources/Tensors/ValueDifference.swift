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
  /// The largest `|a - b|`; 0 where no finite values differ, and the largest of all numbers where it is more than that.
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
    // Of the largest numbers a difference can be beyond all of them.
    largest = max(largest, min(abs(first - second), .greatestFiniteMagnitude))
    let (one, other) = abs(first - second).isFinite ? (first, second) : (first / 4, second / 4)
    largestRelative = max(largestRelative, abs(one - other) / max(abs(one), abs(other)))
  }
}

extension ValueDifference {
  /// Compares two numbers of which one is a whole number of 8 bytes.
  ///
  /// - Parameters:
  ///   - whole: `first` to the last digit; nil where it is no whole number.
  ///   - otherWhole: the same of `second`.
  private mutating func add(
    _ first: Double, _ whole: Int128?, _ second: Double, _ otherWhole: Int128?, _ tolerance: Tolerance
  ) {
    guard let whole, let otherWhole else {
      return add([first], [second], count: 1, tolerance)
    }
    count += 1
    largestMagnitude = max(largestMagnitude, abs(first))
    guard whole != otherWhole else { return }
    differing += 1
    let (distance, size) = (Double(abs(whole - otherWhole)), max(abs(first), abs(second)))
    if !tolerance.allows(wholeDistance: abs(whole - otherWhole), of: size) { beyondTolerance += 1 }
    largest = max(largest, distance)
    largestRelative = max(largestRelative, distance / size)
  }

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
    // Whole numbers of 8 bytes are more than double precision can tell apart.
    let isWhole = [firstType, secondType].contains { $0 == .int64 || $0 == .uint64 }
    var (one, other): ([Double], [Double]) = ([], [])
    for start in stride(from: 0, to: total, by: Self.blockLength) {
      let length = min(Self.blockLength, total - start)
      firstType.read(first, from: start, count: length, into: &one)
      secondType.read(second, from: start, count: length, into: &other)
      guard isWhole else {
        add(one, other, count: length, tolerance)
        continue
      }
      let wholes = (
        firstType.wholeNumbers(first, from: start, count: length, one),
        secondType.wholeNumbers(second, from: start, count: length, other)
      )
      for index in 0..<length {
        add(one[index], wholes.0[index], other[index], wholes.1[index], tolerance)
      }
    }
  }

  private static let blockLength = 4096
}

extension Tolerance {
  /// Whether whole numbers so far apart count as equal.
  fileprivate func allows(wholeDistance distance: Int128, of magnitude: Double) -> Bool {
    // A limit that is no number of 128 bits is beyond every distance.
    Int128(exactly: limit(magnitude).rounded(.down)).map { distance <= $0 } ?? true
  }
}
