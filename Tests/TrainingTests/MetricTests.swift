import Foundation
import TestSupport
import Tensors
import Testing
import Training

/// What `Tests/Fixtures/metrics/make.py` wrote.
struct JudgedOutputs: Decodable {
  struct Case: Decodable {
    var width: Int
    var labels: [Int]
    var outputs: [Float]
    var accuracy: Double
    var top2: Double?
    var auc: Double
    var confusion: [[Int]]
    var precision: [Double]
    var recall: [Double]
    var f1: [Double]
    var support: [Int]
    var macro: [Double]
    var weighted: [Double]
  }

  struct Weights: Decodable {
    var labels: [Int]
    var weights: [String: Double]
  }

  struct Curve: Decodable {
    var width: Int
    var isLogit: Bool
    var labels: [Int]
    var outputs: [Float]
    var running: [Double]
  }

  var cases: [Case]
  var weights: [Weights]
  var curves: [Curve]

  static let expected: JudgedOutputs? = {
    let data = FileManager.default.contents(atPath: Repository.fixture("metrics/expected.json"))
    return data.flatMap { try? JSONDecoder().decode(JudgedOutputs.self, from: $0) }
  }()
}

@Suite struct MetricTests {
  @Test func theFixtureIsThere() throws {
    let expected = try #require(JudgedOutputs.expected)
    #expect(expected.cases.count == 5)
    #expect(expected.weights.count == 3)
    #expect(expected.curves.count == 3)
  }

  @Test(arguments: JudgedOutputs.expected?.cases ?? [])
  func agreesWithScikitLearn(_ wanted: JudgedOutputs.Case) throws {
    let outputs = Tensor(shape: [wanted.labels.count, wanted.width], scalars: wanted.outputs)
    let matrix = try ConfusionMatrix(labels: wanted.labels, outputs: outputs)
    #expect(matrix.counts == wanted.confusion)
    let report = ClassReport(matrix)
    #expect(isNear(report.accuracy, wanted.accuracy))
    for (label, row) in report.classes.enumerated() {
      #expect(isNear(row.precision, wanted.precision[label]))
      #expect(isNear(row.recall, wanted.recall[label]))
      #expect(isNear(row.f1, wanted.f1[label]))
      #expect(row.support == wanted.support[label])
    }
    for (row, means) in [(report.macroAverage, wanted.macro), (report.weightedAverage, wanted.weighted)] {
      #expect(zip([row.precision, row.recall, row.f1], means).allSatisfy { isNear($0, $1) })
    }
  }

  /// The same numbers out of `evaluate`: a head that passes on what it reads, in batches that do not divide.
  @Test(arguments: JudgedOutputs.expected?.cases ?? [])
  func evaluatesLikeScikitLearn(_ wanted: JudgedOutputs.Case) throws {
    let outputs = Tensor(shape: [wanted.labels.count, wanted.width], scalars: wanted.outputs)
    let several = wanted.width > 1
    var metrics: [Metric] = [.accuracy, .precision, .recall, .f1Score, .auc]
    if several { metrics.append(.topKCategoricalAccuracy(k: 2)) }
    let model = try Self.identity(wanted.width)
    let trainer = try Trainer(model, loss: .meanSquaredError, metrics: metrics)
    let logs = try trainer.evaluate(outputs, .classes(wanted.labels), batchSize: 7)
    #expect(logs.entries.map(\.name) == (["loss"] + metrics.map(\.name)).sorted())
    let single = [wanted.precision, wanted.recall, wanted.f1].map { $0[$0.count - 1] }
    for (name, value) in zip(["precision", "recall", "f1_score"], several ? wanted.macro : single) {
      #expect(isNear(logs[name] ?? .nan, value), "\(name)")
    }
    #expect(isNear(logs["accuracy"] ?? .nan, wanted.accuracy))
    #expect(isNear(logs["auc"] ?? .nan, wanted.auc))
    // Keras counts in single precision.
    if let top2 = wanted.top2 {
      #expect(Float(logs["top_2_categorical_accuracy"] ?? .nan) == Float(top2))
    }
  }

