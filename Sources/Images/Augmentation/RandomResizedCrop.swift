import Foundation
import Randomness
import Tensors

/// A crop of random size and aspect ratio, resized to the input: torchvision's
/// `RandomResizedCrop`.
public struct RandomResizedCrop: Hashable, Sendable {
  /// The fraction of the image's area that is kept, in (0, 1].
  public var scale: ClosedRange<Double>
  /// Width over height of what is kept.
  public var ratio: ClosedRange<Double>

  /// torchvision's defaults.
  public init(scale: ClosedRange<Double> = 0.08...1, ratio: ClosedRange<Double> = 3.0 / 4...4.0 / 3) {
    self.scale = scale
    self.ratio = ratio
  }

  /// One crop: what decides it for an image of any size.
  public struct Draw: Hashable, Sendable {
    /// What may be drawn.
    public let limits: RandomResizedCrop
    /// What was drawn.
    public let seed: UInt64

    var label: String {
      "\(limits.scale.lowerBound) \(limits.scale.upperBound) \(limits.ratio.lowerBound) "
        + "\(limits.ratio.upperBound) \(seed)"
    }

    /// The part to keep of an image: ten attempts, then the largest part in the middle whose proportions are
    /// allowed.
    func rectangle(width: Int, height: Int) -> (x: Int, y: Int, width: Int, height: Int) {
      var generator = SplitMix64(seed: seed)
      let (least, most) = (log(limits.ratio.lowerBound), log(limits.ratio.upperBound))
      for _ in 0..<10 {
        let area = Double(width * height) * generator.uniform(limits.scale)
        let ratio = exp(generator.uniform(min(least, most)...max(least, most)))
        let newWidth = Int((area * ratio).squareRoot().rounded(.toNearestOrEven))
        let newHeight = Int((area / ratio).squareRoot().rounded(.toNearestOrEven))
        guard (1...width).contains(newWidth), (1...height).contains(newHeight) else { continue }
        let y = Int(generator.nextUnit() * Double(height - newHeight + 1))
        let x = Int(generator.nextUnit() * Double(width - newWidth + 1))
        return (x, y, newWidth, newHeight)
      }
      return middle(width, height)
    }

    private func middle(_ width: Int, _ height: Int) -> (x: Int, y: Int, width: Int, height: Int) {
      let ratio = min(
        max(Double(width) / Double(height), limits.ratio.lowerBound), limits.ratio.upperBound)
      let newWidth = min(width, max(1, Int((Double(height) * ratio).rounded())))
      let newHeight = min(height, max(1, Int((Double(width) / ratio).rounded())))
      return ((width - newWidth) / 2, (height - newHeight) / 2, newWidth, newHeight)
    }
  }
}

extension SplitMix64 {
  /// A number of a range; always one draw.
  mutating func uniform(_ range: ClosedRange<Double>) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * nextUnit()
  }
}
