/// What batches add up to, for the metrics that are asked for.
struct MetricTally: Codable, Sendable {
  /// How outputs are read.
  struct Reading: Codable, Hashable, Sendable {
    let metrics: [Metric]
    /// Outputs a sample.
    let width: Int
    /// What an output must exceed to mean yes.
    let threshold: Float
    /// Whether every output is a yes or no of its own.
    let isMultiLabel: Bool
  }

  private var samples = 0
  private var correct = 0
  private var correctOutputs = 0
  private var topHits: [Int: Int] = [:]
  private var hits: [Int]
  private var predictions: [Int]
  private var support: [Int]
  /// Outputs and truths of all samples, where a curve is asked for.
  private var scores: [Float] = []
  private var truths: [Bool] = []
  private let reading: Reading
  /// The scores in bins, as far as they were put there: found again from the scores, so no part of what is kept.
  private var curve = BinnedCurve()

  private enum CodingKeys: CodingKey {
    case samples, correct, correctOutputs, topHits, hits, predictions, support, scores, truths, reading
  }

  init(_ reading: Reading) {
    self.reading = reading
    hits = [Int](repeating: 0, count: reading.width)
    predictions = hits
    support = hits
  }

  /// Counts a batch: outputs and targets `[N, width]`.
  mutating func add(_ outputs: Span<Float>, _ targets: Span<Float>) {
    let width = reading.width
    samples += outputs.count / width
    correct += Accuracy.correct(outputs, targets, width: width, threshold: reading.threshold)
    guard reading.metrics != [.accuracy] else { return }
    for start in stride(from: 0, to: outputs.count, by: width) {
      let row = start..<start + width
      count(outputs.extracting(row), targets.extracting(row))
    }
    guard reading.metrics.contains(.auc) else { return }
    for index in outputs.indices {
      scores.append(outputs[index])
      truths.append(targets[index] > 0.5)
    }
  }

  private mutating func count(_ outputs: Span<Float>, _ targets: Span<Float>) {
    let isCategorical = reading.width > 1 && !reading.isMultiLabel
    let label = isCategorical ? Accuracy.predictedClass(targets, threshold: 0.5) : 0
    let predicted = isCategorical ? Accuracy.predictedClass(outputs, threshold: reading.threshold) : 0
    for index in outputs.indices {
      let isAbove = outputs[index] > reading.threshold
      if (isAbove ? 1 : 0) == targets[index] { correctOutputs += 1 }
      let isPredicted = isCategorical ? index == predicted : isAbove
      let isTrue = isCategorical ? index == label : targets[index] > 0.5
      if isPredicted { predictions[index] += 1 }
      if isTrue { support[index] += 1 }
      if isPredicted && isTrue { hits[index] += 1 }
    }
    for case .topKCategoricalAccuracy(let k) in reading.metrics {
      let label = Accuracy.predictedClass(targets, threshold: 0.5)
      let better = outputs.indices.count { outputs[$0] > outputs[label] }
      if better < k { topHits[k, default: 0] += 1 }
    }
  }

  /// Adds batches that were read alike; others take the place of what there is.
  mutating func add(_ other: MetricTally) {
    guard reading == other.reading, hits.count == other.hits.count, predictions.count == hits.count,
      support.count == hits.count, scores.count == truths.count
    else {
      self = other
      return
    }
    samples += other.samples
    correct += other.correct
    correctOutputs += other.correctOutputs
    topHits.merge(other.topHits, uniquingKeysWith: +)
    for index in hits.indices {
      hits[index] += other.hits[index]
      predictions[index] += other.predictions[index]
      support[index] += other.support[index]
    }
    scores += other.scores
    truths += other.truths
  }

  /// The value of every metric.
  var values: [(name: String, value: Double)] { reading.metrics.map { ($0.name, value(of: $0)) } }

  /// The same between two batches, where the area under the curve is the one of Keras's thresholds: the exact one
  /// takes all samples at once.
  mutating func runningValues() -> [(name: String, value: Double)] {
    if reading.metrics.contains(.auc) {
      curve.add(scores, truths, width: reading.width, isLogit: reading.threshold == 0)
    }
    return reading.metrics.map { ($0.name, $0 == .auc ? curve.area : value(of: $0)) }
  }

  private func value(of metric: Metric) -> Double {
    switch metric {
    case .accuracy, .acc, .sparseCategoricalAccuracy: ConfusionMatrix.ratio(correct, samples)
    case .categoricalAccuracy: reading.width == 1 ? 1 : ConfusionMatrix.ratio(correct, samples)
    case .binaryAccuracy: ConfusionMatrix.ratio(correctOutputs, samples * reading.width)
    case .topKCategoricalAccuracy(let k): ConfusionMatrix.ratio(topHits[k] ?? 0, samples)
    case .precision: mean { ConfusionMatrix.ratio(hits[$0], predictions[$0]) }
    case .recall: mean { ConfusionMatrix.ratio(hits[$0], support[$0]) }
    case .f1Score: mean { ConfusionMatrix.ratio(2 * hits[$0], predictions[$0] + support[$0]) }
    case .auc: area
    }
  }

  private func mean(_ value: (Int) -> Double) -> Double {
    hits.indices.reduce(0) { $0 + value($1) } / Double(reading.width)
  }

  /// The mean over the classes that some samples are of and some are not; 0 when there is none.
  private var area: Double {
    let width = reading.width
    let areas = (0..<width).compactMap { output in
      let indices = stride(from: output, to: scores.count, by: width)
      return ReceiverOperatingCharacteristic.area(
        indices.map { scores[$0] }, indices.map { truths[$0] })
    }
    return ReceiverOperatingCharacteristic.mean(areas)
  }
}
