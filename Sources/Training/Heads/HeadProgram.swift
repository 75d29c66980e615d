import Catalog
import Kernels
import Machine
import Tensors

/// What is trained, compiled: steps over batches of rows, each of which reads some values and writes one. A head is a chain of
/// steps; the part of a backbone that is trained with it, before it, is any graph.
struct HeadProgram: Sendable {
  /// What is stored for one parameter.
  struct Parameter: Hashable, Sendable {
    /// As the optimizer calls it: `dense/kernel`, or `backbone/conv5_block3_3_conv/kernel`.
    var name: String
    /// The name of its tensor.
    var tensorName: String
    var shape: TensorShape
    var isTrainable: Bool
    var initializer: Initializer
    var regularizer: Regularizer
  }

  private(set) var steps: [any DifferentiableStep] = []
  /// The values that every step reads; step `index` writes value `sourceCount + index`.
  private(set) var inputs: [[Int]] = []
  private(set) var parameters: [Parameter] = []
  /// Elements per sample of every value: of the features, then of what each step writes.
  private(set) var widths: [Int]
  /// Values that are features.
  let sourceCount: Int
  /// The first step of the head.
  private(set) var headStart = 0
  /// Which values depend on a parameter that learns.
  private(set) var needsGradient: [Bool] = []
  /// The same while the head alone learns.
  private(set) var needsHeadGradient: [Bool] = []

  init(_ head: Head, inputShape: TensorShape) throws(TrainingError) {
    (widths, sourceCount) = ([inputShape.elementCount], 1)
    try append(head, inputShape: inputShape)
  }

  /// A head behind a part of a backbone.
  init(_ head: Head, behind tail: BackboneTail) throws(TrainingError) {
    (widths, sourceCount) = (tail.sources.map(\.shape.elementCount), tail.sources.count)
    try append(tail)
    headStart = steps.count
    try append(head, inputShape: tail.outputShape)
  }

  private mutating func append(_ head: Head, inputShape: TensorShape) throws(TrainingError) {
    for summary in try head.summaries(inputShape: inputShape) { try append(summary) }
    needsGradient = dependents(from: 0)
    needsHeadGradient = dependents(from: headStart)
  }

  /// The parameters of a backbone, which come first.
  var tailParameterCount: Int { parameters.count { $0.tensorName.hasPrefix(BackboneTail.prefix) } }

  /// The elements of every parameter that learns; 0 for the others.
  var trainableCounts: [Int] { parameters.map { $0.isTrainable ? $0.shape.elementCount : 0 } }

  /// The number of outputs per sample.
  var outputWidth: Int { widths[outputValue] }

  /// The value that is the output.
  var outputValue: Int { widths.count - 1 }

  /// Which values depend on parameters of steps from `first` on that learn.
  private func dependents(from first: Int) -> [Bool] {
    var result = [Bool](repeating: false, count: sourceCount)
    for (index, step) in steps.enumerated() {
      result.append(index >= first && step.learns || inputs[index].contains { result[$0] })
    }
    return result
  }

  /// What the parameters cost, apart from the samples; where the head alone learns, a backbone's cost nothing, as in Keras.
  func penalty(_ values: [[Float]], headAlone: Bool = false) -> Double {
    let first = headAlone ? tailParameterCount : 0
    var penalty = 0.0
    for (parameter, values) in zip(parameters, values).dropFirst(first) where !parameter.regularizer.isFree {
      penalty += parameter.regularizer.penalty(values.span)
    }
    return penalty
  }

  private mutating func append(_ summary: HeadLayerSummary) throws(TrainingError) {
    let operation = try summary.layer.differentiableOperation(name: summary.name)
    let training = summary.layer.training
    var site = LayerSite(
      inputShapes: [summary.inputShape], outputShape: summary.outputShape, parameters: [:], training: training
    )
    for parameter in summary.parameters {
      site.parameters[parameter.role] = parameters.count
      parameters.append(
        Parameter(
          name: parameter.name, tensorName: HeadModel.prefix + parameter.name, shape: parameter.shape,
          isTrainable: parameter.isTrainable, initializer: training.initializer(of: parameter.role),
          regularizer: training.regularizer(of: parameter.role)))
    }
    if let problem = operation.problem(of: site) {
      throw .layer(name: summary.name, expected: problem.expected, found: problem.found)
    }
    append(operation.steps(of: site), width: summary.outputShape.elementCount, reading: [outputValue])
  }

  /// Appends the steps of a layer; returns the value that is its output.
  @discardableResult
  private mutating func append(
    _ layer: [any DifferentiableStep], width: Int, reading values: [Int]
  ) -> Int {
    var values = values
    for step in layer {
      steps.append(step)
      inputs.append(values)
      widths.append(step.width ?? width)
      values = [outputValue]
    }
    return values[0]
  }
}

