import Randomness
import Tensors

/// Random changes of colour in a random order: torchvision's `ColorJitter`.
public struct ColorJitter: Hashable, Sendable {
  /// Factors from `max(0, 1 - brightness)` to `1 + brightness`.
  public var brightness: Double
  /// Factors from `max(0, 1 - contrast)` to `1 + contrast`.
  public var contrast: Double
  /// Factors from `max(0, 1 - saturation)` to `1 + saturation`.
  public var saturation: Double
  /// Rotations of the hue from `-hue` to `hue`, at most 0.5.
  public var hue: Double

  /// No change by default.
  public init(brightness: Double = 0, contrast: Double = 0, saturation: Double = 0, hue: Double = 0) {
    self.brightness = brightness
    self.contrast = contrast
    self.saturation = saturation
    self.hue = hue
  }

  func draw(_ generator: inout SplitMix64) -> [ColorAdjustment] {
    func factors(_ extent: Double) -> ClosedRange<Double> { max(0, 1 - extent)...1 + extent }
    let drawn: [(Double, ColorAdjustment)] = [
      (brightness, .brightness(generator.uniform(factors(brightness)))),
      (contrast, .contrast(generator.uniform(factors(contrast)))),
      (saturation, .saturation(generator.uniform(factors(saturation)))),
      (hue, .hue(generator.uniform(-hue...hue))),
    ]
    var adjustments = drawn
    for last in adjustments.indices.dropFirst().reversed() {
      adjustments.swapAt(last, Int(generator.nextUnit() * Double(last + 1)))
    }
    return adjustments.filter { $0.0 > 0 }.map(\.1)
  }
}