  /// Between two batches the area is Keras's estimate, at the end it is exact. The head passes on what it reads, and
  /// learns nothing from samples without weight.
  @Test(arguments: JudgedOutputs.expected?.curves ?? [])
  func estimatesLikeKeras(_ wanted: JudgedOutputs.Curve) throws {
    let outputs = Tensor(shape: [wanted.labels.count, wanted.width], scalars: wanted.outputs)
    let model = try Self.identity(wanted.width)
    var trainer = try Trainer(
      model, loss: wanted.isLogit ? Loss(.binaryCrossEntropy, fromLogits: true) : .meanSquaredError,
      optimizer: .sgd(), metrics: [.auc])
    let measured = Locked<[Double]>([])
    let history = try trainer.fit(
      outputs, .classes(wanted.labels), weights: wanted.labels.map { _ in 0 }, batchSize: 7, shuffle: false,
      callbacks: [LambdaCallback(batchEnded: { _, logs, _ in measured.value.append(logs["auc"] ?? .nan) })])
    let running = measured.value
    #expect(Closeness(running.map(Float.init), wanted.running.map(Float.init)).isWithin(relative: 1e-6))
    let exact = try trainer.evaluate(outputs, .classes(wanted.labels))["auc"]
    #expect(history["auc"] == [exact])
  }

  @Test(arguments: JudgedOutputs.expected?.weights ?? [])
  func balancesLikeScikitLearn(_ wanted: JudgedOutputs.Weights) {
    let found = ClassWeights.balanced.weights(of: wanted.labels)
    #expect(found.count == wanted.weights.count)
    for (label, weight) in wanted.weights { #expect(isNear(found[Int(label) ?? -1] ?? .nan, weight)) }
  }

  @Test func areasAreExact() throws {
    typealias Curve = ReceiverOperatingCharacteristic
    #expect(try Curve.area(scores: [0.1, 0.4, 0.35, 0.8], truths: [false, false, true, true]) == 0.75)
    #expect(try Curve.area(scores: [1, 1, 1, 1], truths: [false, true, false, true]) == 0.5)
    #expect(try Curve.area(scores: [3, 2, 1], truths: [false, false, true]) == 0)
    #expect(try Curve.area(scores: [1, 2], truths: [true, true]) == nil)
    #expect(try Curve.area(scores: [], truths: []) == nil)
    #expect(throws: TrainingError.count(place: "truths", expected: 2, found: 1)) {
      try Curve.area(scores: [1, 2], truths: [true])
    }
  }

  @Test func manyLabelsAreJudgedOneByOne() throws {
    let outputs = Tensor(shape: [2, 3], scalars: [2, -1, 1, -3, 4, -2])
    let targets = Tensor(shape: [2, 3], scalars: [1, 0, 0, 0, 1, 1])
    let trainer = try Trainer(
      try Self.identity(3), loss: Loss(.binaryCrossEntropy, fromLogits: true),
      metrics: [.binaryAccuracy, .precision, .recall])
    let logs = try trainer.evaluate(outputs, .targets(targets))
    #expect(isNear(logs["binary_accuracy"] ?? .nan, 4 / 6.0))
    #expect(isNear(logs["precision"] ?? .nan, 2 / 3.0))
    #expect(isNear(logs["recall"] ?? .nan, 2 / 3.0))
  }

