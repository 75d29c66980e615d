import ModelZoo
import Reports

/// Statistics of all training images that every image is normalised by, under the names of Keras's
/// `ImageDataGenerator`.
struct FeaturewiseArguments {
  private let center = Flag(
    "featurewise-center",
    help:
      "subtract each channel's mean over the training images, instead of the weights' own preprocessing")
  private let normalization = Flag(
    "featurewise-std-normalization", help: "the same, then divide by each channel's standard deviation")
  private let mean = Option.optional(
    "featurewise-mean", value: "R,G,B", .numbers(count: 3),
    help: "after --rescale, subtract these means")
  private let deviation = Option.optional(
    "featurewise-std", value: "R,G,B", .numbers(count: 3),
    help: "with --featurewise-mean: divide by these standard deviations")

  var group: OptionGroup { OptionGroup("Featurewise normalisation", declarations) }

  var declarations: [any CommandArgument] { [center, normalization, mean, deviation] }

  /// Refuses what does not go together, before any work.
  func check(_ arguments: Arguments, _ backbone: BackboneArguments) throws {
    guard let option = firstGiven(arguments) else { return }
    _ = try backbone.rescale(arguments, before: option)
    if arguments[deviation] != nil, arguments[mean] == nil {
      throw UsageError.conflict("--featurewise-std: needs --featurewise-mean; add it")
    }
    if arguments[mean] != nil, arguments[center] || arguments[normalization] {
      throw UsageError.conflict(
        "--featurewise-mean and \(option): means are either given or computed from the images; give one of them, not both"
      )
    }
    if let least = arguments[deviation]?.min(), least <= 0 {
      throw UsageError.conflict("--featurewise-std: expected numbers above 0, found \(least)")
    }
  }

  /// The backbone for images normalised as was asked for; the statistics are those of `images`.
  func applied(
    to backbone: Backbone, _ choices: BackboneArguments, _ arguments: Arguments, images: Dataset,
    _ console: Console
  ) throws -> Backbone {
    guard let option = firstGiven(arguments) else { return backbone }
    let factor = try choices.rescale(arguments, before: option)
    if let means = arguments[mean] {
      return backbone.preprocessing(
        by: .featurewise(mean: means, deviation: arguments[deviation], rescale: factor))
    }
    let fitted = try Preprocessing.featurewise(
      of: images.items.map(\.location), recipe: backbone.recipe, rescale: factor,
      normalizesDeviation: arguments[normalization], threads: arguments[Common.threads])
    let text = { (numbers: [Float]) in numbers.map { fixed(Double($0), decimals: 4) }.joined(separator: ",") }
    console.note(
      "Channel statistics of \(counted(images.items.count, "training image")): mean \(text(fitted.mean))"
        + (arguments[normalization] ? ", standard deviation \(text(fitted.deviation))" : ""))
    return backbone.preprocessing(by: fitted)
  }

  private func firstGiven(_ arguments: Arguments) -> String? {
    let given: [(name: String, isGiven: Bool)] = [
      ("--featurewise-center", arguments[center]),
      ("--featurewise-std-normalization", arguments[normalization]),
      ("--featurewise-mean", arguments[mean] != nil), ("--featurewise-std", arguments[deviation] != nil),
    ]
    return given.first(where: \.isGiven)?.name
  }
}
