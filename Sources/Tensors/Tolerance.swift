/// How far two numbers may be apart and still count as equal.
///
/// `a` and `b` are equal where `|a - b| <= absolute + relative * max(|a|, |b|)`. NaN is equal to NaN, an infinity to the same one, and
/// neither to anything else.
public struct Tolerance: Hashable, Sendable {
  /// The distance that is allowed whatever the numbers are.
  public var absolute: Double
  /// The distance that is allowed besides, as a share of the larger of both magnitudes.
  public var relative: Double

  /// Makes a tolerance of numbers that are 0 or more.
  public init(absolute: Double = 0, relative: Double = 0) {
    (self.absolute, self.relative) = (absolute, relative)
  }

  /// No difference at all; 0 and -0 are equal.
  public static let none = Tolerance()

  /// Whether numbers may differ.
  public var isNone: Bool { self == .none }

  /// Whether both count as equal.
  public func allows(_ first: Double, _ second: Double) -> Bool {
    if first == second || first.isNaN && second.isNaN { return true }
    guard first.isFinite, second.isFinite else { return false }
    let distance = abs(first - second)
    if distance.isFinite { return distance <= limit(max(abs(first), abs(second))) }
    // Two numbers of which one is beyond the largest half: a quarter of all of it can be told.
    let (one, other) = (first / 4, second / 4)
    return abs(one - other) <= absolute / 4 + relative * max(abs(one), abs(other))
  }

  /// The distance that is allowed between numbers of which the larger has that magnitude.
  func limit(_ magnitude: Double) -> Double { absolute + relative * magnitude }
}
