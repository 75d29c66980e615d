package import Kernels
package import Tensors

/// Runs a plan; owns the memory and the threads for it. It may go from thread to thread; one at a time may use it.
package final class Session: Sendable {
  package let plan: Plan
  private let runner: any Runner

  /// Takes the memory for a slice of a batch.
  ///
  /// - Parameters:
  ///   - pool: the threads; share one pool among sessions that do not run at the same time.
  ///   - sliceImages: how many images are worked on at a time; by default as many as stay in cache. Changes
  ///     memory and speed, never a result.
  /// - Throws: ``ExecutionError/notEnoughMemory(neededBytes:availableBytes:)``.
  package init(_ plan: Plan, pool: ThreadPool = .shared, sliceImages: Int? = nil) throws {
    self.plan = plan
    runner = try plan.executable.runner(on: pool, images: sliceImages)
  }

  /// The features of a batch of images.
  ///
  /// - Parameter input: `[N, H, W, C]` elements of preprocessed images, as many images as wanted.
  /// - Returns: `[N] + plan.outputShape` elements, in the order of the images.
  /// - Complexity: memory does not grow with N, apart from the result.
  /// - Throws: ``ExecutionError``, and what verifying weights throws that the plan left to be packed.
  package func run(_ input: Span<Float>) throws -> [Float] { try runAll(input)[0] }

  /// The features of a batch of images `[N, H, W, C]`, as `[N] + plan.outputShape`.
  package func run(_ input: Tensor) throws -> Tensor { try runAll(input)[0] }

  /// All outputs of a batch of images `[N, H, W, C]`, each as `[N] + shape`, in the order of `plan.outputs`.
  package func runAll(_ input: Tensor) throws -> [Tensor] {
    let features = try runAll(input.scalars.span)
    let count = input.scalars.count / max(1, plan.inputShape.elementCount)
    return zip(plan.outputs, features).map { output, scalars in
      Tensor(shape: TensorShape([count] + output.shape.dimensions), scalars: scalars)
    }
  }

  /// All outputs; `around` is called with the number of each step and what does it.
  package func runAll(
    _ input: Span<Float>, around: (_ step: Int, _ work: () throws -> Void) throws -> Void = { try $1() }
  ) throws -> [[Float]] {
    let size = plan.inputShape.elementCount
    guard size > 0, input.count % size == 0 else {
      throw ExecutionError.wrongInputCount(expectedMultipleOf: size, found: input.count)
    }
    return try runner.run(input, around: around)
  }
}
