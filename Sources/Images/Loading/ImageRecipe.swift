public import Tensors

/// How an image file is resized and preprocessed to become a network's input: Keras's `load_img` with a target size,
/// then `preprocess_input`.
public struct ImageRecipe: Hashable, Sendable {
  /// Rows of the input.
  public var height: Int
  /// Columns of the input.
  public var width: Int
  /// How the image is resized. Keras's default is nearest.
  public var interpolation: Interpolation
  /// Which colours are kept.
  public var colorMode: ColorMode
  /// Whether images are cropped to the input's aspect ratio first, as by Keras's `keep_aspect_ratio`; otherwise they
  /// are distorted.
  public var keepsAspectRatio: Bool
  /// How its pixel values are scaled.
  public var preprocessing: Preprocessing
  /// Whether images are rotated by their EXIF orientation. Keras ignores it.
  public var appliesOrientation: Bool
  /// What is refused for its size.
  public var limits: DecodingLimits

  /// Makes a recipe for images of `height` rows and `width` columns.
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

  /// Reads one image and resizes it.
  public func bitmap(of location: ImageLocation) throws(ImageError) -> Bitmap {
    try resized(Bitmap(contentsOf: location, appliesOrientation: appliesOrientation, limits: limits))
  }

  /// What the network sees of a decoded image, at the image's own size.
  package func seen(of bitmap: Bitmap) -> Bitmap {
    keepsAspectRatio ? bitmap.croppedKeepingAspect(width: width, height: height) : bitmap
  }

  /// Brings a decoded image to size.
  package func resized(_ bitmap: Bitmap) throws(ImageError) -> Bitmap { try resized(bitmap, nil) }

  private func resized(_ bitmap: Bitmap, _ crop: RandomResizedCrop.Draw?) throws(ImageError) -> Bitmap {
    try Bitmap.checkSize(width: width, height: height)
    var kept = bitmap.keeping(colorMode)
    if let part = crop?.rectangle(width: bitmap.width, height: bitmap.height) {
      kept = kept.cropped(x: part.x, y: part.y, width: part.width, height: part.height)
    } else if keepsAspectRatio {
      return kept.resizedKeepingAspect(width: width, height: height, interpolation)
    }
    return try kept.resized(width: width, height: height, interpolation)
  }

  /// Decodes a file that is in memory; gray of more than 8 bits keeps its values where gray is asked for.
  func decoded(_ bytes: Span<UInt8>, name: String) throws(ImageError) -> DecodedImage {
    let image = try DecodedImage(
      decoding: bytes, name: name, appliesOrientation: appliesOrientation, limits: limits)
    return colorMode == .grayscale ? image : .bitmap(image.bitmap)
  }

  private func decoded(_ location: ImageLocation) throws(ImageError) -> DecodedImage {
    let bytes = try ImageFile.read(location, limits: limits)
    return try decoded(bytes.span, name: location.path)
  }

  /// Brings a decoded image to size and transforms it.
  func image(_ decoded: DecodedImage, _ transform: ImageTransform) throws(ImageError) -> NetworkDrawing {
    switch decoded {
    case .bitmap(let bitmap):
      if interpolation.isTensorFlows {
        let resized = try unrounded(bitmap, transform.crop)
        return .floats(transform.isIdentity ? resized : transform.applied(to: resized))
      }
      let resized = try resized(bitmap, transform.crop)
      return transform.isIdentity ? .bitmap(resized) : .floats(transform.applied(to: FloatPixels(resized)))
    case .deepGray(let gray):
      try Bitmap.checkSize(width: width, height: height)
      try transform.checkSuitsDeepGray()
      try interpolation.checkSuitsDeepGray()
      let resized = gray.resized(
        width: width, height: height, interpolation, keepingAspect: keepsAspectRatio)
      return .floats(transform.applied(to: resized.floats))
    }
  }

  /// Brings a decoded image to size as TensorFlow does, which does not round.
  private func unrounded(
    _ bitmap: Bitmap, _ crop: RandomResizedCrop.Draw?
  ) throws(ImageError) -> FloatPixels {
    try Bitmap.checkSize(width: width, height: height)
    var kept = bitmap.keeping(colorMode)
    if let part = crop?.rectangle(width: bitmap.width, height: bitmap.height) {
      kept = kept.cropped(x: part.x, y: part.y, width: part.width, height: part.height)
    } else {
      kept = seen(of: kept)
    }
    return kept.resizedAsByTensorFlow(width: width, height: height, interpolation)
  }

  /// The network's input for decoded images of any sizes, `[N, H, W, C]` with the network's channels, row-major.
  package func scalars(of bitmaps: [Bitmap]) throws(ImageError) -> [Float] {
    var images: [NetworkDrawing] = []
    for bitmap in bitmaps { images.append(try image(.bitmap(bitmap), ImageTransform())) }
    return try PreprocessingTable(preprocessing).scalars(of: images)
  }

  /// Reads one image and does everything up to preprocessing; the result can be shown.
  public func bitmap(
    of location: ImageLocation, _ transform: ImageTransform
  ) throws(ImageError) -> Bitmap {
    switch try image(decoded(location), transform) {
    case .bitmap(let bitmap): return bitmap
    case .floats(let pixels): return pixels.rounded
    }
  }

  /// The network's input for one image, `[1, H, W, C]` with the network's channels.
  public func tensor(
    of location: ImageLocation, _ transform: ImageTransform = ImageTransform()
  ) throws(ImageError) -> Tensor {
    let table = try PreprocessingTable(preprocessing)
    let scalars = table.scalars(of: [try image(decoded(location), transform)])
    return Tensor(shape: TensorShape([1, height, width, table.channels]), scalars: scalars)
  }
}