  @Test func everyEpochMeasures() throws {
    let (features, labels) = SyntheticFeatures.separable(samples: 60, width: 4, classes: 3, seed: 6)
    var trainer = try Trainer(
      head: try Head("dense(3, softmax)"), inputShape: [4], optimizer: .adam(learningRate: 0.05),
      metrics: Metric.all)
    let history = try trainer.fit(
      features, .classes(labels), validation: Samples(features, .classes(labels)), epochs: 30)
    let names = ["loss"] + Metric.all.map(\.name)
    #expect(history.keys == names.sorted() + names.sorted().map { "val_" + $0 })
    for name in names.dropFirst() { #expect(try #require(history["val_" + name].last) > 0.9, "\(name)") }
    #expect(history["val_acc"] == history["val_accuracy"])
  }

  /// `metrics=['acc']`: Keras has the history under the name that was asked for.
  @Test func theOldNameOfAccuracyIsKept() throws {
    let (features, labels) = (Tensor(shape: [4, 1], scalars: [0, 1, 2, 3]), Labels.classes([0, 0, 1, 1]))
    func history(_ metrics: [Metric]) throws -> History {
      var trainer = try Trainer(head: try Head("dense(1, sigmoid)"), inputShape: [1], metrics: metrics)
      return try trainer.fit(features, labels, validation: Samples(features, labels), epochs: 3)
    }
    let (old, today) = (try history([.acc]), try history([.accuracy]))
    #expect(old.keys == ["acc", "loss", "val_acc", "val_loss"])
    #expect(old["accuracy"] == today["accuracy"] && old["val_acc"] == today["val_acc"])
    #expect(try History(json: old.json) == old && old.json.contains("\"val_acc\":"))
    #expect(try history([.accuracy, .acc]).keys.count == 6)
  }

  @Test func namesAreKeras() throws {
    for metric in Metric.all { #expect(try Metric(named: metric.name) == metric) }
    #expect(try Metric(named: "acc") == .acc)
    #expect(try Metric(named: "F1") == .f1Score)
    #expect(try Metric(named: "AUC") == .auc)
    #expect(try Metric(named: "top_3_categorical_accuracy") == .topKCategoricalAccuracy(k: 3))
    #expect { try Metric(named: "presision") } throws: { "\($0)".hasSuffix("did you mean precision?") }
    #expect(throws: TrainingError.self) { try Metric(named: "top_0_categorical_accuracy") }
    let model = try Self.identity(1)
    for metrics in [[Metric.topKCategoricalAccuracy()], [.accuracy, .accuracy]] {
      #expect(throws: TrainingError.self) { try Trainer(model, loss: .meanSquaredError, metrics: metrics) }
    }
  }

  /// What a head yields means what its loss made it mean, also when it comes back out of its JSON.
  @Test(arguments: [
    ("dense(1)", Loss.hinge, [Float(-3), 0.1, 2], [0, 1, 1]),
    ("dense(1)", .meanSquaredError, [0.4, 0.6, 7], [0, 1, 1]),
    ("dense(1)", Loss(.binaryCrossEntropy, fromLogits: true), [-1, 1, 0.1], [0, 1, 1]),
    ("dense(3)", .categoricalHinge, [-3, -1, -2], [1]), ("dense(3)", .meanSquaredError, [1.1, 1.2, -5], [1]),
    ("dense(3)", Loss(.categoricalCrossEntropy, fromLogits: true, labelSmoothing: 0.1), [2, 0, 1], [0]),
  ])
  func headsRememberWhatTheyYield(
    _ text: String, _ loss: Loss, _ outputs: [Float], _ classes: [Int]
  ) throws {
    let model = try Trainer(head: try Head(text), inputShape: [2], loss: loss).model
    let width = model.outputCount
    let restored = try HeadModel(json: try model.json) { name in
      model.parameters.first { $0.name == name }?.tensor
    }
    #expect(restored.loss == loss)
    let yielded = Tensor(shape: TensorShape([outputs.count / width, width]), scalars: outputs)
    #expect(try restored.predictedClasses(yielded) == classes)
    let probabilities = try restored.probabilities(yielded)
    #expect(probabilities.scalars.allSatisfy { (0...1).contains($0) })
    let wide = Tensor(repeating: 0, shape: [1, width + 1])
    let error = TrainingError.count(place: "outputs per sample", expected: width, found: width + 1)
    #expect(throws: error) { try restored.predictedClasses(wide) }
    #expect(throws: error) { try restored.probabilities(wide) }
    #expect(throws: TrainingError.count(place: "axes of the outputs", expected: 2, found: 1)) {
      try restored.probabilities(Tensor(repeating: 0, shape: [width]))
    }
    let wanted = try ConfusionMatrix(labels: classes, outputs: probabilities)
    #expect(wanted.correct == classes.count)
    #expect(try Trainer(restored).loss == loss)
  }

  /// A head that yields what it reads.
  static func identity(_ width: Int) throws -> HeadModel {
    try HeadModel(try Head("dense(\(width), use_bias=false)"), inputShape: TensorShape([width])) { _ in
      var kernel = Tensor(repeating: 0, shape: [width, width])
      for index in 0..<width { kernel.scalars[index * width + index] = 1 }
      return kernel
    }
  }

  private func isNear(_ found: Double, _ wanted: Double) -> Bool { abs(found - wanted) < 1e-9 }
}
