/// A colour of light, 8 bits a channel.
package struct Color: Hashable, Sendable {
  package let red: UInt8
  package let green: UInt8
  package let blue: UInt8

  package init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  /// `0x4269D0`
  init(_ code: UInt32) {
    self.init(UInt8(code >> 16 & 0xFF), UInt8(code >> 8 & 0xFF), UInt8(code & 0xFF))
  }

  /// `#4269d0`
  package var css: String {
    let code = UInt32(red) << 16 | UInt32(green) << 8 | UInt32(blue)
    let digits = String(code, radix: 16)
    return "#" + String(repeating: "0", count: 6 - digits.count) + digits
  }
}

/// The colours of the paints.
package struct Palette: Sendable {
  private let paper: Color
  private let ink: Color
  private let faint: Color
  private let grid: Color
  private let series: [Color]

  /// Dark on white.
  package static let light = Palette(
    paper: Color(0xFFFFFF), ink: Color(0x1B1F24), faint: Color(0x5F6873), grid: Color(0xE3E6EA),
    series: [
      0x2F6BD8, 0xD97706, 0x1A9A5C, 0xD33D4A, 0x7C4DDB, 0x0E8FA8, 0xC2449B, 0x8A6A3F, 0x5C7A12, 0x68717D,
    ].map { Color($0) })

  /// Light on near black.
  package static let dark = Palette(
    paper: Color(0x15191E), ink: Color(0xE7EAEE), faint: Color(0x9AA4B0), grid: Color(0x2C333B),
    series: [
      0x6FA3FF, 0xFBAE4B, 0x4FCB8D, 0xFF7B83, 0xB092FF, 0x4CC6DD, 0xF07FCC, 0xCDA873, 0xA5C84B, 0xA9B1BC,
    ].map { Color($0) })

  /// How many series differ in colour.
  package static let seriesCount = 10

  package subscript(paint: Paint) -> Color {
    switch paint {
    case .paper: paper
    case .ink: ink
    case .faint: faint
    case .grid: grid
    case .series(let index): series[index % Self.seriesCount]
    }
  }

  /// Every paint there is.
  static let paints: [Paint] =
    [.paper, .ink, .faint, .grid] + (0..<seriesCount).map { Paint.series($0) }
}

extension Paint {
  /// The paint's name in style sheets.
  var name: String {
    switch self {
    case .paper: "paper"
    case .ink: "ink"
    case .faint: "faint"
    case .grid: "grid"
    case .series(let index): "s\(index % Palette.seriesCount)"
    }
  }
}
