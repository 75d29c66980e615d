import Kernels
import Machine
import Tensors

/// One step as this machine's processors do it.
struct CPUStep: Sendable {
  /// What a profile says about it.
  private(set) var description: PlannedStep
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
    description.arithmetic = Self.arithmetic(operations, kernel)
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
    description = PlannedStep(
      layers: node.layers, algorithm: algorithm, output: node.size, operations: operations)
    self.scratch = scratch
    self.work = work
  }

  private static func arithmetic(_ operations: Int, _ kernel: any KernelStep) -> Int {
    Int(Double(operations) * kernel.computedShare)
  }

  /// How many bytes of weights are yet to be packed.
  var unpackedWeights: Int {
    guard case .weights(let byteCount, _) = work else { return 0 }
    return byteCount
  }

  /// The same step with its weights packed by the calling thread, into memory of their own.
  func packed() throws -> CPUStep {
    var step = self
    let memory = try ExecutionError.taking { () throws(MemoryShortage) in
      try ByteBuffer(unwritten: unpackedWeights)
    }
    let kernel = try kernel(Packing(pool: .single, memory: memory))
    step.work = .kernel(kernel)
    step.description.arithmetic = Self.arithmetic(description.operations, kernel)
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
