import ModelZoo

/// What `zoo train` lets one choose about loss, weights, metrics and epochs.
struct FitArguments {
  private let loss = Option.optional(
    "loss", value: "NAME", .text,
    help: "the loss to minimise, by its Keras name such as categorical_hinge (default: what suits the head)")
  private let fromLogits = Flag(
    "from-logits", help: "for a cross-entropy loss: the head's outputs are logits")
  private let smoothing = Option.optional(
    "label-smoothing", value: "S", .number(in: 0...0.9999),
    help: "fraction of each label to spread over all classes")
  private let classWeights = Option.optional(
    "class-weights", value: "WEIGHTS", .classWeights,
    help:
      "how much each class counts in the loss: balanced, by name as in cats=2,dogs=1, or in order as in 2,1")
  private let epochs = Option.optional(
    "epochs", value: "N", .integer(in: 1...100_000), help: "passes over the training images (default: 10)")
  private let stepsPerEpoch = Option.optional(
    "steps-per-epoch", value: "N", .integer(in: 1...1_000_000_000),
    help: "batches per epoch; the next epoch continues where this one ended (default: all)")
  private let validationSteps = Option.optional(
    "validation-steps", value: "N", .integer(in: 1...1_000_000_000),
    help: "batches to validate on (default: all)")
  private let validationBatch = Option.optional(
    "validation-batch", value: "N", .integer(in: 1...1_000_000_000),
    help: "images in each of these batches; no result depends on it where all are measured (default: --batch)"
  )
  private let keepsOrder = Flag("no-shuffle", help: "take the images in the same order in every epoch")
  private let fineTuning = FineTuningArguments()
  private let optimizer = OptimizerArguments()

  /// What is about layers of the backbone.
  var declarationsOfBackbone: [any CommandArgument] { fineTuning.group.declarations }

  var groups: [OptionGroup] {
    let own: [any CommandArgument] = [
      loss, fromLogits, smoothing, classWeights, Common.metrics, epochs, stepsPerEpoch, validationSteps,
      validationBatch, keepsOrder,
    ]
    return [OptionGroup("Loss, metrics and epochs", own), fineTuning.group] + optimizer.groups
  }

  /// The options of a fit that is in epochs unless `linear` says otherwise; but for class weights, callbacks and batch size.
  func options(_ arguments: Arguments, linear: LinearFit?) throws -> TrainingOptions {
    if linear != nil, let name = firstGiven(arguments) {
      throw UsageError.conflict("\(name): needs --fit epochs; found --fit lbfgs")
    }
    var options = TrainingOptions(
      fit: try linear.map { .linear($0) } ?? .epochs(epochs(arguments)), loss: try loss(arguments),
      metrics: try arguments.metrics)
    options.fineTuning = try fineTuning.fineTuning(arguments, epochs: options.epochs?.count)
    return options
  }

  private func epochs(_ arguments: Arguments) throws -> EpochOptions {
    var options = EpochOptions(count: arguments[epochs] ?? 10)
    options.stepsPerEpoch = arguments[stepsPerEpoch]
    options.validationSteps = arguments[validationSteps]
    options.validationBatchSize = arguments[validationBatch]
    options.shuffles = !arguments[keepsOrder]
    try optimizer.adopt(arguments, into: &options)
    return options
  }

  /// Whether classes are given weights.
  func weighsClasses(_ arguments: Arguments) -> Bool { arguments[classWeights] != nil }

  /// The weights that were asked for, of classes by these names.
  func classWeights(_ arguments: Arguments, classes: [String]) throws -> ClassWeights? {
    do {
      return try arguments[classWeights]?.weights(of: classes)
    } catch TrainingError.setting(_, let expected, let found) {
      throw UsageError.conflict("--class-weights: expected \(expected); found \(found)")
    }
  }

  private func firstGiven(_ arguments: Arguments) -> String? {
    let given: [(name: String, isGiven: Bool)] = [
      ("--loss", arguments[loss] != nil), ("--from-logits", arguments[fromLogits]),
      ("--label-smoothing", arguments[smoothing] != nil),
      ("--class-weights", arguments[classWeights] != nil), ("--epochs", arguments[epochs] != nil),
      ("--steps-per-epoch", arguments[stepsPerEpoch] != nil),
      ("--validation-steps", arguments[validationSteps] != nil),
      ("--validation-batch", arguments[validationBatch] != nil), ("--no-shuffle", arguments[keepsOrder]),
    ]
    return given.first(where: \.isGiven)?.name ?? optimizer.firstGiven(arguments)
  }

  private func loss(_ arguments: Arguments) throws -> Loss? {
    let smoothing = arguments[smoothing] ?? 0
    guard let name = arguments[loss] else {
      guard !arguments[fromLogits], smoothing == 0 else {
        throw UsageError.conflict(
          "\(arguments[fromLogits] ? "--from-logits" : "--label-smoothing"): needs --loss; "
            + "add it, as in --loss categorical_crossentropy")
      }
      return nil
    }
    return try UsageError.inOption("--loss") {
      try Loss(named: name, fromLogits: arguments[fromLogits], labelSmoothing: smoothing)
    }
  }
}

extension UsageError {
  /// Makes a usage error, which it is on the command line, of what the library says about a text.
  static func inOption<Result>(_ name: String, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as TrainingError {
      throw UsageError.conflict("\(name): \(error)")
    }
  }
}

/// What `--class-weights` says.
enum ClassWeightsArgument: Sendable {
  case balanced
  case inOrder([Double])
  case named([String: Double])

  func weights(of classes: [String]) throws(TrainingError) -> ClassWeights {
    switch self {
    case .balanced: .balanced
    case .inOrder(let weights): try .inOrder(weights, of: classes)
    case .named(let weights): try .named(weights, of: classes)
    }
  }
}

extension ValueKind where Value == ClassWeightsArgument {
  /// `balanced`, `2,1,0.5` or `cats=2,dogs=1`.
  static var classWeights: Self {
    Self(
      expectation: "balanced, numbers such as 2,1, or classes such as cats=2,dogs=1",
      parse: { text in
        if text == "balanced" { return .balanced }
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { Double(decimal: $0) }.filter { $0 >= 0 }
        if numbers.count == parts.count { return .inOrder(numbers) }
        var named: [String: Double] = [:]
        for part in parts {
          let pair = part.split(separator: "=")
          guard pair.count == 2, let weight = Double(decimal: pair[1]), weight >= 0,
            named.updateValue(weight, forKey: String(pair[0])) == nil
          else { return nil }
        }
        return .named(named)
      },
      show: { _ in "balanced" })
  }
}
