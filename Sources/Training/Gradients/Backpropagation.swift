import Kernels

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
  /// Nothing is computed of the gradient by a value that no parameter which learns has a part in.
  ///
  /// - Parameters:
  ///   - last: the value the loss was computed from; the steps after it take no part.
  ///   - pass: as in the forward pass, which was one of training.
  func backward(
    _ values: inout [[Float]], _ workspace: inout HeadWorkspace, from last: Int, _ pass: Pass,
    into consumer: inout some GradientConsumer
  ) {
    let isNeeded = pass.reachesBackbone ? needsGradient : needsHeadGradient
    let first = pass.reachesBackbone ? 0 : headStart
    // Taken, not copied: what an optimizer remembers is as large as the parameters.
    var penalized = PenalizedGradients(parameters, consume consumer)
    for index in (first..<max(first, last + 1 - sourceCount)).reversed() where isNeeded[sourceCount + index] {
      restore(readBackwardBy: index, values, &workspace, pass)
      inputGradients(of: index, values, &workspace, pass) { isNeeded[$0] }
      if steps[index].learns {
        steps[index].parameterGradients(
          record(index, workspace, pass), &values, into: &penalized)
      }
      workspace.giveGradient(sourceCount + index)
      workspace.giveValue(sourceCount + index)
    }
    consumer = penalized.consumer
  }

  /// Takes the gradient in `workspace.gradients[last]` back to the features.
  func backwardToFeatures(
    _ values: [[Float]], _ workspace: inout HeadWorkspace, from last: Int, _ pass: Pass
  ) {
    for index in (0..<max(0, last + 1 - sourceCount)).reversed() {
      inputGradients(of: index, values, &workspace, pass) { _ in true }
      workspace.giveGradient(sourceCount + index)
    }
  }

  private func record(_ index: Int, _ workspace: HeadWorkspace, _ pass: Pass) -> StepRecord {
    workspace.record(
      index, reading: inputs[index], writing: sourceCount + index, batch(workspace, pass, index))
  }

  /// Adds the gradients by a step's inputs to what later steps left there: in the order of the steps, from the last to the first.
  private func inputGradients(
    of index: Int, _ parameters: [[Float]], _ workspace: inout HeadWorkspace, _ pass: Pass,
    where isNeeded: (Int) -> Bool
  ) {
    for (place, value) in inputs[index].enumerated() where isNeeded(value) {
      var target = workspace.take(value)
      var result = target.mutableSpan
      steps[index].inputGradient(
        record(index, workspace, pass), of: place, parameters, into: &result)
      guard !workspace.gradients[value].isEmpty else {
        swap(&target, &workspace.gradients[value])
        continue
      }
      let adding = ElementwiseGradients(pool: workspace.pool)
      var sums = workspace.gradients[value].mutableSpan
      adding.add(target.span, to: &sums)
      workspace.give(target)
    }
  }
}
