import Catalog
import Kernels
import Tensors

/// A head compiled for features of one shape: steps over batches of rows.
struct HeadProgram: Sendable {
  /// What is stored for one parameter.
  struct Parameter: Hashable, Sendable {
    var name: String
    var shape: TensorShape
    var isTrainable: Bool
    var initializer: Initializer
    var regularizer: Regularizer
  }

  private(set) var steps: [any DifferentiableStep] = []
  private(set) var parameters: [Parameter] = []
  /// Elements per sample before every step, and after the last.
  private(set) var widths: [Int]

  init(_ head: Head, inputShape: TensorShape) throws(TrainingError) {
    widths = [inputShape.elementCount]
    for summary in try head.summaries(inputShape: inputShape) { try append(summary) }
  }

  /// The number of outputs per sample.
  var outputWidth: Int { widths[widths.count - 1] }

  /// The first step that learns; nothing before it needs a gradient.
  var firstTrainable: Int { steps.firstIndex(where: \.learns) ?? steps.count }

  /// What the parameters cost, apart from the samples.
  func penalty(_ values: [[Float]]) -> Double {
    var penalty = 0.0
    for (parameter, values) in zip(parameters, values) where !parameter.regularizer.isFree {
      penalty += parameter.regularizer.penalty(values.span)
    }
    return penalty
  }

  private mutating func append(_ summary: HeadLayerSummary) throws(TrainingError) {
    let operation = try summary.layer.differentiableOperation(name: summary.name)
    let training = summary.layer.training
    var site = HeadLayerSite(
      inputShape: summary.inputShape, outputShape: summary.outputShape, parameters: [:], training: training)
    for parameter in summary.parameters {
      site.parameters[parameter.role] = parameters.count
      parameters.append(
        Parameter(
          name: parameter.name, shape: parameter.shape, isTrainable: parameter.isTrainable,
          initializer: training.initializer(of: parameter.role),
          regularizer: training.regularizer(of: parameter.role)))
    }
    for step in operation.steps(of: site) {
      steps.append(step)
      widths.append(summary.outputShape.elementCount)
    }
  }
}

extension HeadProgram {
  /// Refuses parameters that are not there, or in another shape; `shape` knows that of a tensor such as `head/dense/kernel`.
  func check(_ shape: (String) -> TensorShape?) throws(TrainingError) {
    for parameter in parameters { try parameter.check(shape(HeadModel.prefix + parameter.name)) }
  }

  /// Refuses parameters that could not be trained in the memory there is: values, gradients and two moments of each.
  func checkMemory() throws(TrainingError) { try Self.check(elements: elementCount, copies: 4) }

  /// Refuses what an optimizer would take beside values that are there: what it remembers, whole gradients where it asks for
  /// them, and the copy that answers while the head is measured.
  func checkMemory(for optimizer: Optimizer) throws(TrainingError) {
    let gradients = optimizer.clipping?.needsWholeGradients == true ? 1 : 0
    try Self.check(elements: elementCount, copies: optimizer.rule.arrayCount + gradients + 1)
  }

  /// Refuses batches whose values and gradients, and what matrix products make of either, there is no room for.
  func checkMemory(rows: Int) throws(TrainingError) {
    try Self.check(elements: widths.reduce(0, +), copies: rows, 3)
  }

  /// Of all parameters; as many as can be counted.
  private var elementCount: Int {
    parameters.reduce(0) { count, parameter in
      let (sum, overflow) = count.addingReportingOverflow(parameter.shape.elementCount)
      return overflow ? .max : sum
    }
  }

  private static func check(elements: Int, copies: Int, _ more: Int = 1) throws(TrainingError) {
    do {
      try MemoryLimit.check(MemoryLimit.product(elements, copies, more, MemoryLayout<Float>.size))
    } catch {
      throw .notEnoughMemory(neededBytes: error.neededBytes, availableBytes: error.availableBytes)
    }
  }
}

extension HeadProgram.Parameter {
  /// Refuses a tensor of another shape than the parameter's, and none at all.
  func check(_ found: TensorShape?) throws(TrainingError) {
    let name = HeadModel.prefix + name
    guard let found else { throw .missingParameter(name: name) }
    guard found == shape else { throw .parameterShape(name: name, expected: shape, found: found) }
  }
}
