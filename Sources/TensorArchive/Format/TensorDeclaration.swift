public import Tensors

/// The metadata of one tensor.
public struct TensorDeclaration: Hashable, Sendable {
  /// `<layer>/<role>`: `conv1_conv/kernel`.
  public let name: String
  /// How its elements are stored.
  public let scalarType: ScalarType
  /// Its extents; a kernel's are `[height, width, in, out]`.
  public let shape: TensorShape

  package init(name: String, scalarType: ScalarType = .float32, shape: TensorShape) {
    self.name = name
    self.scalarType = scalarType
    self.shape = shape
  }

  /// The declaration of the same tensor when floating-point numbers are to be stored as `type`.
  ///
  /// Half precision is for kernels, which are nearly all there is. What has one axis or none (biases, the
  /// statistics of normalisations) is stored in `float32` then: small, and of any magnitude.
  package func stored(as type: ScalarType?) -> TensorDeclaration {
    guard let type, scalarType.isFloatingPoint else { return self }
    let isNarrow = type.byteCount < ScalarType.float32.byteCount
    return TensorDeclaration(
      name: name, scalarType: isNarrow && shape.rank < 2 ? .float32 : type, shape: shape)
  }

  /// The size of all elements in bytes, or nil when it leaves `Int`.
  public var byteCount: Int? {
    let (size, overflow) = shape.elementCount.multipliedReportingOverflow(by: scalarType.byteCount)
    return overflow ? nil : size
  }
}

/// A declaration and where its bytes lie in the payload.
struct PlacedTensor: Hashable, Sendable {
  let declaration: TensorDeclaration
  /// Offsets from the first byte of the payload.
  let range: Range<Int>

  var name: String { declaration.name }
}
