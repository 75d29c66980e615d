import ModelZoo
import Reports

/// What the verbs that run a backbone let one choose.
struct BackboneArguments {
  private let layer = Option.optional(
    "layer", value: "NAME", .text, help: "cut the network at this layer (default: its last)")
  private let taps = Option.list(
    "layer", value: "NAME", .text,
    help: "cut the network at this layer (default: its last); may be repeated, for a tensor a layer")
  private let readsSeveralLayers: Bool
  private let pooling = Option(
    "pool", value: "KIND", .choice(of: FeaturePooling.self), default: .average,
    help: "what becomes of the features' rows and columns")
  private let size = Option.optional(
    "size", value: "N", .integer(in: 1...13_377), help: "resize images to N x N (default: the entry's size)")
  private let interpolation = Option(
    "interpolation", value: "KIND", .choice(of: Interpolation.self), default: .nearest,
    help: "how images are resized, as Pillow does it; nearest is flow_from_directory's and the coarsest")
  private let preprocessing = Option.optional(
    "preprocessing", value: "MODE", .choice(Preprocessing.named.keys.sorted()),
    help: "how pixels are scaled (default: as the weights were trained)")
  private let rescale = Option.optional(
    "rescale", value: "X", .factor,
    help: "multiply pixels by X, such as 1/255, in place of the weights' own preprocessing")
  private let orientation = Flag(
    "exif-orientation", help: "turn images upright as EXIF says; Keras does not")

  private let colorMode = Option(
    "color-mode", value: "MODE", .choice(of: ColorMode.self), default: .rgb,
    help: "grayscale: the luma in all three channels")
  private let aspect = Flag(
    "keep-aspect-ratio", help: "cut off what is too wide or too high instead of distorting")
  private let exact = Common.exact

  /// - Parameter readsSeveralLayers: whether the network may be read at more than one layer.
  init(readsSeveralLayers: Bool = false) { self.readsSeveralLayers = readsSeveralLayers }

  var group: OptionGroup { OptionGroup("Backbone and preprocessing", declarations) }

  /// The layers to read, where there may be several.
  func layers(_ arguments: Arguments) -> [String] { arguments[taps] }

  var declarations: [any CommandArgument] {
    [
      readsSeveralLayers ? taps : layer, pooling, size, interpolation, colorMode, aspect, preprocessing,
      rescale, orientation, exact,
    ]
  }

  /// The factor that pixels are multiplied by ahead of what `option` does to them.
  ///
  /// - Throws: `UsageError` where `--preprocessing` says otherwise.
  func rescale(_ arguments: Arguments, before option: String) throws(UsageError) -> Double {
    guard arguments[preprocessing] == nil else {
      throw .conflict("\(option) and --preprocessing: give one of them, not both")
    }
    return arguments[rescale] ?? 1
  }

  func options(_ arguments: Arguments) throws(UsageError) -> BackboneOptions {
    if arguments[rescale] != nil, arguments[preprocessing] != nil {
      throw .conflict("--rescale and --preprocessing: give one of them, not both")
    }
    return BackboneOptions(
      height: arguments[size], width: arguments[size],
      layer: readsSeveralLayers ? arguments[taps].first : arguments[layer], pooling: arguments[pooling],
      preprocessing: arguments[rescale].map { .rescaled(by: $0) }
        ?? arguments[preprocessing].flatMap { Preprocessing.named[$0] },
      interpolation: arguments[interpolation], appliesOrientation: arguments[orientation],
      isExact: arguments[exact], colorMode: arguments[colorMode], keepsAspectRatio: arguments[aspect])
  }
}

extension ValueKind where Value == Double {
  /// A positive number, or one number over another.
  static var factor: Self {
    Self(
      expectation: "a number above 0, or a quotient such as 1/255",
      parse: { text in
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Double($0) ?? .nan }
        guard (1...2).contains(parts.count) else { return nil }
        let factor = parts.count == 2 ? parts[0] / parts[1] : parts[0]
        return Float(factor).isNormal && Float(1 / factor).isNormal && factor > 0 ? factor : nil
      }, show: { "\($0)" })
  }
}

/// What the verbs that read many images let one choose.
struct ExtractionArguments {
  private let batch = Option(
    "batch", value: "N", .integer(in: 1...4096), default: 32, help: "images at a time")
  private let onBadImage = Option(
    "on-bad-image", value: "POLICY", .choice(of: BadImagePolicy.self), default: .skip,
    help: "what to do about a file that is no readable image")

  private let cache = CacheArguments()

  var group: OptionGroup { OptionGroup("Batches, threads and cache", declarations) }

  var declarations: [any CommandArgument] { [batch, onBadImage, Common.threads] + cache.declarations }

  func batchSize(_ arguments: Arguments) -> Int { arguments[batch] }

  /// The options, with progress on `total` images drawn on `console` until `body` is through.
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
  /// Lists images that were left out, with the reasons.
  func list(skipped: [SkippedImage]) {
    guard !skipped.isEmpty else { return }
    warn("skipped \(counted(skipped.count, "unreadable image")):")
    for image in skipped { complain("  \(image.error)") }
  }
}
