package import Images
import Randomness
import Tensors

/// Images from a seed: what the demo and tests use where photographs cannot be shipped.
///
/// Integer arithmetic only, so every machine draws the same pixels. A pattern is easy to tell from another and
/// no two images of it are alike: colours, sizes and directions are drawn from the seed, the pattern and the
/// image's number.
package struct SyntheticImages: Sendable {
  /// What an image shows; a class of a data set.
  package enum Pattern: String, CaseIterable, Sendable {
    /// One to three filled discs.
    case circles
    /// Blocks of random colours.
    case noise
    /// Parallel bands of two colours.
    case stripes
  }

  private typealias Color = (red: UInt8, green: UInt8, blue: UInt8)

  private let seed: UInt64

  package init(seed: UInt64) { self.seed = seed }

  /// Image number `index` of `pattern`.
  ///
  /// - Complexity: O(`width * height`).
  package func bitmap(_ pattern: Pattern, index: Int, width: Int, height: Int) -> Bitmap {
    let ordinal = UInt64(Pattern.allCases.firstIndex(of: pattern) ?? 0)
    var generator = SplitMix64(seed: seed ^ (ordinal << 32 | UInt64(truncatingIfNeeded: index)))
    return switch pattern {
    case .circles: Self.circles(&generator, width, height)
    case .noise: Self.noise(&generator, width, height)
    case .stripes: Self.stripes(&generator, width, height)
    }
  }

  private static func circles(_ generator: inout SplitMix64, _ width: Int, _ height: Int) -> Bitmap {
    let (paper, ink) = colors(&generator)
    let side = max(2, min(width, height))
    let discs = (0..<number(&generator, in: 1...3)).map { _ in
      (
        x: number(&generator, in: 0...width), y: number(&generator, in: 0...height),
        radius: number(&generator, in: side / 6...side / 3)
      )
    }
    return fill(width, height) { x, y in
      let isInside = discs.contains { disc in
        let (dx, dy) = (x - disc.x, y - disc.y)
        return dx * dx + dy * dy < disc.radius * disc.radius
      }
      return isInside ? ink : paper
    }
  }

  private static func noise(_ generator: inout SplitMix64, _ width: Int, _ height: Int) -> Bitmap {
    let block = number(&generator, in: 2...4)
    let columns = (width + block - 1) / block
    let colors = (0..<columns * ((height + block - 1) / block)).map { _ in color(&generator) }
    return fill(width, height) { x, y in colors[y / block * columns + x / block] }
  }

  private static func stripes(_ generator: inout SplitMix64, _ width: Int, _ height: Int) -> Bitmap {
    let (paper, ink) = colors(&generator)
    let (across, down) = (number(&generator, in: 1...3), number(&generator, in: -3...3))
    let band = number(&generator, in: 8...16)
    // Positive, whatever the direction, so that the remainder is too.
    let offset = 4 * height
    return fill(width, height) { x, y in
      (across * x + down * y + offset) / band % 2 == 0 ? ink : paper
    }
  }

  private static func fill(_ width: Int, _ height: Int, _ color: (_ x: Int, _ y: Int) -> Color) -> Bitmap {
    var pixels: [UInt8] = []
    pixels.reserveCapacity(width * height * 3)
    for y in 0..<height {
      for x in 0..<width {
        let (red, green, blue) = color(x, y)
        pixels += [red, green, blue]
      }
    }
    return Bitmap(width: width, height: height, samples: pixels)
  }

  /// A dark colour and a bright one, in either order.
  private static func colors(_ generator: inout SplitMix64) -> (Color, Color) {
    let (one, other) = (color(&generator), color(&generator))
    let dark: Color = (one.red / 3, one.green / 3, one.blue / 3)
    let bright: Color = (255 - other.red / 3, 255 - other.green / 3, 255 - other.blue / 3)
    return number(&generator, in: 0...1) == 0 ? (dark, bright) : (bright, dark)
  }

  private static func color(_ generator: inout SplitMix64) -> Color {
    let bits = generator.next()
    return (
      UInt8(truncatingIfNeeded: bits), UInt8(truncatingIfNeeded: bits >> 8),
      UInt8(truncatingIfNeeded: bits >> 16)
    )
  }

  private static func number(_ generator: inout SplitMix64, in range: ClosedRange<Int>) -> Int {
    range.lowerBound + Int(generator.next() % UInt64(range.count))
  }
}
