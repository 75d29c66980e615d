/// Brings every row to length 1, in L2: of `[H, W, C]`, the channels of every position. Nothing of it learns.
///
/// Features of a network are as long as they happen to be. A loss that measures distances, such as the mean
/// squared error, and one that asks for margins, such as a hinge, begin far off on long rows and judge pictures by
/// how long their rows are; rows of one length spare them both.
public struct UnitNormalization: HeadElement, Hashable {
  /// Declares the layer.
  public init() {}
  /// The layer that is declared.
  public var headLayer: HeadLayer { .unitNormalization }
}

extension Rows {
  /// Keras's bound for rows without length.
  private static let largestFactor = 1e12

  /// What brings a row to length 1.
  private static func inverseLength(_ row: Span<Float>) -> Double {
    var squares = 0.0
    for index in row.indices { squares += Double(row[index]) * Double(row[index]) }
    return min(1 / squares.squareRoot(), largestFactor)
  }

  /// Brings rows of `width` elements to length 1.
  static func normalize(_ input: Span<Float>, into output: inout MutableSpan<Float>, width: Int) {
    for start in stride(from: 0, to: input.count, by: width) {
      let factor = inverseLength(input.extracting(start..<start + width))
      for index in start..<start + width { output[index] = Float(Double(input[index]) * factor) }
    }
  }

  /// The gradient by the input: what of `gradient` does not lie along the row. A row without length has no
  /// direction to be turned in.
  static func normalizationGradient(
    input: Span<Float>, output: Span<Float>, gradient: Span<Float>, into result: inout MutableSpan<Float>,
    width: Int
  ) {
    for start in stride(from: 0, to: input.count, by: width) {
      let factor = inverseLength(input.extracting(start..<start + width))
      var along = 0.0
      for index in start..<start + width { along += Double(gradient[index]) * Double(output[index]) }
      for index in start..<start + width {
        let across = Double(gradient[index]) - along * Double(output[index])
        result[index] = factor < largestFactor ? Float(across * factor) : 0
      }
    }
  }
}
