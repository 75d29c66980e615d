import Tensors
import Testing
import Training

@Suite struct ConfusionMatrixTests {
  static let labels = [0, 0, 1, 1, 2, 2, 2, 1]
  static let predicted = [0, 1, 1, 1, 2, 0, 2, 1]

  @Test func countsPairs() throws {
    let matrix = try ConfusionMatrix(labels: Self.labels, predicted: Self.predicted, classCount: 4)
    #expect(matrix.counts == [[1, 1, 0, 0], [0, 3, 0, 0], [1, 0, 2, 0], [0, 0, 0, 0]])
    #expect(matrix.total == 8)
    #expect(matrix.correct == 6)
    #expect(matrix.accuracy == 0.75)
    #expect(matrix.support(of: 2) == 3)
    #expect(matrix.predictions(of: 0) == 2)
    #expect(matrix.support(of: 4) == 0 && matrix.support(of: -1) == 0)
    #expect(matrix.predictions(of: 4) == 0 && matrix.predictions(of: -1) == 0)
    #expect(ConfusionMatrix(classCount: 2).accuracy == 0)
  }

  @Test func readsOutputs() throws {
    let outputs = Tensor(shape: [3, 3], scalars: [0.1, 0.8, 0.1, 0.4, 0.4, 0.2, 0, 0.1, 0.9])
    let several = try ConfusionMatrix(labels: [1, 0, 1], outputs: outputs)
    #expect(several.counts == [[1, 0, 0], [0, 1, 1], [0, 0, 0]])
    let single = Tensor(shape: [3, 1], scalars: [0.5, 0.6, -1])
    #expect(try ConfusionMatrix(labels: [0, 1, 1], outputs: single).counts == [[1, 0], [1, 1]])
    #expect(
      try ConfusionMatrix(labels: [0, 1, 1], outputs: single, threshold: 0).counts == [[0, 1], [1, 1]])
  }

  @Test func refusesWhatDoesNotFit() {
    #expect(throws: TrainingError.count(place: "predictions", expected: 2, found: 1)) {
      try ConfusionMatrix(labels: [0, 1], predicted: [0], classCount: 2)
    }
    #expect(throws: TrainingError.label(index: 1, expected: "a class from 0 to 1", found: "2")) {
      try ConfusionMatrix(labels: [0, 1], predicted: [0, 2], classCount: 2)
    }
    #expect(throws: TrainingError.count(place: "axes of the outputs", expected: 2, found: 1)) {
      try ConfusionMatrix(labels: [0], outputs: Tensor(shape: [1], scalars: [1]))
    }
  }

  @Test func reportsEveryClass() throws {
    let report = ClassReport(
      try ConfusionMatrix(labels: Self.labels, predicted: Self.predicted, classCount: 3))
    #expect(report.classes.map(\.support) == [2, 3, 3])
    #expect(report.classes.map(\.precision) == [0.5, 0.75, 1])
    #expect(report.classes.map(\.recall) == [0.5, 1, 2.0 / 3])
    #expect(report.classes.map(\.f1) == [0.5, 6.0 / 7, 0.8])
    #expect(abs(report.weightedAverage.precision - (0.5 * 2 + 0.75 * 3 + 3) / 8) < 1e-15)
    #expect(abs(report.macroAverage.recall - (0.5 + 1 + 2.0 / 3) / 3) < 1e-15)
    #expect(report.macroAverage.support == 8)
    #expect(report.accuracy == 0.75)
  }
}
