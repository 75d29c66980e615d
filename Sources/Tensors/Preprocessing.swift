/// How 8-bit pixels become a network's input: `(pixel / divisor - mean) / deviation`, channel by channel, after the
/// channels are in the network's order.
///
/// The label is what Keras's `imagenet_utils.preprocess_input` calls the mode; only the numbers have an effect.
public struct Preprocessing: Hashable, Sendable {
  /// The order in which the network reads the channels of a decoded RGB image.
  public enum ChannelOrder: String, Hashable, Sendable {
    /// Red first.
    case rgb
    /// Blue first.
    case bgr
  }

  /// How an image is normalised by its own mean and standard deviation, over all its values; Keras's
  /// `samplewise_center` and `samplewise_std_normalization`.
  public enum SampleStatistics: String, Hashable, Sendable, Codable {
    /// Nothing.
    case none
    /// The mean is subtracted.
    case centered
    /// The mean is subtracted, then everything is divided by the standard deviation plus 1e-6.
    case standardized
  }

  /// `caffe`, `tf`, `torch` or `rescale` for Keras's own modes; free text otherwise.
  public var label: String
  /// The order of the channels the network reads.
  public var channelOrder: ChannelOrder
  /// What a pixel of 0...255 is divided by first.
  public var divisor: Float
  /// The mean to subtract, one number per channel, in the network's channel order.
  public var mean: [Float]
  /// The standard deviation to divide by, one number per channel, in the network's channel order.
  public var deviation: [Float]
  /// How each image is then normalised by its own statistics.
  public var sample: SampleStatistics = .none

  /// Makes a preprocessing from its numbers; `mean` and `deviation` hold one number a channel.
  public init(label: String, channelOrder: ChannelOrder, divisor: Float, mean: [Float], deviation: [Float]) {
    self.label = label
    self.channelOrder = channelOrder
    self.divisor = divisor
    self.mean = mean
    self.deviation = deviation
  }

  /// BGR minus ImageNet's mean pixel.
  public static let caffe = Preprocessing(
    label: "caffe", channelOrder: .bgr, divisor: 1, mean: [103.939, 116.779, 123.68], deviation: [1, 1, 1])

  /// RGB scaled to [-1, 1].
  public static let tf = Preprocessing(
    label: "tf", channelOrder: .rgb, divisor: 127.5, mean: [1, 1, 1], deviation: [1, 1, 1])

  /// RGB scaled to [0, 1], then standardised with ImageNet's statistics.
  public static let torch = Preprocessing(
    label: "torch", channelOrder: .rgb, divisor: 255, mean: [0.485, 0.456, 0.406],
    deviation: [0.229, 0.224, 0.225])

  /// RGB scaled to [0, 1]: what `ImageDataGenerator(rescale=1/255)` does.
  public static let rescale = Preprocessing(
    label: "rescale", channelOrder: .rgb, divisor: 255, mean: [0, 0, 0], deviation: [1, 1, 1])

  /// RGB unchanged, 0 to 255: for networks that scale pixels themselves.
  public static let unscaled = Preprocessing(
    label: "none", channelOrder: .rgb, divisor: 1, mean: [0, 0, 0], deviation: [1, 1, 1])

  /// The same for networks without a record of how their pixel values were scaled.
  public static let unknown: Preprocessing = {
    var preprocessing = unscaled
    preprocessing.label = "unknown"
    return preprocessing
  }()

  /// RGB minus each image's own mean, divided by its standard deviation: what
  /// `ImageDataGenerator(samplewise_std_normalization=True)` does.
  public static let samplewise: Preprocessing = {
    var preprocessing = rescale
    (preprocessing.label, preprocessing.divisor, preprocessing.sample) = ("samplewise", 1, .standardized)
    return preprocessing
  }()

  /// RGB times a factor: what `ImageDataGenerator(rescale:)` does, in one division.
  public static func rescaled(by factor: Double) -> Preprocessing {
    var preprocessing = rescale
    preprocessing.divisor = Float(1 / factor)
    return preprocessing
  }

  /// The same for images of so many channels, where it treats all channels alike; as it is where it does not.
  package func forChannels(_ count: Int) -> Preprocessing {
    guard [1, 3].contains(mean.count), deviation.count == mean.count, count != mean.count,
      Set(mean).count == 1, Set(deviation).count == 1
    else { return self }
    var copy = self
    copy.mean = Array(repeating: mean[0], count: count)
    copy.deviation = Array(repeating: deviation[0], count: count)
    if count == 1 { copy.channelOrder = .rgb }
    return copy
  }

  /// Keras's modes by name, as ``label`` spells them.
  public static let named: [String: Preprocessing] = Dictionary(
    uniqueKeysWithValues: [caffe, tf, torch, rescale, samplewise, unscaled].map { ($0.label, $0) })
}
