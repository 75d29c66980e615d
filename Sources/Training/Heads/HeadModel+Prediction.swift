import Catalog
package import Execution
package import Kernels
public import Tensors

extension HeadModel {
  /// The head's outputs `[N, outputs]` for features `[N, C]` or `[N, H, W, C]`: probabilities behind a
  /// softmax or sigmoid. Dropout does nothing here.
  ///
  /// - Throws: ``TrainingError/features(expected:found:)`` for features of another shape,
  ///   ``TrainingError/notEnoughMemory(neededBytes:availableBytes:)``.
  public func predict(_ features: Tensor, batchSize: Int = 32) throws(TrainingError) -> Tensor {
    let answers = try answers(to: features, batchSize: batchSize)
    return Tensor(shape: TensorShape([answers.count, outputCount]), scalars: answers.outputs)
  }

  /// What the head says of features `[N, C]` or `[N, H, W, C]`.
  package func answers(
    to features: any SampleRows, batchSize: Int = 32
  ) throws(TrainingError) -> HeadAnswers {
    let count = try sampleCount(of: features.shape)
    return try predictor(batchSize: batchSize, samples: count).answers(features, upTo: count)
  }

  /// What answers for the head alone, any number of times.
  ///
  /// - Parameter samples: how many there will be at a time, at most; nil where nobody knows.
  package func predictor(batchSize: Int = 32, samples: Int? = nil) throws(TrainingError) -> HeadPredictor {
    try Settings.check(batchSize: batchSize)
    // A batch of more than all is a batch of all.
    let together = min(batchSize, max(1, samples ?? batchSize))
    guard tail == nil else { return HeadPredictor(running: self, batchSize: together) }
    return try HeadPredictor(self, batchSize: together)
  }

  /// The plan of a network with this head behind it: what comes out are the scores and the outputs of ``HeadAnswers``.
  package func appended(to plan: Plan, on pool: ThreadPool) throws -> Plan {
    let graph = HeadGraph(head, reading: inputShape)
    let views = views
    return try plan.appending(
      graph.layers, outputs: graph.outputs, parameters: { views[$0] }, pool: pool)
  }

  /// The number of samples in features of `shape`, whose other axes must be the input shape.
  func sampleCount(of shape: TensorShape) throws(TrainingError) -> Int {
    guard let count = shape.dimensions.first, Array(shape.dimensions.dropFirst()) == inputShape.dimensions
    else {
      let found = TensorShape(Array(shape.dimensions.dropFirst()))
      throw .features(expected: inputShape, found: found)
    }
    return count
  }

  /// The parameters by name.
  fileprivate var views: [String: TensorView] {
    Dictionary(parameters.map { ($0.name, TensorView($0.tensor)) }) { first, _ in first }
      .compactMapValues(\.self)
  }
}

extension HeadGraph {
  /// Throws what planning the head for features of `shape` would.
  func check(_ shape: TensorShape) throws(TrainingError) {
    let extents = shape.dimensions
    var options = Plan.Options()
    options.outputs = outputs
    do {
      _ = try Plan.check(
        layers, height: extents.count == 3 ? extents[0] : 1, width: extents.count == 3 ? extents[1] : 1,
        options: options)
    } catch {
      throw TrainingError(error)
    }
  }
}

/// What a head says of samples.
package struct HeadAnswers: Sendable {
  /// What goes into a closing activation, which is what a loss reads, `[N, outputs]`; the outputs where there is none.
  package var scores: [Float]
  /// `[N, outputs]`
  package var outputs: [Float]
  /// The number of samples.
  package var count: Int

  package init(scores: [Float] = [], outputs: [Float] = [], count: Int = 0) {
    (self.scores, self.outputs, self.count) = (scores, outputs, count)
  }

  /// Whether all are numbers.
  package var isFinite: Bool { outputs.allSatisfy(\.isFinite) }

  /// Refuses answers that are not numbers, by which no class is more likely than another.
  package func checked() throws(TrainingError) -> HeadAnswers {
    if let found = outputs.first(where: { !$0.isFinite }) { throw .answersNotFinite(found: found) }
    return self
  }

  package mutating func append(_ other: HeadAnswers) {
    scores += other.scores
    outputs += other.outputs
    count += other.count
  }
}

