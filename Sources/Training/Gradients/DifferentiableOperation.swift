import Catalog
import Kernels
import Randomness
import Tensors

/// An operation that can stand behind a gradient: it can be trained, and trained through.
///
/// A file an operation: how it computes while it is trained, what it keeps of that, and how gradients go back through
/// it.
protocol DifferentiableOperation: LayerOperation {
  /// What keeps these settings from being trained, if anything.
  func problem(_ training: TrainingAttributes) -> SettingProblem?

  /// What keeps a layer of a backbone from being trained, or trained through, where it stands, if anything.
  func problem(of layer: LayerSite) -> SettingProblem?

  /// The steps that compute a layer of this operation, one after the other: the first reads what the layer reads. None where
  /// the output is the input.
  func steps(of layer: LayerSite) -> [any DifferentiableStep]
}

extension DifferentiableOperation {
  func problem(_ training: TrainingAttributes) -> SettingProblem? { nil }
  func problem(of layer: LayerSite) -> SettingProblem? { nil }
}

/// A setting that cannot be trained with.
struct SettingProblem {
  var expected: String
  var found: String
}

/// The registry: every operation a head may have, and those that a trained part of a backbone may have besides.
package enum DifferentiableOperations {
  package static var all: [any LayerOperation.Type] { types.map { $0 } }

  /// Those that only stand in backbones.
  package static let ofBackbones: [any LayerOperation.Type] = [
    Conv2D.self, DepthwiseConv2D.self, SeparableConv2D.self, LayerNormalization.self, GroupNormalization.self,
    LayerScale.self, Rescaling.self, Normalization.self, PReLU.self, ZeroPadding2D.self, Cropping2D.self,
    CenterCrop.self, UpSampling2D.self, MaxPooling2D.self, AveragePooling2D.self, Add.self, Subtract.self,
    Multiply.self, Average.self, Maximum.self, Minimum.self, CustomScaleLayer.self, Concatenate.self,
    SpatialDropout2D.self, StochasticDepth.self, Reshape.self,
  ]

  /// Those of backbones that the classifiers of whole models may have, too. Heads with them are not declared.
  static let ofClassifiers: [any DifferentiableOperation.Type] = [
    Conv2D.self, SeparableConv2D.self, DepthwiseConv2D.self, MaxPooling2D.self, AveragePooling2D.self,
    Rescaling.self, Reshape.self,
  ]

  static let types: [any DifferentiableOperation.Type] = [
    Catalog.Dense.self, ActivationLayer.self, ReLU.self, LeakyReLU.self, ELU.self, Softmax.self,
    Catalog.BatchNormalization.self, Catalog.LayerNormalization.self,
    Catalog.UnitNormalization.self, Catalog.Dropout.self, Catalog.Flatten.self,
    Catalog.GlobalAveragePooling2D.self, Catalog.GlobalMaxPooling2D.self,
  ]
}

/// Where a layer stands in a program: what it reads, and which of the program's parameters are its own.
struct LayerSite {
  /// One sample's, `[H, W, C]` or `[C]` each.
  var inputShapes: [TensorShape]
  var outputShape: TensorShape
  /// Where the parameters of its roles (`kernel`) are among the program's.
  var parameters: [String: Int]
  var training: TrainingAttributes
  /// Whether its parameters learn; a batch normalisation whose do not goes by its moving averages.
  var learns = true
  /// Whether convolutions do without minimal filtering.
  var isExact = false

  /// The first of what it reads.
  var inputShape: TensorShape { inputShapes[0] }

  /// The innermost extent of what it reads.
  var channels: Int { inputShape[inputShape.rank - 1] }
  /// Rows times columns of what it reads.
  var positions: Int { inputShape.elementCount / max(1, channels) }
}

/// The positions of a sample as a global pooling sees them: `[positions, channels]`, of which it makes `[channels]`.
struct PooledPositions: Sendable {
  let count: Int
  let channels: Int

  init(_ layer: LayerSite) { (count, channels) = (layer.positions, layer.channels) }

  /// Where the elements lie that element `index` of the outputs of all samples is made of.
  func places(of index: Int) -> StrideTo<Int> {
    let start = index / channels * count * channels + index % channels
    return stride(from: start, to: start + count * channels, by: channels)
  }
}

