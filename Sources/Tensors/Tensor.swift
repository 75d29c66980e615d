/// A dense `float32` tensor in row-major order, with value semantics.
public struct Tensor: Hashable, Sendable {
  /// The extents, outermost first.
  public let shape: TensorShape

  /// The elements in row-major order; as many as the shape says.
  public var scalars: [Float] {
    didSet { precondition(scalars.count == shape.elementCount, "Tensor: the element count may not change") }
  }

  /// Makes a tensor of `shape` from its elements in row-major order.
  ///
  /// - Precondition: `scalars.count == shape.elementCount`.
  public init(shape: TensorShape, scalars: [Float]) {
    precondition(
      scalars.count == shape.elementCount,
      "Tensor: \(shape) holds \(shape.elementCount) elements, \(scalars.count) were given")
    self.shape = shape
    self.scalars = scalars
  }

  /// Makes a tensor with every element equal to `value`.
  public init(repeating value: Float, shape: TensorShape) {
    self.init(shape: shape, scalars: [Float](repeating: value, count: shape.elementCount))
  }
}
