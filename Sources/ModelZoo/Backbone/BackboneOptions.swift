import Encoding
public import Images
public import Tensors

/// A setting that a user may want to change, though it works and is Keras's default.
public enum BackboneNotice: Hashable, Sendable, CustomStringConvertible {
  /// Images are resized to the nearest pixel.
  case nearestPixels
  /// How images are resized for a whole model of Keras, where that is not bilinear.
  case scaledPixels(PixelScaling)
  /// A pooling that was asked for, of features that have no rows and columns: it changes nothing.
  case nothingToPool
  /// Features are those of a layer ahead of the network's last, since the layers behind it give the scores of classes.
  case belowClassifier(layer: String, shape: TensorShape, leftOut: [String])
  /// Features are not pooled and are those of a layer ahead of the network's last, since the layers behind it work on what the model
  /// pools.
  case aheadOfPooling(layer: String, shape: TensorShape, leftOut: [String])

  /// The sentence.
  public var description: String {
    switch self {
    case .nothingToPool:
      "The pooling that was asked for has no effect: the features have no rows and columns to pool"
    case .scaledPixels(let scaling): "Images are resized to \(scaling)"
    case .belowClassifier(let layer, let shape, let leftOut):
      "Features are those of the layer \(layer), \(shape), ahead of what gives the model's scores: without "
        + leftOut.firstNamed
    case .aheadOfPooling(let layer, let shape, let leftOut):
      "Features without pooling are those of the layer \(layer), \(shape), which the model pools: without "
        + "\(leftOut.firstNamed), which the model has behind its pooling alone"
    case .nearestPixels:
      "Images are resized to the nearest pixel, as in flow_from_directory; bilinear interpolation is more accurate"
    }
  }
}

/// The options of loading a backbone; the defaults are those of the entry and of Keras.
public struct BackboneOptions: Hashable, Sendable {
  /// Rows of the input; nil for what the archive says: those that a model was trained or saved with, or the entry's.
  public var height: Int?
  /// Columns of the input; nil for what the archive says.
  public var width: Int?
  /// The layer whose output are the features; nil for the network's last.
  public var layer: String?
  /// The global pooling over the features' rows and columns.
  public var pooling: FeaturePooling
  /// How pixels are scaled; nil for what a model's head was trained with, or else the weights.
  public var preprocessing: Preprocessing?
  /// How images are resized; nil for what the archive says, or else the nearest pixel, as Keras's `flow_from_directory`.
  public var interpolation: Interpolation?
  /// Whether images are rotated by their EXIF orientation; Keras ignores it.
  public var appliesOrientation: Bool
  /// Which colours of images are kept.
  public var colorMode: ColorMode
  /// Whether images are cropped to the input's aspect ratio before resizing; by default Keras distorts them.
  public var keepsAspectRatio: Bool
  /// Whether to avoid the Winograd and Strassen algorithms, which save multiplications: slower, with about a tenth of
  /// the rounding error.
  public var isExact: Bool

  /// Keras's defaults: `include_top=False, pooling='avg'`, images resized to the nearest pixel. What the archive says comes first: the
  /// size and the interpolation that it was saved with, and how its classifier pools, if it has one.
  public init(
    height: Int? = nil, width: Int? = nil, layer: String? = nil, pooling: FeaturePooling = .automatic,
    preprocessing: Preprocessing? = nil, interpolation: Interpolation? = nil,
    appliesOrientation: Bool = false, isExact: Bool = false, colorMode: ColorMode = .rgb,
    keepsAspectRatio: Bool = false
  ) {
    self.colorMode = colorMode
    self.keepsAspectRatio = keepsAspectRatio
    self.height = height
    self.width = width
    self.layer = layer
    self.pooling = pooling
    self.preprocessing = preprocessing
    self.interpolation = interpolation
    self.appliesOrientation = appliesOrientation
    self.isExact = isExact
  }

  /// The same with a square input of `size` rows and columns.
  public init(
    size: Int, layer: String? = nil, pooling: FeaturePooling = .automatic,
    preprocessing: Preprocessing? = nil,
    interpolation: Interpolation? = nil
  ) {
    self.init(
      height: size, width: size, layer: layer, pooling: pooling, preprocessing: preprocessing,
      interpolation: interpolation)
  }
}
