package import Kernels
import Machine
import Tensors

/// This machine's processors.
package struct CPUBackend: Backend {
  /// The instruction set that is computed with.
  package var variant: KernelVariant

  package init(variant: KernelVariant = .preferred) { self.variant = variant }

  package func compile(_ computation: Computation, on pool: ThreadPool) throws -> any Executable {
    var computation = computation
    computation.graph.prepareForCPU(computation.arithmetic)
    let arena = Arena(computation.graph, outputs: computation.graph.outputs)
    return try CPUProgram(computation, variant, arena, on: pool)
  }
}

/// A computation ready to run: steps in order, weights packed, memory placed.
private struct CPUProgram: Executable {
  private let graph: DataflowGraph
  private let variant: KernelVariant
  private let arena: Arena
  /// The nodes that are or were outputs, and lie where they do to the end.
  private let held: [Int]
  private let weights: Int
  private let work: [CPUStep]

  init(_ computation: Computation, _ variant: KernelVariant, _ arena: Arena, on pool: ThreadPool) throws {
    graph = computation.graph
    (self.variant, self.arena) = (variant, arena)
    held = graph.outputs
    weights = computation.parameters.elementCount
    try Self.checkMemory(arena, weights: weights)
    work = try StepBuilder(graph: graph, arena: arena, variant: variant, computation)
      .steps(of: graph.order.indices, on: pool)
  }

  var steps: [PlannedStep] { work.map(\.description) }

  /// What is there stays where it is; what is new finds memory that is free by then.
  func appending(
    _ computation: Computation, toOutput index: Int, on pool: ThreadPool
  ) throws -> any Executable {
    var other = computation.graph
    other.prepareForCPU(computation.arithmetic)
    var whole = graph
    let outputs = whole.append(other, reading: graph.outputs[index])
    whole.outputs.replaceSubrange(index...index, with: outputs)
    let arena = Arena(whole, outputs: held + outputs, extending: arena)
    let weights = weights + computation.parameters.elementCount
    try Self.checkMemory(arena, weights: weights)
    let builder = StepBuilder(graph: whole, arena: arena, variant: variant, computation)
    let added = try builder.steps(of: graph.order.count..<whole.order.count, on: pool)
    return CPUProgram(whole, variant, arena, held: held + outputs, weights: weights, work: work + added)
  }

  private init(
    _ graph: DataflowGraph, _ variant: KernelVariant, _ arena: Arena, held: [Int], weights: Int,
    work: [CPUStep]
  ) {
    (self.graph, self.variant, self.arena) = (graph, variant, arena)
    (self.held, self.weights, self.work) = (held, weights, work)
  }

  private static func checkMemory(_ arena: Arena, weights: Int) throws(ExecutionError) {
    let needed = MemoryLimit.product(weights, MemoryLayout<Float>.size)?
      .addingReportingOverflow(arena.size)
    if let needed, !needed.overflow, needed.partialValue <= MemoryLimit.byteCount { return }
    let bytes = needed.map { $0.overflow ? Int.max : $0.partialValue } ?? .max
    throw .notEnoughMemory(neededBytes: bytes, availableBytes: MemoryLimit.byteCount)
  }

  func runner(on pool: ThreadPool, images: Int?) throws -> any Runner {
    let capacity = max(1, images ?? AlgorithmChoice.sliceImages(bytesPerImage: arena.size))
    return try CPURunner(
      work, input: (arena.place(of: 0), graph[0].size),
      outputs: graph.outputs.map { (arena.place(of: $0), graph[$0].size) }, bytesPerImage: arena.size,
      capacity: capacity, pool)
  }
}

/// The memory that a program runs in, slice by slice of a batch.
private final class CPURunner: Runner {
  typealias Activation = (place: Place, size: ImageSize)

  private let steps: [CPUStep]
  private let input: Activation
  private let outputs: [Activation]
  private let workspace: Workspace
  private let packing: Packing

  init(
    _ steps: [CPUStep], input: Activation, outputs: [Activation], bytesPerImage: Int, capacity: Int,
    _ pool: ThreadPool
  ) throws(ExecutionError) {
    (self.steps, self.input, self.outputs) = (steps, input, outputs)
    let scratch = steps.map(\.scratch).max() ?? 0
    workspace = try ExecutionError.taking { () throws(MemoryShortage) in
      try MemoryLimit.check(MemoryLimit.product(capacity, bytesPerImage))
      return try Workspace(
        capacity: capacity, bytesPerImage: bytesPerImage, scratchPerThread: scratch, pool: pool)
    }
    let homeless = steps.filter { $0.unpackedWeights > capacity * (bytesPerImage - $0.memoryEnd) }
    let room = homeless.map(\.unpackedWeights).max() ?? 0
    let memory = try ExecutionError.taking { () throws(MemoryShortage) in
      try MemoryLimit.check(room)
      return try ByteBuffer(byteCount: room)
    }
    packing = Packing(pool: pool, memory: memory)
  }

  func run(
    _ input: Span<Float>, around: (_ step: Int, _ work: () throws -> Void) throws -> Void
  ) throws -> [[Float]] {
    let size = self.input.size.elements
    let count = input.count / size
    var results = [[Float]](repeating: [], count: outputs.count)
    for (index, output) in outputs.enumerated() {
      results[index].reserveCapacity(count * output.size.elements)
    }
    for start in stride(from: 0, to: count, by: workspace.capacity) {
      let images = min(workspace.capacity, count - start)
      workspace.write(input.extracting(start * size..<(start + images) * size), at: self.input.place)
      for (index, step) in steps.enumerated() { try around(index) { try perform(step, images: images) } }
      for (index, output) in outputs.enumerated() {
        results[index] += workspace.read(output.place, output.size, images: images)
      }
    }
    return results
  }

  private func perform(_ step: CPUStep, images: Int) throws {
    try step.kernel(packing(for: step)).run(images: images, in: workspace)
  }

  /// Weights are large where activations are small: most fit behind those, into memory that was touched before.
  private func packing(for step: CPUStep) -> Packing {
    let start = workspace.capacity * step.memoryEnd
    guard step.unpackedWeights <= workspace.memory.byteCount - start else { return packing }
    return Packing(pool: workspace.pool, memory: workspace.memory.suffix(from: start))
  }
}
