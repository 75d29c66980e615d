package import Kernels
package import Tensors

/// Runs a plan; owns the memory and the threads for it. It may go from thread to thread; one at a time may use it.
package final class Session: Sendable {
  package let plan: Plan
  private let workspace: Workspace
  private let packing: Packing

  /// Takes the memory for a slice of a batch.
  ///
  /// - Parameters:
  ///   - pool: the threads; share one pool among sessions that do not run at the same time.
  ///   - sliceImages: how many images are worked on at a time; by default as many as stay in cache. Changes
  ///     memory and speed, never a result.
  package init(_ plan: Plan, pool: ThreadPool = .shared, sliceImages: Int? = nil) {
    self.plan = plan
    let capacity = max(1, sliceImages ?? AlgorithmChoice.sliceImages(bytesPerImage: plan.bytesPerImage))
    workspace = Workspace(
      capacity: capacity, bytesPerImage: plan.bytesPerImage,
      scratchPerThread: plan.steps.map(\.scratch).max() ?? 0, pool: pool)
    let homeless = plan.steps.filter {
      $0.unpackedWeights > capacity * (plan.bytesPerImage - $0.memoryEnd)
    }
    packing = Packing(pool: pool, memory: ByteBuffer(byteCount: homeless.map(\.unpackedWeights).max() ?? 0))
  }

  /// The features of a batch of images.
  ///
  /// - Parameter input: `[N, H, W, C]` elements of preprocessed images, as many images as wanted.
  /// - Returns: `[N] + plan.outputShape` elements, in the order of the images.
  /// - Complexity: memory does not grow with N, apart from the result.
  /// - Throws: ``ExecutionError``, and what verifying weights throws that the plan left to be packed.
  package func run(_ input: Span<Float>) throws -> [Float] {
    try run(input) { step, images in try perform(step, images: images) }[0]
  }

  /// The features of a batch of images `[N, H, W, C]`, as `[N] + plan.outputShape`.
  package func run(_ input: Tensor) throws -> Tensor {
    try runAll(input)[0]
  }

  /// All outputs of a batch of images `[N, H, W, C]`, each as `[N] + shape`, in the order of `plan.outputs`.
  package func runAll(_ input: Tensor) throws -> [Tensor] {
    let features = try run(input.scalars.span) { step, images in try perform(step, images: images) }
    let count = input.scalars.count / max(1, plan.inputShape.elementCount)
    return zip(plan.outputs, features).map { output, scalars in
      Tensor(shape: TensorShape([count] + output.shape.dimensions), scalars: scalars)
    }
  }

  func perform(_ step: PlannedStep, images: Int) throws {
    try step.kernel(packing(for: step)).run(images: images, in: workspace)
  }

  /// Weights are large where activations are small: most fit behind those, into memory that was touched before.
  private func packing(for step: PlannedStep) -> Packing {
    let start = workspace.capacity * step.memoryEnd
    guard step.unpackedWeights <= workspace.memory.byteCount - start else { return packing }
    return Packing(pool: workspace.pool, memory: workspace.memory.suffix(from: start))
  }

  /// Runs slice by slice, calling `perform` for each step of each slice.
  func run(_ input: Span<Float>, perform: (PlannedStep, Int) throws -> Void) throws -> [[Float]] {
    let size = plan.inputShape.elementCount
    guard size > 0, input.count % size == 0 else {
      throw ExecutionError.wrongInputCount(expectedMultipleOf: size, found: input.count)
    }
    let count = input.count / size
    var features = [[Float]](repeating: [], count: plan.outputs.count)
    for (index, output) in plan.outputs.enumerated() {
      features[index].reserveCapacity(count * output.shape.elementCount)
    }
    for start in stride(from: 0, to: count, by: workspace.capacity) {
      let images = min(workspace.capacity, count - start)
      workspace.write(input.extracting(start * size..<(start + images) * size), at: plan.inputPlace)
      for step in plan.steps { try perform(step, images) }
      for (index, output) in plan.outputs.enumerated() {
        features[index] += workspace.read(output.place, output.size, images: images)
      }
    }
    return features
  }
}
