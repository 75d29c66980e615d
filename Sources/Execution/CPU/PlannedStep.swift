import Kernels
package import Tensors

/// One step of a plan, and what a profile says about it.
package struct PlannedStep: Sendable {
  /// The layers it computes, in the order they act: `conv1_conv`, `conv1_bn`, `conv1_relu`. Empty for a step
  /// that no layer asks for, such as a padded copy.
  package let layers: [String]
  /// The way it is computed: `convolution`, `winograd`, `separable`, `depthwise`, `pooling`, `elementwise`, `activation`,
  /// `copy`, `definition`.
  package let algorithm: String
  /// The extents of its output.
  package let output: ImageSize
  /// Floating-point operations per image as the layer defines them, whatever the algorithm saves; a
  /// multiply-add counts two.
  package let operations: Int
  /// Bytes a thread needs to work in.
  let scratch: Int
  /// Bytes per image of a workspace behind which nothing is kept while this runs.
  var memoryEnd = 0
  private var work: Work

  private enum Work {
    case kernel(any KernelStep)
    case weights(byteCount: Int, pack: @Sendable (Packing) throws -> any KernelStep)
  }

  init(_ node: Node, _ algorithm: String, _ kernel: any KernelStep, operations: Int = 0) {
    self.init(node, algorithm, .kernel(kernel), operations: operations, scratch: 0)
  }

  /// A step whose weights are yet to be packed, into so many bytes.
  init(
    _ node: Node, _ algorithm: String, operations: Int, scratch: Int = 0, weights: Int,
    pack: @escaping @Sendable (Packing) throws -> any KernelStep
  ) {
    self.init(
      node, algorithm, .weights(byteCount: weights, pack: pack), operations: operations, scratch: scratch)
  }

  private init(_ node: Node, _ algorithm: String, _ work: Work, operations: Int, scratch: Int) {
    layers = node.layers
    output = node.size
    self.algorithm = algorithm
    self.operations = operations
    self.scratch = scratch
    self.work = work
  }

  /// Those operations that are computed: fewer where the algorithm saves products. Transforms to that end do not
  /// count, and all operations do as long as weights are not packed.
  package var arithmetic: Int {
    guard case .kernel(let kernel) = work else { return operations }
    return Int(Double(operations) * kernel.computedShare)
  }

  /// How many bytes of weights are yet to be packed.
  var unpackedWeights: Int {
    guard case .weights(let byteCount, _) = work else { return 0 }
    return byteCount
  }

  /// The same step with its weights packed.
  func packed(_ packing: Packing) throws -> PlannedStep {
    var step = self
    step.work = .kernel(try kernel(packing))
    return step
  }

  /// What computes it, after its weights were verified and packed where they are not.
  func kernel(_ packing: Packing) throws -> any KernelStep {
    switch work {
    case .kernel(let kernel): kernel
    case .weights(_, let pack): try pack(packing)
    }
  }
}
