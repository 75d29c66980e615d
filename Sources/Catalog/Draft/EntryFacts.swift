public import Tensors

/// What a catalog says of a network that its architecture does not.
public struct EntryFacts: Hashable, Sendable {
  /// The name commands know it by: lower-case letters, digits, `_`, `.` and `-`. Nil for the model's.
  public var identifier: String?
  /// The name people know it by; nil for ``identifier``.
  public var title: String?
  /// The paper: title; authors; year; address.
  public var paper: String
  /// The licence of the architecture.
  public var licence: String
  /// How pixels become the network's input.
  public var preprocessing: Preprocessing
  /// The size of images where nobody asks for another; nil for the architecture's own.
  public var defaultSize: Extent?
  /// The smallest size; nil for the smallest that works.
  public var minimumSize: Extent?
  /// Whether the zeros ahead of windows of stride 2 follow from the image's size, as in those of Keras's networks that
  /// choose them when a model is built.
  public var padsBySize: Bool

  /// Whether an entry, its folder and its files can have the name: lower-case letters, digits, `_`, `.` and `-`.
  public static func isIdentifier(_ name: String) -> Bool { EntryName.isIdentifier(name) }

  /// Facts about a network; what is nil is found in the architecture.
  public init(
    preprocessing: Preprocessing, identifier: String? = nil, title: String? = nil, paper: String = "unknown",
    licence: String = "unknown", defaultSize: Extent? = nil, minimumSize: Extent? = nil,
    padsBySize: Bool = false
  ) {
    self.preprocessing = preprocessing
    self.identifier = identifier
    self.title = title
    self.paper = paper
    self.licence = licence
    self.defaultSize = defaultSize
    self.minimumSize = minimumSize
    self.padsBySize = padsBySize
  }
}