/// One step of a layer, over a batch: reads values `[samples, width]` and writes one.
protocol DifferentiableStep: Sendable {
  /// Whether parameters of it learn.
  var learns: Bool { get }

  /// Elements of the output per sample; nil for those of the layer's.
  var width: Int? { get }

  /// What of the way forward the way back reads.
  var backwardReads: BackwardReads { get }

  /// Whether the output is made of products by weights, which take longer to compute again than anything else.
  var multipliesWeights: Bool { get }

  /// Computes the output. Returns what the way back needs besides inputs and output.
  func forward(
    _ inputs: [[Float]], into output: inout MutableSpan<Float>, _ parameters: [[Float]], _ batch: StepBatch
  ) -> (any Sendable)?

  /// Turns the gradient by the output into that by input `index`.
  func inputGradient(
    _ record: StepRecord, of index: Int, _ parameters: [[Float]], into result: inout MutableSpan<Float>)

  /// Hands the gradients by its parameters to `consumer`, which may change `values`, the parameters, at once.
  func parameterGradients(
    _ record: StepRecord, _ values: inout [[Float]], into consumer: inout some GradientConsumer)

  /// Moves averages, which do not learn, towards what ``forward(_:into:_:_:)`` kept of a batch of training.
  func moveAverages(_ parameters: inout [[Float]], kept: (any Sendable)?)
}

extension DifferentiableStep {
  var learns: Bool { false }
  var width: Int? { nil }
  var backwardReads: BackwardReads { [.inputs, .output] }
  var multipliesWeights: Bool { false }

  func parameterGradients(
    _ record: StepRecord, _ values: inout [[Float]], into consumer: inout some GradientConsumer
  ) {}

  func moveAverages(_ parameters: inout [[Float]], kept: (any Sendable)?) {}
}

/// What a step's way back reads of the way forward besides what the step kept: the rest need not stay in memory.
struct BackwardReads: OptionSet, Sendable {
  let rawValue: Int

  static let inputs = BackwardReads(rawValue: 1)
  static let output = BackwardReads(rawValue: 2)
}

/// A step that reads one value.
protocol UnaryStep: DifferentiableStep {
  /// Computes the output. Returns what the way back needs besides input and output.
  func forward(
    _ input: Span<Float>, into output: inout MutableSpan<Float>, _ parameters: [[Float]], _ batch: StepBatch
  ) -> (any Sendable)?

  /// Turns the gradient by the output into that by the input.
  func inputGradient(
    _ record: StepRecord, _ parameters: [[Float]], into result: inout MutableSpan<Float>)
}

extension UnaryStep {
  func forward(
    _ inputs: [[Float]], into output: inout MutableSpan<Float>, _ parameters: [[Float]], _ batch: StepBatch
  ) -> (any Sendable)? {
    let input = inputs[0]
    return forward(input.span, into: &output, parameters, batch)
  }

  func inputGradient(
    _ record: StepRecord, of index: Int, _ parameters: [[Float]], into result: inout MutableSpan<Float>
  ) {
    inputGradient(record, parameters, into: &result)
  }
}

/// The batch that a step is at.
struct StepBatch: Sendable {
  var samples: Int
  var pool: ThreadPool
  /// Memory that steps take turns in.
  var memory: TrainingMemory
  /// Whether it is there to be learnt from: batch normalisation then goes by the batch, not by its averages.
  var isTraining: Bool
  /// What dropout draws with; nil where it is the identity.
  var dropout: SplitMix64?

  var crew: TrainingCrew { TrainingCrew(images: samples, pool: pool, memory: memory) }
}

/// What the way forward left behind at a step, with the gradient that has come back to it.
struct StepRecord: Sendable {
  /// Empty, as the output is, where ``DifferentiableStep/backwardReads`` does not name them.
  var inputs: [[Float]]
  /// The first of them.
  var input: [Float]
  var output: [Float]
  /// By the output.
  var gradient: [Float]
  /// What ``DifferentiableStep/forward(_:into:_:_:)`` returned.
  var kept: (any Sendable)?
  var batch: StepBatch
}
