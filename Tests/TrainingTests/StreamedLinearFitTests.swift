import Synchronization
import Testing

import Kernels
import Tensors
import Training

/// Linear fits of features that are not in memory.
@Suite struct StreamedLinearFitTests {
  /// The rows of a tensor, read one by one; from the row after so many readings on there are none.
  private final class StreamedRows: SampleRows {
    let tensor: Tensor
    let most: Int
    let count = Mutex(0)
    var shape: TensorShape { tensor.shape }

    init(_ tensor: Tensor, most: Int = .max) { (self.tensor, self.most) = (tensor, most) }

    func read(_ index: Int, into target: inout MutableSpan<Float>, at start: Int) throws(TrainingError) {
      let readings = count.withLock {
        $0 += 1
        return $0
      }
      guard readings <= most else { throw .lostFeatures(reason: "gone") }
      try tensor.read(index, into: &target, at: start)
    }
  }

  /// Wide enough for several blocks of columns, and for pieces of fewer rows than there are.
  private let features = Tensor(
    shape: [150, 9000], scalars: (0..<150 * 9000).map { Float(($0 * 7919) % 1009) / 1009 - 0.5 })
  private let classes = (0..<150).map { ($0 * 31) % 3 }

  private func fit(_ rows: any SampleRows, _ fit: LinearFit, threads: Int = 2) throws -> FittedHead {
    try fit.fit(
      Head("dense(3, softmax)"), rows, classes: classes, seed: 4, pool: ThreadPool(threads: threads))
  }

  @Test func theyComeToTheSameBits() throws {
    var options = LinearFit(strength: .fixed(0.01))
    options.maximumIterations = 4
    let wanted = try fit(features, options)
    for threads in [1, 3] {
      let found = try fit(StreamedRows(features), options, threads: threads)
      #expect(found.model.parameters.map(\.tensor) == wanted.model.parameters.map(\.tensor))
      #expect(found.objective == wanted.objective && found.iterations == wanted.iterations)
    }
  }

  @Test func rowsThatCannotBeReadEndTheFit() throws {
    for most in [0, 150, 300, 450, 700] {
      #expect(throws: TrainingError.lostFeatures(reason: "gone")) {
        try fit(StreamedRows(features, most: most), LinearFit(strength: .fixed(0.01)))
      }
    }
  }
}