/// What answers to features. Of a head alone: a plan, with its weights packed and the memory to run in. Of a head behind a part of a
/// backbone, whose weights change from step to step: the steps that train it.
package struct HeadPredictor: Sendable {
  private enum Form: Sendable {
    case planned(Session)
    case trained(HeadModel, batchSize: Int)
  }

  private let form: Form

  fileprivate init(running model: HeadModel, batchSize: Int) {
    form = .trained(model, batchSize: batchSize)
  }

  fileprivate init(_ model: HeadModel, batchSize: Int) throws(TrainingError) {
    let graph = HeadGraph(model.head, reading: model.inputShape)
    let (views, extents) = (model.views, model.inputShape.dimensions)
    var options = Plan.Options()
    options.outputs = graph.outputs
    do {
      let plan = try Plan(
        graph: graph.layers, parameters: { views[$0] }, height: extents.count == 3 ? extents[0] : 1,
        width: extents.count == 3 ? extents[1] : 1, options: options, pool: model.pool)
      form = .planned(try Session(plan, pool: model.pool, sliceImages: batchSize))
    } catch {
      throw TrainingError(error)
    }
  }

  /// What the head says of the first `count` rows.
  func answers(_ rows: any SampleRows, upTo count: Int) throws(TrainingError) -> HeadAnswers {
    if case .trained(let model, let batchSize) = form {
      return try model.answers(upTo: count, batchSize: batchSize) { batch, workspace throws(TrainingError) in
        try workspace.load(rows, batch, sources: model.program.sourceCount)
      }
    }
    if let tensor = rows as? Tensor {
      return try answers(tensor.scalars.span.extracting(0..<count * rows.width))
    }
    var all = HeadAnswers()
    try rows.forEachPiece(upTo: count) { piece throws(TrainingError) in all.append(try answers(piece)) }
    return all
  }

  /// What the head says of whole samples' elements.
  package func answers(_ features: Span<Float>) throws(TrainingError) -> HeadAnswers {
    switch form {
    case .planned(let session): try Self.answers(features, by: session)
    case .trained(let model, let batchSize):
      model.answers(upTo: features.count / model.inputShape.elementCount, batchSize: batchSize) {
        batch, workspace in
        workspace.load(features, batch, sources: model.program.sourceCount)
      }
    }
  }

  private static func answers(
    _ features: Span<Float>, by session: Session
  ) throws(TrainingError) -> HeadAnswers {
    let size = session.plan.inputShape.elementCount
    do {
      let outputs = try session.runAll(features)
      return HeadAnswers(scores: outputs[0], outputs: outputs[1], count: features.count / size)
    } catch {
      throw TrainingError(error)
    }
  }
}

extension HeadModel {
  /// What the steps that train the model say of the first `count` samples, which `load` puts into memory, some at a time.
  fileprivate func answers<Failure: Error>(
    upTo count: Int, batchSize: Int, load: (Range<Int>, inout HeadWorkspace) throws(Failure) -> Void
  ) throws(Failure) -> HeadAnswers {
    var workspace = HeadWorkspace(program, recomputation: nil, pool: pool)
    let closing = program.steps.last is ActivationStep ? program.outputValue - 1 : program.outputValue
    var answers = HeadAnswers()
    for start in stride(from: 0, to: count, by: batchSize) {
      let batch = start..<min(start + batchSize, count)
      try load(batch, &workspace)
      program.forward(values, &workspace, .inference)
      answers.append(
        HeadAnswers(
          scores: workspace.values[closing], outputs: workspace.values[program.outputValue],
          count: batch.count))
    }
    return answers
  }
}

extension TrainingError {
  /// Why a head cannot be planned or run, as ours.
  fileprivate init(_ error: any Error) {
    if case ExecutionError.notEnoughMemory(let needed, let available) = error {
      self = .notEnoughMemory(neededBytes: needed, availableBytes: available)
    } else {
      self = .malformedHead(reason: "\(error)")
    }
  }
}
