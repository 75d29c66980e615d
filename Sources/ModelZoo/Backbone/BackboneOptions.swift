public import Images
public import Tensors

/// What a user may want to choose otherwise, though it works and Keras does the same.
public enum BackboneNotice: Hashable, Sendable, CustomStringConvertible {
  /// Images are resized to the nearest pixel.
  case nearestPixels

  /// The sentence.
  public var description: String {
    switch self {
    case .nearestPixels:
      "Images are resized to the nearest pixel, as in flow_from_directory; bilinear interpolation is more accurate"
    }
  }
}

/// What loading a backbone leaves open; the defaults are the entry's and Keras's.
public struct BackboneOptions: Hashable, Sendable {
  /// Rows of the input; nil for the entry's default.
  public var height: Int?
  /// Columns of the input; nil for the entry's default.
  public var width: Int?
  /// The layer whose output are the features; nil for the network's last.
  public var layer: String?
  /// What becomes of the features' rows and columns.
  public var pooling: FeaturePooling
  /// How pixels are scaled; nil for what the weights were trained with.
  public var preprocessing: Preprocessing?
  /// How images are brought to size; Keras's `flow_from_directory` takes the nearest pixel.
  public var interpolation: Interpolation
  /// Whether the EXIF orientation turns images upright; Keras ignores it.
  public var appliesOrientation: Bool
  /// Which colours of images are kept.
  public var colorMode: ColorMode
  /// Whether what is too wide or too high is cut off before resizing; Keras distorts images unless asked to.
  public var keepsAspectRatio: Bool
  /// Whether to do without the algorithms that save multiplications (Winograd's, Strassen's): slower, with about one decimal
  /// digit less rounding error.
  public var isExact: Bool

  /// Keras's defaults: `include_top=False, pooling='avg'`, images resized to the nearest pixel.
  public init(
    height: Int? = nil, width: Int? = nil, layer: String? = nil, pooling: FeaturePooling = .average,
    preprocessing: Preprocessing? = nil, interpolation: Interpolation = .nearest,
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
    size: Int, layer: String? = nil, pooling: FeaturePooling = .average, preprocessing: Preprocessing? = nil,
    interpolation: Interpolation = .nearest
  ) {
    self.init(
      height: size, width: size, layer: layer, pooling: pooling, preprocessing: preprocessing,
      interpolation: interpolation)
  }
}
