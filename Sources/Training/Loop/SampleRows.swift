package import Tensors

/// The features of samples, row by row: they need not all be in memory.
package protocol SampleRows: Sendable {
  /// `[N, C]` or `[N, H, W, C]`.
  var shape: TensorShape { get }

  /// Puts the row at `index` into `target`, from `start` on.
  func read(_ index: Int, into target: inout MutableSpan<Float>, at start: Int) throws(TrainingError)
}

extension SampleRows {
  /// The number of elements in a row.
  package var width: Int { TensorShape(Array(shape.dimensions.dropFirst())).elementCount }

  /// Gives `body` all rows up to `count`, some at a time, in their order.
  func forEachPiece(
    upTo count: Int, _ body: (Span<Float>) throws(TrainingError) -> Void
  ) throws(TrainingError) {
    let (width, most) = (width, 32)
    var piece: [Float] = []
    for start in stride(from: 0, to: count, by: most) {
      piece.resize(to: min(most, count - start) * width)
      var target = piece.mutableSpan
      for row in 0..<min(most, count - start) {
        try read(start + row, into: &target, at: row * width)
      }
      try body(piece.span)
    }
  }

  /// All rows in memory.
  package func tensor() throws(TrainingError) -> Tensor {
    if let tensor = self as? Tensor { return tensor }
    var scalars: [Float] = []
    scalars.reserveCapacity(shape.elementCount)
    try forEachPiece(upTo: shape[0]) { piece throws(TrainingError) in
      for index in piece.indices { scalars.append(piece[index]) }
    }
    return Tensor(shape: shape, scalars: scalars)
  }
}

extension Tensor: SampleRows {
  package func read(
    _ index: Int, into target: inout MutableSpan<Float>, at start: Int
  ) throws(TrainingError) {
    let width = scalars.count / shape[0]
    Rows.copy(scalars.span.extracting(index * width..<(index + 1) * width), into: &target, at: start)
  }
}

/// Some rows of others, in an order of their own; none of them is copied.
package struct ChosenRows: SampleRows {
  package let shape: TensorShape
  private let rows: any SampleRows
  private let indices: [Int]

  /// The rows at `indices` of `rows`.
  package init(_ rows: any SampleRows, at indices: [Int]) {
    (self.rows, self.indices) = (rows, indices)
    shape = TensorShape([indices.count] + rows.shape.dimensions.dropFirst())
  }

  package func read(
    _ index: Int, into target: inout MutableSpan<Float>, at start: Int
  ) throws(TrainingError) {
    try rows.read(indices[index], into: &target, at: start)
  }
}

/// Samples whose features need not be in memory.
package struct SourcedSamples: Sendable {
  /// `[N, C]` or `[N, H, W, C]`, as the head was built for.
  package var features: any SampleRows
  /// One a sample.
  package var labels: Labels
  /// As ``Samples/weights``.
  package var weights: [Float]?

  package init(_ features: any SampleRows, _ labels: Labels, weights: [Float]? = nil) {
    (self.features, self.labels, self.weights) = (features, labels, weights)
  }

  /// Samples that are in memory.
  init(_ samples: Samples) { self.init(samples.features, samples.labels, weights: samples.weights) }
}
