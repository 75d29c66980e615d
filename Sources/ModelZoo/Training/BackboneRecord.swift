import Images
import Tensors

/// How a trained model's images become features, as its archive keeps it.
struct BackboneRecord: Hashable, Sendable, Codable {
  struct Pixels: Hashable, Sendable, Codable {
    var label: String
    var channelOrder: String
    var divisor: Float
    var mean: [Float]
    var deviation: [Float]
    /// Absent for none.
    var sample: Preprocessing.SampleStatistics?
  }

  var height: Int
  var width: Int
  var layer: String?
  var pooling: FeaturePooling
  var interpolation: String
  var appliesOrientation: Bool
  /// Absent for `rgb`.
  var colorMode: ColorMode?
  /// Absent for no.
  var keepsAspectRatio: Bool?
  var preprocessing: Pixels

  init(_ recipe: ImageRecipe, _ options: BackboneOptions) {
    height = recipe.height
    width = recipe.width
    layer = options.layer
    pooling = options.pooling
    interpolation = recipe.interpolation.rawValue
    appliesOrientation = recipe.appliesOrientation
    colorMode = recipe.colorMode == .rgb ? nil : recipe.colorMode
    keepsAspectRatio = recipe.keepsAspectRatio ? true : nil
    let preprocessing = recipe.preprocessing
    self.preprocessing = Pixels(
      label: preprocessing.label, channelOrder: preprocessing.channelOrder.rawValue,
      divisor: preprocessing.divisor, mean: preprocessing.mean, deviation: preprocessing.deviation,
      sample: preprocessing.sample == .none ? nil : preprocessing.sample)
  }

  /// The options to load the backbone with; `refuse` makes an error of what is wrong.
  func options(refuse: (String) -> ModelZooError) throws(ModelZooError) -> BackboneOptions {
    func expect(_ expected: String, found: some Any) -> ModelZooError {
      refuse("expected \(expected), found \(found)")
    }
    let limits = DecodingLimits.standard
    guard (1...limits.sideLength).contains(height), (1...limits.sideLength).contains(width),
      height * width <= limits.pixelCount
    else {
      throw expect(
        "images of 1 to \(limits.sideLength) rows and columns and \(limits.pixelCount) pixels at most",
        found: "\(height) x \(width)")
    }
    guard let interpolation = Interpolation(rawValue: interpolation) else {
      throw expect("one of " + Interpolation.names, found: "interpolation '\(interpolation)'")
    }
    guard let order = Preprocessing.ChannelOrder(rawValue: preprocessing.channelOrder) else {
      throw expect("channels in the order rgb or bgr", found: "'\(preprocessing.channelOrder)'")
    }
    var pixels = Preprocessing(
      label: preprocessing.label, channelOrder: order, divisor: preprocessing.divisor,
      mean: preprocessing.mean, deviation: preprocessing.deviation)
    pixels.sample = preprocessing.sample ?? .none
    if let flaw = pixels.flaw { throw expect(flaw.expected, found: flaw.found) }
    return BackboneOptions(
      height: height, width: width, layer: layer, pooling: pooling, preprocessing: pixels,
      interpolation: interpolation, appliesOrientation: appliesOrientation, colorMode: colorMode ?? .rgb,
      keepsAspectRatio: keepsAspectRatio ?? false)
  }
}

extension Interpolation {
  fileprivate static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }
}
