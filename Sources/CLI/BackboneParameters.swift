import ModelZoo
import Reports

/// What the verbs that run a backbone let one choose.
struct BackboneParameters {
  private let layer = Option.optional(
    "layer", value: "NAME", .text, help: "cut the network at this layer (default: its last)")
  private let pooling = Option(
    "pool", value: "KIND", .choice(of: FeaturePooling.self), default: .average,
    help: "what becomes of the features' rows and columns")
  private let size = Option.optional(
    "size", value: "N", .integer(in: 1...16384), help: "resize pictures to N x N (default: the entry's size)")
  private let interpolation = Option(
    "interpolation", value: "KIND", .choice(of: Interpolation.self), default: .nearest,
    help: "how pictures are resized, as Pillow does it")
  private let preprocessing = Option.optional(
    "preprocessing", value: "MODE", .choice(Preprocessing.named.keys.sorted()),
    help: "how pixels are scaled (default: as the weights were trained)")
  private let orientation = Flag(
    "exif-orientation", help: "turn pictures upright as EXIF says; Keras does not")

  private let colorMode = Option(
    "color-mode", value: "MODE", .choice(of: ColorMode.self), default: .rgb,
    help: "grayscale: the luma in all three channels")
  private let aspect = Flag(
    "keep-aspect-ratio", help: "cut off what is too wide or too high instead of distorting")
  private let exact = Common.exact

  var parameters: [any Parameter] {
    [layer, pooling, size, interpolation, colorMode, aspect, preprocessing, orientation, exact]
  }

  func options(_ arguments: Arguments) -> BackboneOptions {
    BackboneOptions(
      height: arguments[size], width: arguments[size], layer: arguments[layer], pooling: arguments[pooling],
      preprocessing: arguments[preprocessing].flatMap { Preprocessing.named[$0] },
      interpolation: arguments[interpolation], appliesOrientation: arguments[orientation],
      isExact: arguments[exact], colorMode: arguments[colorMode], keepsAspectRatio: arguments[aspect])
  }
}

/// What the verbs that read many pictures let one choose.
struct ExtractionParameters {
  private let batch = Option(
    "batch", value: "N", .integer(in: 1...4096), default: 32, help: "pictures at a time")
  private let onBadImage = Option(
    "on-bad-image", value: "POLICY", .choice(of: BadImagePolicy.self), default: .skip,
    help: "what to do about a file that is no readable picture")

  private let cache = CacheParameters()

  var parameters: [any Parameter] { [batch, onBadImage, Common.threads] + cache.parameters }

  /// The options, with progress on `total` pictures drawn on `console` until `body` is through.
  func withOptions<Result>(
    _ arguments: Arguments, _ console: Console, total: Int, _ body: (ExtractionOptions) throws -> Result
  ) throws -> Result {
    let cache = try cache.cache(arguments, console)
    let tally = CacheTally()
    let progress = console.progress("Features", total: total, unit: "image")
    let options = ExtractionOptions(
      batchSize: arguments[batch], onBadImage: arguments[onBadImage], progress: { progress.advance(by: $0) },
      cache: cache, cacheUsed: { tally.add($0) })
    let result = try body(options)
    progress.finish()
    tally.report(on: console)
    return result
  }
}

extension Console {
  /// Lists pictures that were left out, with the reasons.
  func list(skipped: [SkippedPicture]) {
    guard !skipped.isEmpty else { return }
    warn("skipped \(counted(skipped.count, "unreadable image")):")
    for picture in skipped { complain("  \(picture.error)") }
  }
}
