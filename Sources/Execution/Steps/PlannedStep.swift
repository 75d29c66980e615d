package import Kernels

/// One step of a plan, and what a profile says about it.
package struct PlannedStep: Sendable {
  /// The layers it computes, in the order they act: `conv1_conv`, `conv1_bn`, `conv1_relu`. Empty for a step
  /// that no layer asks for, such as a padded copy.
  package let layers: [String]
  /// The way it is computed: `convolution`, `winograd`, `separable`, `pooling`, `elementwise`, `activation`, `copy`.
  package let algorithm: String
  /// The extents of its output.
  package let output: ImageSize
  /// Floating-point operations per image as the layer defines them, whatever the algorithm saves; a
  /// multiply-add counts two.
  package let operations: Int
  let scratch: Int
  let kernel: any KernelStep

  init(_ node: Node, _ algorithm: String, _ kernel: any KernelStep, operations: Int = 0, scratch: Int = 0) {
    layers = node.layers
    output = node.size
    self.algorithm = algorithm
    self.kernel = kernel
    self.operations = operations
    self.scratch = scratch
  }

  /// Those operations that are computed: fewer where the algorithm saves products. Transforms to that end do not
  /// count.
  package var arithmetic: Int { Int(Double(operations) * kernel.computedShare) }
}
