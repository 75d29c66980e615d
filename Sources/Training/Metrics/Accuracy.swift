/// Keras's `accuracy`: of the largest output behind several outputs, of the side of one half behind one.
enum Accuracy {
  /// The number of rows of `outputs` that agree with `targets`, both `[N, width]`.
  ///
  /// - Parameter threshold: what a single output must exceed to mean yes.
  static func correct(_ outputs: Span<Float>, _ targets: Span<Float>, width: Int, threshold: Float) -> Int {
    stride(from: 0, to: outputs.count, by: width).count { start in
      guard width > 1 else { return (outputs[start] > threshold ? 1 : 0) == targets[start] }
      let row = start..<start + width
      return largest(outputs.extracting(row)) == largest(targets.extracting(row))
    }
  }

  /// The class a row of outputs stands for: the first largest, or 1 for a single one above `threshold`.
  static func predictedClass(_ row: Span<Float>, threshold: Float) -> Int {
    row.count == 1 ? (row[0] > threshold ? 1 : 0) : largest(row)
  }

  /// The index of the first largest element.
  private static func largest(_ row: Span<Float>) -> Int {
    var best = 0
    for index in row.indices where row[index] > row[best] { best = index }
    return best
  }
}
