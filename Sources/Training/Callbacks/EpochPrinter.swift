/// Prints the progress of a training exactly as Keras 3 does.
///
/// With `verbose=2`, ``Verbosity/lines``, as Keras prints it:
///
/// ```
/// Epoch 1/12
/// 21/21 - 0s - 4ms/step - accuracy: 0.7012 - loss: 0.6412 - val_accuracy: 0.9136 - val_loss: 0.3310
/// ```
///
/// With `verbose=1`, ``Verbosity/bar``, a bar with the time that is left, drawn again and again in its own place, with
/// the same control characters whether a terminal reads them or not, as Keras has it on Linux and macOS; or with fewer, where a
/// ``Surface`` says so.
public final class EpochPrinter: TrainingCallback {
  /// How much is printed: Keras's `verbose`, whose 0 takes no printer at all.
  public enum Verbosity: Int, Sendable, CaseIterable {
    /// A bar while an epoch goes on.
    case bar = 1
    /// A line after every epoch.
    case lines = 2
  }

  /// What reads the text.
  public enum Surface: Hashable, Sendable, CaseIterable {
    /// Whatever Keras takes for one: bars are drawn over and in colours.
    case keras
    /// A terminal without colours: bars are drawn over.
    case plain
    /// A file or a pipe: of each epoch the last bar, without control characters.
    case log
  }

  private let verbosity: Verbosity
  private let surface: Surface
  private let write: @Sendable (String) -> Void
  private let clock: @Sendable () -> Double
  private let plan = Locked(TrainingPlan(epochs: 0, stepsPerEpoch: 0, samples: 0, validationSamples: 0))
  private let progbar = Locked(Progbar(steps: 0, start: 0))

  /// Hands every line, without its end, to `write`.
  public convenience init(_ write: @escaping @Sendable (String) -> Void) {
    self.init(.lines) { write(String($0.dropLast())) }
  }

  /// Hands text to `write` that is to be written as it is: its line ends and control characters are in it.
  public convenience init(
    _ verbosity: Verbosity, on surface: Surface = .keras, writing write: @escaping @Sendable (String) -> Void
  ) {
    let start = ContinuousClock.now
    self.init(verbosity, on: surface, clock: { (ContinuousClock.now - start) / .seconds(1) }, writing: write)
  }

  /// - Parameter clock: says the time, in seconds.
  package init(
    _ verbosity: Verbosity, on surface: Surface = .keras, clock: @escaping @Sendable () -> Double,
    writing write: @escaping @Sendable (String) -> Void
  ) {
    (self.verbosity, self.surface, self.clock, self.write) = (verbosity, surface, clock, write)
  }

  /// Stores the plan.
  public func trainingBegan(_ plan: TrainingPlan, _ trainer: inout Trainer) {
    self.plan.value = plan
    if plan.firstBatch > 0 { epochBegan(plan.firstEpoch, &trainer) }
  }

  /// Prints `Epoch 1/12`, unless there is only one.
  public func epochBegan(_ epoch: Int, _: inout Trainer) {
    let plan = plan.value
    progbar.value = Progbar(steps: plan.stepsPerEpoch, start: clock(), surface: surface)
    if plan.epochs > 1 { write("Epoch \(epoch + 1)/\(plan.epochs)\n") }
  }

  /// Draws the bar, at most twenty times a second.
  public func batchEnded(_ batch: Int, _ logs: Logs, _: inout Trainer) {
    guard verbosity == .bar else { return }
    if let text = progbar.update({ $0.bar(batch + 1, logs, now: clock()) }) { write(text) }
  }

  /// Prints the epoch's line, or the last bar.
  public func epochEnded(_: Int, _ logs: Logs, _: inout Trainer) {
    switch verbosity {
    case .bar:
      let steps = plan.value.stepsPerEpoch
      write(progbar.update { $0.bar(steps, logs, now: clock(), isLast: true) } ?? "")
    case .lines: write(progbar.value.line(logs, now: clock()))
    }
  }

  /// A measured number as Keras prints it: `0.1250`, or `4.1000e-05` up to a thousandth; in single precision, as Keras
  /// measures.
  public static func format(_ value: Double) -> String { Progbar.number(value) }
}
