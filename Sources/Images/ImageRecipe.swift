public import Tensors

/// How a picture file becomes a network's input: Keras's `load_img` with a target size, then
/// `preprocess_input`.
public struct ImageRecipe: Hashable, Sendable {
  /// Rows of the input.
  public var height: Int
  /// Columns of the input.
  public var width: Int
  /// How the picture is brought to that size. Keras's default is nearest.
  public var interpolation: Interpolation
  /// Which colours are kept.
  public var colorMode: ColorMode
  /// Whether what is too wide or too high is cut off first, as by Keras's `keep_aspect_ratio`; pictures are
  /// distorted otherwise.
  public var keepsAspectRatio: Bool
  /// How its values are scaled.
  public var preprocessing: Preprocessing
  /// Whether the EXIF orientation is honoured. Keras ignores it.
  public var appliesOrientation: Bool
  /// What is refused for its size.
  public var limits: DecodingLimits

  /// Makes a recipe for pictures of `height` rows and `width` columns.
  public init(
    height: Int, width: Int, interpolation: Interpolation = .nearest, preprocessing: Preprocessing,
    appliesOrientation: Bool = false, limits: DecodingLimits = .standard, colorMode: ColorMode = .rgb,
    keepsAspectRatio: Bool = false
  ) {
    self.colorMode = colorMode
    self.keepsAspectRatio = keepsAspectRatio
    self.height = height
    self.width = width
    self.interpolation = interpolation
    self.preprocessing = preprocessing
    self.appliesOrientation = appliesOrientation
    self.limits = limits
  }

  /// Reads one file and brings it to size.
  public func bitmap(of path: String) throws(ImageError) -> Bitmap {
    try resized(Bitmap(contentsOf: path, appliesOrientation: appliesOrientation, limits: limits))
  }

  /// Brings a decoded picture to size.
  func resized(_ bitmap: Bitmap) throws(ImageError) -> Bitmap {
    guard height > 0, width > 0 else { throw .emptySize(height: height, width: width) }
    let kept = keepsAspectRatio ? bitmap.croppedToAspect(width: width, height: height) : bitmap
    return try kept.keeping(colorMode).resized(width: width, height: height, interpolation)
  }

  /// The network's input for one file, `[1, H, W, 3]`.
  public func tensor(of path: String) throws(ImageError) -> Tensor {
    let scalars = preprocessing.scalars(of: try bitmap(of: path))
    return Tensor(shape: Shape([1, height, width, 3]), scalars: scalars)
  }
}
