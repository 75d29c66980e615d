import Catalog
import Kernels

/// Steps that look at one element at a time.
extension StepBuilder {
  /// A node's affine function and its activation.
  func elementwise(_ node: Node, to output: Place) -> CPUStep {
    guard let affine = node.tail.affine else {
      return elementwise(node, .activation(node.kernelActivation), from: input(of: node), to: output)
    }
    let (scale, shift) = (affine.scale.map { Float($0) }, affine.shift.map { Float($0) })
    return elementwise(
      node, .affine(scale: scale, shift: shift, node.kernelActivation), from: input(of: node), to: output)
  }

  /// The sum of a node's inputs, one after the other.
  func sum(_ node: Node, to output: Place) -> [CPUStep] {
    node.inputs.indices.dropFirst().map { index in
      let isLast = index == node.inputs.count - 1
      return elementwise(
        node, .add(input(of: node, index), isLast ? node.kernelActivation : .linear),
        from: index == 1 ? input(of: node) : output, to: output)
    }
  }

  /// A node's inputs as one, one after the other.
  func combination(_ node: Node, _ pairing: Pairing, to output: Place) -> [CPUStep] {
    node.inputs.indices.dropFirst().map { index in
      let isLast = index == node.inputs.count - 1
      let combination = Combination(
        pairing.kernel(of: node.inputs.count, isLast: isLast), partner(node, index))
      return elementwise(
        node, .combine(combination, isLast ? node.kernelActivation : .linear),
        from: index == 1 ? input(of: node) : output, to: output)
    }
  }

  /// How the pixels of an input meet those of the result.
  private func partner(_ node: Node, _ index: Int) -> Combination.Other {
    let (place, size) = (input(of: node, index), inputSize(of: node, index))
    if size == node.size { return .whole(place) }
    return size.pixels == 1 && size.channels == node.size.channels ? .pooled(place) : .narrow(place)
  }

  private func elementwise(
    _ node: Node, _ function: ElementwiseStep.Function, from input: Place, to output: Place
  ) -> CPUStep {
    let step = ElementwiseStep(function, size: node.size, variant: variant, from: input, to: output)
    return CPUStep(node, "elementwise", step, operations: node.size.elements)
  }
}

extension Node {
  /// What kernels do at the end of the node's work.
  var kernelActivation: KernelActivation { KernelActivation(tail.activation) }
}

extension Pairing {
  /// As kernels know it; only the last of several sums is divided.
  fileprivate func kernel(of count: Int, isLast: Bool) -> Combination.Pairing {
    switch self {
    case .add: .add
    case .subtract: .subtract
    case .multiply: .multiply
    case .maximum: .maximum
    case .minimum: .minimum
    case .average: isLast ? .average(of: count) : .add
    }
  }
}
