import ModelZoo
import Reports

/// What the verbs that run a backbone let one choose.
struct BackboneArguments {
  private let layer = Option.optional(
    "layer", value: "NAME", .text, help: "take the features from this layer (default: the last)")
  private let taps = Option.list(
    "layer", value: "NAME", .text,
    help: "take the features from this layer (default: the last); may be repeated, for one tensor per layer")
  private let readsSeveralLayers: Bool
  private let pooling = Option(
    "pool", value: "KIND", .choice(of: FeaturePooling.self), default: .automatic,
    help:
      "global pooling over the rows and columns of the features; auto: as the archive's classifier, or else avg"
  )
  private let size = Option.optional(
    "size", value: "N|HxW", .inputSize,
    help: "resize images to N x N pixels, or H rows and W columns (default: what the archive says)")
  private let interpolation = Common.interpolation
  private let preprocessing = Option.optional(
    "preprocessing", value: "MODE", .choice(Preprocessing.named.keys.sorted()),
    help: "how pixel values are scaled (default: as for the training of the weights)")
  private let rescale = Option.optional(
    "rescale", value: "X", .factor,
    help: "multiply pixel values by X, such as 1/255, instead of the weights' own preprocessing")
  private let orientation = Flag(
    "exif-orientation", help: "rotate images by their EXIF orientation; Keras does not")

  private let colorMode = Option(
    "color-mode", value: "MODE", .choice(of: ColorMode.self), default: .rgb,
    help: "grayscale: the luminance in all three channels")
  private let aspect = Flag(
    "keep-aspect-ratio",
    help: "crop images to the aspect ratio of the input before resizing, instead of distorting them")
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

  /// What a file of features says of itself, all but the layer, by which one of several tensors is chosen.
  var declarationsOfFeatures: [any CommandArgument] {
    [pooling, size, interpolation, colorMode, aspect, preprocessing, rescale, orientation, exact]
  }

  /// The one layer to take features from; nil for the last.
  func layerName(_ arguments: Arguments) -> String? { arguments[layer] }

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
      height: arguments[size]?.height, width: arguments[size]?.width,
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
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map {
          Double(decimal: $0) ?? .nan
        }
        guard (1...2).contains(parts.count) else { return nil }
        let factor = parts.count == 2 ? parts[0] / parts[1] : parts[0]
        return Float(factor).isNormal && Float(1 / factor).isNormal && factor > 0 ? factor : nil
      }, show: { "\($0)" })
  }
}

/// What the verbs that read many images let one choose.
struct ExtractionArguments {
  private let batch = Option(
    "batch", value: "N", .integer(in: 1...4096), default: 32, help: "batch size, in images")
  private let onBadImage = Option(
    "on-bad-image", value: "POLICY", .choice(of: BadImagePolicy.self), default: .skip,
    help: "what to do with an image that cannot be read")

  private let timeout = Option.optional(
    "image-timeout", value: "SECONDS", .number(in: 0.001...86_400),
    help: "give up an image whose reading and decoding takes longer (default: wait)")

  private let listSkipped = Flag(
    "list-skipped", help: "name every image that could not be read, not the first few alone")
  private let cache = CacheArguments()

  var group: OptionGroup { OptionGroup("Batches, threads and cache", declarations) }

  var declarations: [any CommandArgument] {
    [batch, onBadImage, timeout, listSkipped, Common.threads] + cache.declarations
  }

  /// What is about images: features that are computed already need none of it.
  var declarationsOfImages: [any CommandArgument] { [onBadImage, listSkipped] + cache.declarations }

  func batchSize(_ arguments: Arguments) -> Int { arguments[batch] }

  /// The options, with progress on `total` images drawn on `console` until `body` is through.
  func withOptions<Result>(
    _ arguments: Arguments, _ console: Console, total: Int?, _ body: (ExtractionOptions) throws -> Result
  ) throws -> Result {
    let cache = try cache.cache(arguments, console)
    let tally = CacheTally()
    let progress = console.progress("Features", total: total, unit: "image")
    let shown = Locked(0)
    let caveats = Locked<[ImageCaveat: CaveatCount]>([:])
    let options = ExtractionOptions(
      batchSize: arguments[batch], onBadImage: arguments[onBadImage],
      imageTimeout: arguments[timeout].map { .seconds($0) }, cache: cache,
      observer: { event in
        switch event {
        case .images(let done, let total):
          progress.advance(by: done - shown.value)
          // The images of the next part are counted from 0 again.
          shown.value = done == total ? 0 : done
        case .cached(let use): tally.add(use)
        case .caveat(let found):
          caveats.update { $0[found.caveat] = $0[found.caveat]?.adding(found) ?? found }
        case .skipped: break
        }
      })
    let result = try body(options)
    progress.finish()
    tally.report(on: console, images: total)
    for caveat in ImageCaveat.allCases {
      if let found = caveats.value[caveat] { console.warn(found.description) }
    }
    return result
  }

  /// Waits for features that go into the cache as well: the first signal ends the work after the batch at hand, and what was computed
  /// is kept; the second ends it at once.
  ///
  /// - Throws: `Interruption` for work that was ended so, and what the job throws.
  func wait<Event, Value>(
    for job: Job<Event, Value>, _ options: ExtractionOptions,
    observe: @escaping @Sendable (Event) -> Void = { _ in }
  ) throws -> Value {
    try keepingWhatIsCached(options, stop: { job.cancel() }) { try job.wait(observe) }
  }

  /// The same for results that are handed out one by one.
  func wait<Element>(
    for sequence: BatchedSequence<Element>, _ options: ExtractionOptions, _ body: (Element) throws -> Void
  ) throws {
    let cancellation = Cancellation()
    try keepingWhatIsCached(options, stop: { cancellation.cancel() }) {
      try sequence.wait(cancellation, body)
    }
  }

  private func keepingWhatIsCached<Value>(
    _ options: ExtractionOptions, stop: @escaping @Sendable () -> Void, _ work: () throws -> Value
  ) throws -> Value {
    guard let cache = options.cache else { return try work() }
    Interruptions.beginDeferral(stop)
    defer { Interruptions.endDeferral() }
    do { return try work() } catch is CancellationError { throw Interruption(keptIn: cache) }
  }
}

extension ExtractionArguments {
  /// Names images that were left out, with the reasons.
  func list(skipped: [SkippedImage], _ arguments: Arguments, _ console: Console) {
    list(skippedBecause: skipped.lazy.map(\.error.description), arguments, console)
  }

  /// Names images that were left out by why they were; of very many the first ones, unless all are asked for.
  func list(
    skippedBecause reasons: some Collection<String>, _ arguments: Arguments, _ console: Console
  ) {
    guard !reasons.isEmpty else { return }
    let isCut = !arguments[listSkipped] && reasons.count > Self.mostNamed
    let end = isCut ? ", of which these are the first (--list-skipped names all)" : ""
    console.warn("skipped \(counted(reasons.count, "unreadable image"))\(end):")
    for reason in reasons.prefix(isCut ? Self.namedOfMany : reasons.count) { console.complain("  \(reason)") }
  }

  /// More images are not all named.
  private static let mostNamed = 20
  private static let namedOfMany = 10
}
