import Images
import Tensors

/// How a trained model's images become features, as its archive keeps it.
struct BackboneRecord: Codable {
  struct Pixels: Codable {
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
    guard let interpolation = Interpolation(rawValue: interpolation) else {
      throw refuse("expected an interpolation this release knows, found '\(interpolation)'")
    }
    guard let order = Preprocessing.ChannelOrder(rawValue: preprocessing.channelOrder),
      preprocessing.mean.count == preprocessing.deviation.count, !preprocessing.mean.isEmpty
    else { throw refuse("expected a preprocessing with as many means as deviations") }
    var pixels = Preprocessing(
      label: preprocessing.label, channelOrder: order, divisor: preprocessing.divisor,
      mean: preprocessing.mean, deviation: preprocessing.deviation)
    pixels.sample = preprocessing.sample ?? .none
    return BackboneOptions(
      height: height, width: width, layer: layer, pooling: pooling, preprocessing: pixels,
      interpolation: interpolation, appliesOrientation: appliesOrientation, colorMode: colorMode ?? .rgb,
      keepsAspectRatio: keepsAspectRatio ?? false)
  }
}