extension HeadProgram {
  /// Appends the layers of a tail, in their order.
  private mutating func append(_ tail: BackboneTail) throws(TrainingError) {
    let others = tail.layers.filter { !($0.operation is any DifferentiableOperation) }
    guard others.isEmpty else {
      throw .noGradientBehind(layers: others.map { "\($0.name) (\($0.operation.kerasClass))" })
    }
    var values = Dictionary(
      tail.sources.enumerated().map { ($1.layer, $0) }, uniquingKeysWith: { first, _ in first })
    for layer in tail.layers {
      guard let operation = layer.operation as? any DifferentiableOperation else { continue }
      var site = LayerSite(
        inputShapes: layer.inputShapes, outputShape: layer.outputShape, parameters: [:],
        training: layer.training, learns: layer.learns, isExact: tail.isExact)
      if let problem = operation.problem(layer.training) ?? operation.problem(of: site) {
        throw .layer(name: layer.name, expected: problem.expected, found: problem.found)
      }
      for parameter in layer.parameters { site.parameters[parameter.role] = append(parameter, of: layer) }
      let read = layer.inputs.compactMap { values[$0] }
      values[layer.name] = append(
        operation.steps(of: site), width: layer.outputShape.elementCount, reading: read)
    }
  }

  /// Appends a parameter of a backbone; returns its place.
  private mutating func append(_ parameter: Catalog.Parameter, of layer: BackboneTail.Layer) -> Int {
    parameters.append(
      Parameter(
        name: BackboneTail.prefix + parameter.name, tensorName: BackboneTail.prefix + parameter.name,
        shape: parameter.shape, isTrainable: layer.learns && parameter.isTrainable,
        initializer: .zeros,
        regularizer: layer.learns ? layer.training.regularizer(of: parameter.role) : Regularizer()))
    return parameters.count - 1
  }
}

extension HeadProgram {
  /// Refuses parameters that are not there, or in another shape; `shape` knows that of a tensor such as `head/dense/kernel`.
  func check(_ shape: (String) -> TensorShape?) throws(TrainingError) {
    for parameter in parameters { try parameter.check(shape(parameter.tensorName)) }
  }

  /// Refuses parameters that could not be trained in the memory there is: values, gradients and two moments of each.
  func checkMemory() throws(TrainingError) { try Self.check(elements: elementCount(), copies: 4) }

  /// Refuses what an optimizer would take beside values that are there: what it remembers, whole gradients where it asks for
  /// them, and the copy that answers while the head is measured.
  func checkMemory(for optimizer: Optimizer) throws(TrainingError) {
    let gradients = optimizer.clipping?.needsWholeGradients == true ? 1 : 0
    try Self.check(
      elements: elementCount(isTrainable: sourceCount > 1 || headStart > 0),
      copies: optimizer.rule.arrayCount + gradients + 1)
  }

  /// What does not stay for the way back, so that the values and gradients of a batch take at most `limit` bytes, or nil for
  /// what memory there is. Refuses batches for which there is no room however little stays.
  func recomputation(rows: Int, within limit: Int?) throws(TrainingError) -> Recomputation {
    guard headStart > 0 else {
      // What matrix products make of either counts, too.
      try checkRoom(elements: widths.reduce(0, +), copies: 3, rows: rows, within: limit)
      return .nothing
    }
    var least = Int.max
    for recomputation in Recomputation.allCases {
      let elements = mostElements(recomputation)
      let need = MemoryLimit.product(elements, rows, MemoryLayout<Float>.size)
      if let need, need <= min(limit ?? .max, MemoryLimit.available) { return recomputation }
      least = min(least, elements)
    }
    try checkRoom(elements: least, copies: 1, rows: rows, within: limit)
    return .nothing
  }

  private func checkRoom(elements: Int, copies: Int, rows: Int, within limit: Int?) throws(TrainingError) {
    let available = min(limit ?? .max, MemoryLimit.available)
    let needed = MemoryLimit.product(elements, copies, rows, MemoryLayout<Float>.size) ?? .max
    guard needed > available else { return }
    // Room is taken by the image; a count that overflowed says nothing of one.
    let fitting = needed == .max ? 0 : available / max(1, needed / max(1, rows))
    throw .batchTooLarge(
      images: rows, fitting: min(fitting, rows - 1), neededBytes: needed, availableBytes: available)
  }

  /// Of all parameters, or of those that learn alone; as many as can be counted.
  private func elementCount(isTrainable: Bool = false) -> Int {
    parameters.reduce(0) { count, parameter in
      if isTrainable, !parameter.isTrainable { return count }
      let (sum, overflow) = count.addingReportingOverflow(parameter.shape.elementCount)
      return overflow ? .max : sum
    }
  }

  private static func check(elements: Int, copies: Int) throws(TrainingError) {
    do {
      try MemoryLimit.check(MemoryLimit.product(elements, copies, MemoryLayout<Float>.size))
    } catch {
      throw .notEnoughMemory(neededBytes: error.neededBytes, availableBytes: error.availableBytes)
    }
  }
}

extension HeadProgram.Parameter {
  /// Refuses a tensor of another shape than the parameter's, and none at all.
  func check(_ found: TensorShape?) throws(TrainingError) {
    guard let found else { throw .missingParameter(name: tensorName) }
    guard found == shape else { throw .parameterShape(name: tensorName, expected: shape, found: found) }
  }
}
