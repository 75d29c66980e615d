/// The extents of a tensor, outermost axis first: `[7, 7, 3, 64]` for a kernel in HWIO order.
///
/// A shape without axes is a scalar's and holds one element.
public struct TensorShape: Hashable, Sendable {
  /// The extents, outermost first; none is negative.
  public let dimensions: [Int]

  /// Makes a shape, or nil when an extent is negative or the element count leaves `Int`.
  public init?(validating dimensions: [Int]) {
    var count = 1
    for extent in dimensions {
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      guard extent >= 0, !overflow else { return nil }
      count = product
    }
    self.dimensions = dimensions
  }

  /// Makes a shape from extents the program itself chose.
  ///
  /// - Precondition: no extent is negative and the element count fits `Int`. What comes out of a file
  ///   goes through ``init(validating:)``.
  package init(_ dimensions: [Int]) {
    guard let shape = TensorShape(validating: dimensions) else {
      preconditionFailure("TensorShape: \(dimensions) has a negative extent or too many elements")
    }
    self = shape
  }

  /// The number of axes.
  public var rank: Int { dimensions.count }

  /// The product of all extents; 1 without axes.
  public var elementCount: Int { dimensions.reduce(1, *) }

  /// The extent of one axis.
  public subscript(axis: Int) -> Int { dimensions[axis] }
}

extension TensorShape: ExpressibleByArrayLiteral {
  /// Makes a shape from a literal such as `[224, 224, 3]`; one that is no shape, for an extent below 0 or too many elements,
  /// makes `[0]`, which fits nothing.
  public init(arrayLiteral elements: Int...) { self = TensorShape(validating: elements) ?? TensorShape([0]) }
}

extension TensorShape: CustomStringConvertible {
  /// The extents as NumPy and Keras print them: `(7, 7, 3, 64)`, `(64,)`, `()`.
  public var description: String {
    let extents = dimensions.map(String.init).joined(separator: ", ")
    return rank == 1 ? "(\(extents),)" : "(\(extents))"
  }
}
