public import Tensors

extension HeadModel {
  /// Which features are evidence for a class: Grad-CAM at the features that the head reads (Selvaraju et al. 2017,
  /// arXiv 1610.02391).
  ///
  /// Every channel counts with the mean of its gradient, the gradient of the class's score (before softmax or
  /// sigmoid); evidence for the class is kept, evidence against it is zero.
  ///
  /// - Parameters:
  ///   - features: one sample's, `[H, W, C]`.
  ///   - output: the output whose score is explained.
  ///   - isOpposite: whether the class is the one a single sigmoid says no to.
  /// - Returns: `[H, W]`, at most 1; all zeros without evidence for the class.
  /// - Throws: ``TrainingError/features(expected:found:)`` for other features,
  ///   ``TrainingError/layerInput(name:expected:found:advice:)`` for features without rows and columns.
  public func activationMap(
    of features: Tensor, output: Int, isOpposite: Bool = false
  ) throws(TrainingError) -> Tensor {
    guard inputShape.rank == 3 else {
      throw .layerInput(
        name: "input", expected: "(height, width, channels)", found: inputShape,
        advice: "features without rows and columns have no places to show")
    }
    let gradient = try scoreGradient(features, output: output, isOpposite: isOpposite)
    let channels = inputShape[2]
    let positions = inputShape[0] * inputShape[1]
    var weights = [Double](repeating: 0, count: channels)
    for (index, slope) in gradient.enumerated() { weights[index % channels] += Double(slope) }
    let map = (0..<positions).map { position in
      let sum = (0..<channels).reduce(0.0) { sum, channel in
        sum + weights[channel] / Double(positions) * Double(features.scalars[position * channels + channel])
      }
      return max(0, sum)
    }
    let largest = map.max() ?? 0
    let scale = largest > 0 && largest.isFinite ? 1 / largest : 0
    return Tensor(shape: TensorShape([inputShape[0], inputShape[1]]), scalars: map.map { Float($0 * scale) })
  }

  /// The gradient of one output's score, before softmax or sigmoid, by one sample's features.
  func scoreGradient(
    _ features: Tensor, output: Int, isOpposite: Bool
  ) throws(TrainingError) -> [Float] {
    guard features.shape == inputShape else {
      throw .features(expected: inputShape, found: features.shape)
    }
    guard (0..<outputCount).contains(output) else {
      throw .setting(name: "output", expected: "0 to \(outputCount - 1)", found: "\(output)")
    }
    var workspace = HeadWorkspace(program, pool: pool)
    let sample = Tensor(shape: TensorShape([1] + features.shape.dimensions), scalars: features.scalars)
    try workspace.load(sample, 0..<1, sources: program.sourceCount)
    program.forward(values, &workspace, .inference)
    var gradient = [Float](repeating: 0, count: outputCount)
    gradient[output] = isOpposite ? -1 : 1
    let last = program.scoreIndex
    workspace.gradients[last] = gradient
    program.backwardToFeatures(values, &workspace, from: last, .inference)
    return workspace.gradients[0]
  }
}

extension HeadProgram {
  /// The value that holds scores: what goes into a closing softmax or sigmoid, else the output.
  fileprivate var scoreIndex: Int {
    guard let last = steps.last as? ActivationStep, [.softmax, .sigmoid].contains(last.function) else {
      return outputValue
    }
    return outputValue - 1
  }
}
