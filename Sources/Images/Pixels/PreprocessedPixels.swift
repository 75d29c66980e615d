public import Tensors

/// A `Preprocessing` as a table: the result for each of the 256 values in each channel.
///
/// Exact, not approximate: a pixel has only 256 values, and each is computed once in Keras's order of
/// `float32` operations (`imagenet_utils._preprocess_numpy_input`).
public struct PreprocessingTable: Sendable {
  /// How many channels the network reads: three, or one of gray images, whose channels are all alike.
  public let channels: Int
  /// 256 values for each network channel.
  private let values: [Float]
  /// The RGB channel each network channel reads.
  private let sources: [Int]
  private let preprocessing: Preprocessing

  /// Computes the values.
  ///
  /// - Throws: ``ImageError/preprocessing(label:expected:found:)`` unless `mean` and `deviation` hold three numbers each, or
  ///   one each, and every pixel becomes a finite number.
  public init(_ preprocessing: Preprocessing) throws(ImageError) {
    let channels = preprocessing.mean.count
    if let flaw = preprocessing.flaw {
      throw .preprocessing(label: preprocessing.label, expected: flaw.expected, found: flaw.found)
    }
    self.preprocessing = preprocessing
    self.channels = channels
    sources = channels == 1 ? [0] : preprocessing.channelOrder == .bgr ? [2, 1, 0] : [0, 1, 2]
    values = (0..<channels).flatMap { channel in
      (0..<256).map { value in
        (Float(value) / preprocessing.divisor - preprocessing.mean[channel])
          / preprocessing.deviation[channel]
      }
    }
  }

  /// The network's input for one image, `[H, W, C]` with the network's channels, row-major.
  public func scalars(of bitmap: Bitmap) -> [Float] { scalars(of: [bitmap]) }

  /// The network's input for images of one size, `[N, H, W, 3]`, row-major.
  public func scalars(of bitmaps: [Bitmap]) -> [Float] { scalars(of: bitmaps.map(NetworkDrawing.bitmap)) }

  /// The same for images of which some were transformed.
  func scalars(of images: [NetworkDrawing]) -> [Float] {
    [Float](capacity: images.reduce(0) { $0 + $1.count / 3 * channels }) { scalars in
      for image in images {
        guard preprocessing.sample == .none else {
          for value in standardized(image) { scalars.append(value) }
          continue
        }
        append(image, to: &scalars)
      }
    }
  }

  private func append(_ image: NetworkDrawing, to scalars: inout OutputSpan<Float>) {
    switch image {
    case .bitmap(let bitmap): append(bitmap, to: &scalars)
    case .floats(let pixels): append(pixels, to: &scalars)
    }
  }

  private func append(_ bitmap: Bitmap, to scalars: inout OutputSpan<Float>) {
    let pixels = bitmap.pixels.span
    let values = values.span
    guard channels == 3 else {
      for offset in stride(from: 0, to: pixels.count, by: 3) { scalars.append(values[Int(pixels[offset])]) }
      return
    }
    let (first, second, third) = (sources[0], sources[1], sources[2])
    var offset = 0
    while offset < pixels.count {
      scalars.append(values[Int(pixels[offset + first])])
      scalars.append(values[256 + Int(pixels[offset + second])])
      scalars.append(values[512 + Int(pixels[offset + third])])
      offset += 3
    }
  }

  /// The same arithmetic for values between those of a table.
  private func append(_ pixels: FloatPixels, to scalars: inout OutputSpan<Float>) {
    let source = pixels.values.span
    let (mean, deviation) = (preprocessing.mean, preprocessing.deviation)
    for offset in stride(from: 0, to: source.count, by: 3) {
      for channel in 0..<channels {
        let scaled = source[offset + sources[channel]] / preprocessing.divisor
        scalars.append((scaled - mean[channel]) / deviation[channel])
      }
    }
  }

  private func standardized(_ image: NetworkDrawing) -> [Float] {
    var values = [Float](capacity: image.count / 3 * channels) { append(image, to: &$0) }
    let mean = values.reduce(0) { $0 + Double($1) } / Double(values.count)
    for index in values.indices { values[index] -= Float(mean) }
    guard preprocessing.sample == .standardized else { return values }
    let variance = values.reduce(0) { $0 + Double($1) * Double($1) } / Double(values.count)
    let divisor = Float(variance.squareRoot()) + 1e-6
    for index in values.indices { values[index] /= divisor }
    return values
  }
}

/// An image of a network's size: of 8 bits as it came, or transformed.
enum NetworkDrawing: Sendable {
  case bitmap(Bitmap)
  case floats(FloatPixels)

  var count: Int {
    switch self {
    case .bitmap(let bitmap): bitmap.pixels.count
    case .floats(let pixels): pixels.values.count
    }
  }
}

extension Preprocessing {
  /// The network's input for one image, `[H, W, 3]`, row-major. For many images, make a
  /// `PreprocessingTable` once.
  ///
  /// - Throws: `ImageError.preprocessing(label:expected:found:)`.
  public func scalars(of bitmap: Bitmap) throws(ImageError) -> [Float] {
    try PreprocessingTable(self).scalars(of: bitmap)
  }
  /// The first thing that keeps pixels of three channels from becoming finite numbers; nil for nothing.
  package var flaw: (expected: String, found: String)? {
    guard [1, 3].contains(mean.count), deviation.count == mean.count else {
      return (
        "a mean and a deviation for each of 3 channels",
        "\(mean.count) means and \(deviation.count) deviations"
      )
    }
    guard divisor > 0, divisor.isFinite else { return ("a divisor above 0", "\(divisor)") }
    if let number = deviation.first(where: { !($0 > 0 && $0.isFinite) }) {
      return ("deviations above 0", "\(number)")
    }
    if let number = mean.first(where: { !$0.isFinite }) { return ("means that are numbers", "\(number)") }
    let extremes = zip(mean, deviation).flatMap { mean, deviation in
      [0, 255].map { (Float($0) / divisor - mean) / deviation }
    }
    return extremes.allSatisfy(\.isFinite)
      ? nil
      : (
        "numbers that keep every pixel finite",
        "a divisor of \(divisor), means \(mean), deviations \(deviation)"
      )
  }
}
