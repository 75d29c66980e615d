/// A colour by hue, saturation and value of 8 bits each, with Pillow's arithmetic (`Convert.c`).
struct HueSaturationValue {
  var hue: UInt8
  let saturation: UInt8
  let value: UInt8

  init(_ color: Bitmap.Color) {
    let most = max(color.red, color.green, color.blue)
    let least = min(color.red, color.green, color.blue)
    value = most
    guard most > least else {
      (hue, saturation) = (0, 0)
      return
    }
    let spread = Float(most - least)
    saturation = UInt8(min(255, Int(Double(spread / Float(most)) * 255)))
    let red = Float(most - color.red) / spread
    let green = Float(most - color.green) / spread
    let blue = Float(most - color.blue) / spread
    let sixths: Float =
      if color.red == most {
        blue - green
      } else if color.green == most {
        Float(2 + Double(red) - Double(blue))
      } else {
        Float(4 + Double(green) - Double(red))
      }
    let turn = Float((Double(sixths) / 6 + 1).truncatingRemainder(dividingBy: 1))
    hue = UInt8(min(255, max(0, Int(Double(turn) * 255))))
  }

  var color: Bitmap.Color {
    guard saturation > 0 else { return (value, value, value) }
    let sixths = Float(Double(hue) * 6 / 255)
    let part = sixths - sixths.rounded(.down)
    let strength = Float(Double(saturation) / 255)
    let most = Double(Float(value))
    let low = Self.rounded(most * (1 - Double(strength)))
    let falling = Self.rounded(most * (1 - Double(strength * part)))
    let rising = Self.rounded(most * (1 - Double(strength) * (1 - Double(part))))
    return switch Int(sixths.rounded(.down)) % 6 {
    case 0: (value, rising, low)
    case 1: (falling, value, low)
    case 2: (low, value, rising)
    case 3: (low, falling, value)
    case 4: (rising, low, value)
    default: (value, low, falling)
    }
  }

  private static func rounded(_ number: Double) -> UInt8 { UInt8(min(max(number.rounded(), 0), 255)) }
}
