public import Errors

/// A dense `float32` tensor in row-major order, with value semantics.
public struct Tensor: Hashable, Sendable {
  /// The extents, outermost first.
  public let shape: TensorShape

  /// The elements in row-major order; as many as the shape says.
  public package(set) var scalars: [Float] {
    didSet { precondition(scalars.count == shape.elementCount, "Tensor: the element count may not change") }
  }

  /// Makes a tensor from its elements in row-major order and its extents, outermost first.
  ///
  /// - Throws: ``TensorError`` for extents that are none, and for more or fewer elements than they say.
  public init(_ scalars: [Float], shape dimensions: [Int]) throws(TensorError) {
    guard let shape = TensorShape(validating: dimensions) else { throw .shape(found: dimensions) }
    guard scalars.count == shape.elementCount else {
      throw .elementCount(shape: shape, found: scalars.count)
    }
    self.init(shape: shape, scalars: scalars)
  }

  /// Makes a tensor of `shape` from elements that are known to be as many as it says.
  package init(shape: TensorShape, scalars: [Float]) {
    precondition(
      scalars.count == shape.elementCount,
      "Tensor: \(shape) holds \(shape.elementCount) elements, \(scalars.count) were given")
    self.shape = shape
    self.scalars = scalars
  }

  /// Makes a tensor with every element equal to `value`.
  package init(repeating value: Float, shape: TensorShape) {
    self.init(shape: shape, scalars: [Float](repeating: value, count: shape.elementCount))
  }
}

/// Why a tensor cannot be made.
public enum TensorError: ZooError, Hashable {
  /// Extents of which one is negative, or whose product is too large.
  case shape(found: [Int])
  /// Another number of elements than the shape's.
  case elementCount(shape: TensorShape, found: Int)

  /// What kind of error it is.
  public var family: ErrorFamily { .mismatch }

  /// The sentence.
  public var description: String {
    switch self {
    case .shape(let found):
      "tensor: expected extents of 0 or more whose product can be counted, found \(found); correct the shape"
    case .elementCount(let shape, let found):
      "tensor: expected \(shape.elementCount) elements for the shape \(shape), found \(found); correct one of the two"
    }
  }
}
