import Foundation

/// Prints a training as Keras does with `verbose=2`:
///
/// ```
/// Epoch 1/12
/// 21/21 - 0s - loss: 0.6412 - accuracy: 0.7012 - val_loss: 0.3310 - val_accuracy: 0.9136
/// ```
public final class EpochPrinter: TrainingCallback {
  private let write: (String) -> Void
  private var plan = TrainingPlan(epochs: 0, stepsPerEpoch: 0, samples: 0, validationSamples: 0)
  private var start = ContinuousClock.now

  /// Hands every line, without its end, to `write`.
  public init(_ write: @escaping (String) -> Void) { self.write = write }

  /// Remembers what is to come.
  public func trainingBegan(_ plan: TrainingPlan, _ trainer: inout Trainer) {
    self.plan = plan
    if plan.firstBatch > 0 { epochBegan(plan.firstEpoch, &trainer) }
  }

  /// Prints `Epoch 1/12`, unless there is only one.
  public func epochBegan(_ epoch: Int, _: inout Trainer) {
    start = .now
    if plan.epochs > 1 { write("Epoch \(epoch + 1)/\(plan.epochs)") }
  }

  /// Prints the epoch's line.
  public func epochEnded(_: Int, _ logs: Logs, _: inout Trainer) {
    let seconds = Double((ContinuousClock.now - start) / .seconds(1))
    write(Self.line(steps: plan.stepsPerEpoch, seconds: seconds, logs))
  }

  /// One epoch's line; numbers above 0.001 with four decimals, others with an exponent, as Keras has it.
  public static func line(steps: Int, seconds: Double, _ logs: Logs) -> String {
    let measured = logs.entries.map { " - \($0.name): " + format($0.value) }
    return "\(steps)/\(steps) - " + String(format: "%.0fs", seconds) + measured.joined()
  }

  /// `0.1250`, `4.1000e-05`.
  public static func format(_ value: Double) -> String {
    String(format: value > 1e-3 ? "%.4f" : "%.4e", value)
  }
}
