public import Tensors

/// How a picture file becomes a network's input: Keras's `load_img` with a target size, then
/// `preprocess_input`.
public struct ImageRecipe: Hashable, Sendable {
  /// Rows of the input.
  public var height: Int
  /// Columns of the input.
  public var width: Int
  /// How the picture is brought to that size; the aspect ratio is not kept. Keras's default is nearest.
  public var interpolation: Interpolation
  /// How its values are scaled.
  public var preprocessing: Preprocessing
  /// Whether the EXIF orientation is honoured. Keras ignores it.
  public var appliesOrientation: Bool
  /// What is refused for its size.
  public var limits: DecodingLimits

  /// Makes a recipe for pictures of `height` rows and `width` columns.
  public init(
    height: Int, width: Int, interpolation: Interpolation = .nearest, preprocessing: Preprocessing,
    appliesOrientation: Bool = false, limits: DecodingLimits = .standard
  ) {
    self.height = height
    self.width = width
    self.interpolation = interpolation
    self.preprocessing = preprocessing
    self.appliesOrientation = appliesOrientation
    self.limits = limits
  }

  /// Reads one file and brings it to size.
  public func bitmap(of path: String) throws(ImageError) -> Bitmap {
    try Bitmap(contentsOf: path, appliesOrientation: appliesOrientation, limits: limits)
      .resized(width: width, height: height, interpolation)
  }

  /// The network's input for one file, `[1, H, W, 3]`.
  public func tensor(of path: String) throws(ImageError) -> Tensor {
    let scalars = preprocessing.scalars(of: try bitmap(of: path))
    return Tensor(shape: Shape([1, height, width, 3]), scalars: scalars)
  }
}
