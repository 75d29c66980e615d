public import Tensors

/// A tensor of one file held against the one of another that it belongs to.
public struct TensorComparison: Hashable, Sendable {
  /// A tensor as a file has it.
  public struct Side: Hashable, Sendable {
    /// `conv1/kernel`, as the network has it, or the file where it belongs to none.
    public let name: String
    /// As the file names it: `/conv1/conv1/kernel:0`, `layer1.0.conv1.weight`.
    public let path: String
    /// The extents, of a network's kernel as (height, width, in, out).
    public let shape: TensorShape
    /// The extents as they are in the file.
    public let storedShape: TensorShape
    /// The type of the values.
    public let scalarType: ScalarType
    /// Whether it is a parameter of a network that is known.
    public let isParameter: Bool
  }

  /// How two tensors found each other.
  public enum Match: String, Hashable, Sendable {
    /// They are the same parameter of a network.
    case parameter
    /// They have one name.
    case name
    /// They have the same values under two names.
    case values
    /// There is one of them only.
    case none
  }

  /// What was found.
  public enum Finding: Hashable, Sendable {
    /// All values are equal.
    case equal
    /// Values differ, or their types, by no more than the tolerance.
    case withinTolerance
    /// Values differ.
    case different
    /// The same values in another order.
    case rearranged(Rearrangement)
    /// The values of one are those of the other rounded to a narrower type.
    case rounded(to: ScalarType)
    /// The same values, stored as another type.
    case otherType
    /// Another shape.
    case otherShape
    /// The second file has none.
    case onlyInFirst
    /// The first file has none.
    case onlyInSecond
  }

  /// The tensor of the first file.
  public let first: Side?
  /// The tensor of the second file.
  public let second: Side?
  /// How they found each other.
  public let match: Match
  /// What was found.
  public let finding: Finding
  /// How far the values are apart; nil where they were not compared one by one.
  public let values: ValueDifference?

  /// What to call it: its name in the first file, or else in the second.
  public var name: String { first?.name ?? second?.name ?? "" }

  /// Whether it goes by another name in the second file, and is told by its values alone.
  public var isRenamed: Bool { match == .values }

  /// Whether both are the same, up to the tolerance.
  public var isEqual: Bool { !isRenamed && (finding == .equal || finding == .withinTolerance) }
}
