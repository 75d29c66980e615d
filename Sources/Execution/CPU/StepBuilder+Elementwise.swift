import Catalog
import Kernels

/// Steps that look at one element at a time.
extension StepBuilder {
  /// A node's affine function and its activation.
  func elementwise(_ node: Node, to output: Place) -> PlannedStep {
    guard let affine = node.tail.affine else {
      return elementwise(node, .activation(node.kernelActivation), from: input(of: node), to: output)
    }
    let (scale, shift) = (affine.scale.map { Float($0) }, affine.shift.map { Float($0) })
    return elementwise(
      node, .affine(scale: scale, shift: shift, node.kernelActivation), from: input(of: node), to: output)
  }

  /// The sum of a node's inputs, one after the other.
  func sum(_ node: Node, to output: Place) -> [PlannedStep] {
    node.inputs.indices.dropFirst().map { index in
      let isLast = index == node.inputs.count - 1
      return elementwise(
        node, .add(input(of: node, index), isLast ? node.kernelActivation : .linear),
        from: index == 1 ? input(of: node) : output, to: output)
    }
  }

  private func elementwise(
    _ node: Node, _ function: ElementwiseStep.Function, from input: Place, to output: Place
  ) -> PlannedStep {
    let step = ElementwiseStep(function, size: node.size, variant: variant, from: input, to: output)
    return PlannedStep(node, "elementwise", step, operations: node.size.elements)
  }
}

extension Node {
  /// What kernels do at the end of the node's work.
  var kernelActivation: KernelActivation { KernelActivation(tail.activation) }
}
