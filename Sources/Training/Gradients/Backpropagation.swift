/// Takes gradients as they come into being, a stretch of a parameter at a time.
protocol GradientConsumer {
  /// - Parameters:
  ///   - gradient: the loss's gradient by the elements `range` of parameter `index`.
  ///   - values: the parameter itself, which nothing of the pass needs any more.
  mutating func consume(
    _ gradient: Span<Float>, range: Range<Int>, parameter index: Int, values: inout [Float])
}

extension HeadProgram {
  /// Runs the steps backwards from the gradient in `workspace.gradients[last]`.
  ///
  /// - Parameters:
  ///   - last: the value the loss was computed from; the steps after it take no part.
  ///   - pass: as in the forward pass, which was one of training.
  func backward(
    _ values: inout [[Float]], _ workspace: inout HeadWorkspace, from last: Int, _ pass: Pass,
    into consumer: inout some GradientConsumer
  ) {
    for index in (firstTrainable..<last).reversed() {
      if index > firstTrainable { inputGradient(of: index, values, &workspace, pass) }
      steps[index].parameterGradients(workspace.record(pass, index), &values, into: &consumer)
    }
  }

  /// Writes the gradient by a step's input into `workspace.gradients[index]`.
  func inputGradient(
    of index: Int, _ parameters: [[Float]], _ workspace: inout HeadWorkspace, _ pass: Pass
  ) {
    var target: [Float] = []
    swap(&target, &workspace.gradients[index])
    var result = target.mutableSpan
    steps[index].inputGradient(workspace.record(pass, index), parameters, into: &result)
    swap(&target, &workspace.gradients[index])
  }
}
