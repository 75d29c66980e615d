package import Tensors

/// How long one step of a plan takes.
package struct StepTime: Sendable {
  package let step: PlannedStep
  /// For a whole batch.
  package let time: Samples
}

extension Session {
  /// Times each step on its own while the whole plan runs again and again.
  ///
  /// - Parameter images: a batch, `[N, H, W, C]`.
  package func profile(
    _ images: Tensor, rounds: Int = 5, seconds: Double = 1
  ) throws -> [StepTime] {
    var times = [[Double]](repeating: [], count: plan.steps.count)
    var total = 0.0
    _ = try run(images)
    while times.first.map({ $0.count < max(1, rounds) || total < seconds }) ?? false {
      let round = try timeSteps(images)
      for (step, time) in round.enumerated() { times[step].append(time) }
      total += round.reduce(0, +)
    }
    return zip(plan.steps, times).map { StepTime(step: $0, time: Samples($1)) }
  }

  /// The seconds each step took in one run, over all slices of the batch.
  private func timeSteps(_ images: Tensor) throws -> [Double] {
    var times = [Double](repeating: 0, count: plan.steps.count)
    _ = try runAll(images.scalars.span) { step, work in times[step] += try Samples.seconds(of: work) }
    return times
  }
}
