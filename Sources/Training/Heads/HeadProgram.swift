import Tensors

/// A head compiled for features of one shape: steps over batches of rows.
struct HeadProgram: Hashable, Sendable {
  /// One step; `rows` counts rows of `inputs` or `width` elements in one sample.
  enum Step: Hashable, Sendable {
    case dense(kernel: Int, bias: Int?, inputs: Int, units: Int, rows: Int)
    case activation(ActivationFunction, width: Int)
    case dropout(rate: Double)
    case averagePooling(positions: Int, channels: Int)
    case maxPooling(positions: Int, channels: Int)
    case normalization(NormalizationStep)
    case unitNormalization(width: Int)
  }

  /// What is stored for one parameter.
  struct Parameter: Hashable, Sendable {
    var name: String
    var shape: TensorShape
    var initializer: Initializer
    var regularizer = Regularizer()
    var isTrainable = true
  }

  private(set) var steps: [Step] = []
  private(set) var parameters: [Parameter] = []
  /// Elements per sample before every step, and after the last.
  private(set) var widths: [Int]

  init(_ head: Head, inputShape: TensorShape) throws(TrainingError) {
    widths = [inputShape.elementCount]
    for summary in try head.summary(inputShape: inputShape) { append(summary) }
  }

  /// The number of outputs per sample.
  var outputWidth: Int { widths[widths.count - 1] }

  /// The first step that learns; nothing before it needs a gradient.
  var firstTrainable: Int {
    steps.firstIndex { step in
      switch step {
      case .dense: true
      case .normalization(let step): step.gamma != nil || step.beta != nil
      default: false
      }
    } ?? steps.count
  }

  /// What the parameters cost, apart from the samples.
  func penalty(_ values: [[Float]]) -> Double {
    var penalty = 0.0
    for (parameter, values) in zip(parameters, values) where !parameter.regularizer.isFree {
      penalty += parameter.regularizer.penalty(values.span)
    }
    return penalty
  }

  private mutating func append(_ summary: HeadLayerSummary) {
    let input = summary.inputShape
    let width = summary.outputShape.elementCount
    switch summary.layer {
    case .dense(let dense): append(dense, name: summary.name, input: input, width: width)
    case .dropout(let dropout): append(.dropout(rate: dropout.rate), width: width)
    case .flatten: break
    case .globalAveragePooling:
      append(.averagePooling(positions: input[0] * input[1], channels: input[2]), width: width)
    case .globalMaxPooling:
      append(.maxPooling(positions: input[0] * input[1], channels: input[2]), width: width)
    case .activation(.linear): break
    case .activation(let function):
      append(.activation(function, width: input[input.rank - 1]), width: width)
    case .batchNormalization(let normalization):
      append(normalization, name: summary.name, channels: input[input.rank - 1], width: width)
    case .unitNormalization: append(.unitNormalization(width: input[input.rank - 1]), width: width)
    }
  }

  private mutating func append(
    _ normalization: BatchNormalization, name: String, channels: Int, width: Int
  ) {
    func declare(_ role: String, _ initializer: Initializer, isTrainable: Bool) -> Int {
      parameters.append(
        Parameter(
          name: "\(name)/\(role)", shape: TensorShape([channels]), initializer: initializer,
          isTrainable: isTrainable))
      return parameters.count - 1
    }
    let gamma = normalization.scale ? declare("gamma", .ones, isTrainable: true) : nil
    let beta = normalization.center ? declare("beta", .zeros, isTrainable: true) : nil
    let mean = declare("moving_mean", .zeros, isTrainable: false)
    let variance = declare("moving_variance", .ones, isTrainable: false)
    append(
      .normalization(
        NormalizationStep(
          gamma: gamma, beta: beta, movingMean: mean, movingVariance: variance, channels: channels,
          momentum: normalization.momentum, epsilon: normalization.epsilon)), width: width)
  }

  private mutating func append(_ dense: Dense, name: String, input: TensorShape, width: Int) {
    let inputs = input[input.rank - 1]
    let kernel = parameters.count
    parameters.append(
      Parameter(
        name: "\(name)/kernel", shape: TensorShape([inputs, dense.units]),
        initializer: dense.kernelInitializer,
        regularizer: dense.kernelRegularizer))
    if dense.useBias {
      parameters.append(
        Parameter(
          name: "\(name)/bias", shape: TensorShape([dense.units]), initializer: dense.biasInitializer,
          regularizer: dense.biasRegularizer))
    }
    append(
      .dense(
        kernel: kernel, bias: dense.useBias ? kernel + 1 : nil, inputs: inputs, units: dense.units,
        rows: width / dense.units), width: width)
    guard dense.activation != .linear else { return }
    append(.activation(dense.activation, width: dense.units), width: width)
  }

  private mutating func append(_ step: Step, width: Int) {
    steps.append(step)
    widths.append(width)
  }
}
