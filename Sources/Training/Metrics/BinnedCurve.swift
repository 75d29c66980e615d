import Foundation

/// Scores of both kinds in bins as wide as the steps of Keras's `AUC(num_thresholds=200)`: the area under the receiver
/// operating characteristic at a cost that does not grow with the samples.
///
/// Straight lines between thresholds count a pair within one bin half, as they do in Keras.
struct BinnedCurve: Sendable {
  private struct Bin { var positives = 0, negatives = 0 }

  private static let binCount = 199
  /// Per class, from the lowest scores to the highest.
  private var bins: [[Bin]] = []
  /// The scores that are in bins already.
  private var seen = 0

  /// Puts those of `scores`, a row of `width` a sample, into bins that came since the last time.
  ///
  /// - Parameter isLogit: whether scores lie on both sides of zero, and a sigmoid leads to [0, 1].
  mutating func add(_ scores: [Float], _ truths: [Bool], width: Int, isLogit: Bool) {
    if bins.isEmpty {
      bins = [[Bin]](repeating: [Bin](repeating: Bin(), count: Self.binCount), count: width)
    }
    for index in seen..<scores.count {
      let score = isLogit ? 1 / (1 + exp(-scores[index])) : scores[index]
      let bin = Self.bin(of: score)
      if truths[index] {
        bins[index % width][bin].positives += 1
      } else {
        bins[index % width][bin].negatives += 1
      }
    }
    seen = scores.count
  }

  /// A threshold itself belongs to the bin below it.
  private static func bin(of score: Float) -> Int {
    let bin = (score * Float(binCount)).rounded(.up) - 1
    return bin > 0 ? Int(min(bin, Float(binCount - 1))) : 0
  }

  /// The mean over the classes that some samples are of and some are not; 0 when there is none.
  var area: Double { ReceiverOperatingCharacteristic.mean(bins.compactMap(Self.area)) }

  private static func area(_ bins: [Bin]) -> Double? {
    var (positives, negatives, pairs) = (0, 0, 0.0)
    for bin in bins {
      pairs += Double(bin.positives) * (Double(negatives) + Double(bin.negatives) / 2)
      positives += bin.positives
      negatives += bin.negatives
    }
    guard positives > 0, negatives > 0 else { return nil }
    return pairs / (Double(positives) * Double(negatives))
  }
}
