import Foundation
public import Tensors

extension Preprocessing {
  /// RGB minus the mean of each channel over all images, divided by its standard deviation: Keras's
  /// `featurewise_center` and `featurewise_std_normalization` after `fit`, which use statistics of the data, not those
  /// that pretrained weights were trained with.
  ///
  /// The sums are sums of integers: exact, whatever the order of the images.
  ///
  /// - Parameters:
  ///   - images: the training images; unreadable ones are ignored.
  ///   - recipe: how they are brought to size; its preprocessing is not looked at.
  ///   - rescale: Keras's `rescale`, applied first.
  ///   - normalizesDeviation: whether values are divided by the deviation as well.
  ///   - threads: how many threads read; nil for one per core.
  /// - Throws: the first image's error when none can be read.
  public static func featurewise(
    of images: [ImageLocation], recipe: ImageRecipe, rescale: Double = 1, normalizesDeviation: Bool = true,
    threads: Int? = nil
  ) throws(ImageError) -> Preprocessing {
    let threads = threads ?? ProcessInfo.processInfo.activeProcessorCount
    let results = concurrentMap(0..<images.count, threads: threads) {
      index -> Result<ChannelSums, ImageError> in
      Result { () throws(ImageError) in ChannelSums(try recipe.bitmap(of: images[index])) }
    }
    var total = ChannelSums()
    for case .success(let sums) in results { total.add(sums) }
    if total.count == 0, let first = results.first { _ = try first.get() }
    return featurewise(
      mean: total.means.map { $0 * rescale },
      deviation: normalizesDeviation ? total.deviations.map { $0 * rescale } : nil, rescale: rescale)
  }

  /// The same with known statistics: Keras's `mean` and `std` of a generator that was fitted.
  ///
  /// - Parameters:
  ///   - mean: one number a channel, R, G and B, of rescaled pixels.
  ///   - deviation: the same; nil to divide by nothing.
  ///   - rescale: Keras's `rescale`, applied first.
  public static func featurewise(mean: [Double], deviation: [Double]?, rescale: Double = 1) -> Preprocessing {
    var preprocessing = Preprocessing.rescaled(by: rescale)
    preprocessing.label = "featurewise"
    preprocessing.mean = mean.map { Float($0) }
    if let deviation { preprocessing.deviation = deviation.map { Float($0) + 1e-6 } }
    return preprocessing
  }
}

/// Sums of values and of their squares, channel by channel.
private struct ChannelSums: Sendable {
  private(set) var count = 0
  private var sums = [0, 0, 0]
  private var squares = [0, 0, 0]

  init() {}

  init(_ bitmap: Bitmap) {
    count = bitmap.width * bitmap.height
    let pixels = bitmap.pixels.span
    for offset in stride(from: 0, to: pixels.count, by: 3) {
      for channel in 0..<3 {
        let value = Int(pixels[offset + channel])
        sums[channel] += value
        squares[channel] += value * value
      }
    }
  }

  mutating func add(_ other: ChannelSums) {
    count += other.count
    for channel in 0..<3 {
      sums[channel] += other.sums[channel]
      squares[channel] += other.squares[channel]
    }
  }

  var means: [Double] { sums.map { Double($0) / Double(max(1, count)) } }

  var deviations: [Double] {
    zip(means, squares).map { mean, square in
      max(0, Double(square) / Double(max(1, count)) - mean * mean).squareRoot()
    }
  }
}
