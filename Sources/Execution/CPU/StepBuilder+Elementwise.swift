import Catalog
import Kernels

/// Steps that look at one element at a time.
extension StepBuilder {
  /// A node's affine function and its activation.
  func elementwise(_ node: Node, to output: Place) -> [PlannedStep] {
    let source = input(of: node)
    guard let affine = node.tail.affine else {
      guard let activation = KernelActivation(node.tail.activation) else {
        return [activated(node, from: source, to: output)]
      }
      return [elementwise(node, .activation(activation), from: source, to: output)]
    }
    let (scale, shift) = (affine.scale.map { Float($0) }, affine.shift.map { Float($0) })
    let step = elementwise(
      node, .affine(scale: scale, shift: shift, kernelActivation(of: node)), from: source, to: output)
    return [step] + activation(of: node, at: output)
  }

  /// The sum of a node's inputs, one after the other.
  func sum(_ node: Node, to output: Place) -> [PlannedStep] {
    node.inputs.indices.dropFirst().map { index in
      let isLast = index == node.inputs.count - 1
      return elementwise(
        node, .add(input(of: node, index), isLast ? kernelActivation(of: node) : .linear),
        from: index == 1 ? input(of: node) : output, to: output)
    }
  }

  /// What kernels do at the end of a node's work: its activation, or nothing if none of them knows it.
  func kernelActivation(of node: Node) -> KernelActivation {
    KernelActivation(node.tail.activation) ?? .linear
  }

  /// The activation that kernels left to a step of its own.
  func activation(of node: Node, at output: Place) -> [PlannedStep] {
    guard KernelActivation(node.tail.activation) == nil else { return [] }
    return [activated(node, from: output, to: output)]
  }

  private func activated(_ node: Node, from input: Place, to output: Place) -> PlannedStep {
    let activation = node.tail.activation
    let step = DefinitionStep(inputs: [(input, node.size)], to: output, size: node.size) {
      rows, output, inputs in
      let input = inputs[0]
      for pixel in rows.lowerBound * output.size.width..<rows.upperBound * output.size.width {
        for channel in 0..<output.size.channels { output[pixel, channel] = activation(input[pixel, channel]) }
      }
    }
    return PlannedStep(node, "activation", step)
  }

  private func elementwise(
    _ node: Node, _ function: ElementwiseStep.Function, from input: Place, to output: Place
  ) -> PlannedStep {
    let step = ElementwiseStep(function, size: node.size, variant: variant, from: input, to: output)
    return PlannedStep(node, "elementwise", step, operations: node.size.elements)
  }
}
