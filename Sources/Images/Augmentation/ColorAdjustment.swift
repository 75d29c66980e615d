/// One change of colour by a factor: Pillow's `ImageEnhance` and torchvision's `adjust_hue`.
public enum ColorAdjustment: Hashable, Sendable {
  /// 0 is black, 1 the image.
  case brightness(Double)
  /// 0 is the mean gray, 1 the image.
  case contrast(Double)
  /// 0 is without colours, 1 the image.
  case saturation(Double)
  /// A rotation of the hue, -0.5 to 0.5.
  case hue(Double)

  var label: String {
    switch self {
    case .brightness(let factor): "brightness by \(factor)"
    case .contrast(let factor): "contrast by \(factor)"
    case .saturation(let factor): "saturation by \(factor)"
    case .hue(let turn): "hue by \(turn)"
    }
  }

  /// The changed image, to the bit what Pillow makes.
  package func applied(to bitmap: Bitmap) -> Bitmap {
    switch self {
    case .brightness(let factor): bitmap.blended(Float(factor)) { _ in 0 }
    case .contrast(let factor):
      bitmap.blended(Float(factor), constant: bitmap.meanLuma)
    case .saturation(let factor):
      bitmap.blended(Float(factor)) { Bitmap.luma($0.red, $0.green, $0.blue) }
    case .hue(let turn):
      bitmap.turningHue(by: UInt8(truncatingIfNeeded: Int(exactly: (turn * 255).rounded(.towardZero)) ?? 0))
    }
  }
}

extension Bitmap {
  typealias Color = (red: UInt8, green: UInt8, blue: UInt8)

  /// The mean of the luma, rounded.
  fileprivate var meanLuma: UInt8 {
    let source = pixels.span
    var sum = 0
    for offset in stride(from: 0, to: source.count, by: 3) {
      sum += Int(Self.luma(source[offset], source[offset + 1], source[offset + 2]))
    }
    return UInt8(Double(sum) / Double(width * height) + 0.5)
  }

  fileprivate func blended(_ factor: Float, constant: UInt8) -> Bitmap { blended(factor) { _ in constant } }

  /// From a gray image over this one and beyond, as Pillow's `Image.blend` goes.
  fileprivate func blended(_ factor: Float, with gray: (Color) -> UInt8) -> Bitmap {
    if factor == 1 { return self }
    return mapped { color in
      let other = Float(gray(color))
      func blend(_ value: UInt8) -> UInt8 {
        UInt8(saturating: other + factor * (Float(value) - other))
      }
      return (blend(color.red), blend(color.green), blend(color.blue))
    }
  }

  fileprivate func turningHue(by turn: UInt8) -> Bitmap {
    mapped { color in
      var turned = HueSaturationValue(color)
      turned.hue &+= turn
      return turned.color
    }
  }

  private func mapped(_ transform: (Color) -> Color) -> Bitmap {
    let source = pixels.span
    let changed = [UInt8](capacity: pixels.count) { target in
      for offset in stride(from: 0, to: source.count, by: 3) {
        let color = transform((source[offset], source[offset + 1], source[offset + 2]))
        target.append(color.red)
        target.append(color.green)
        target.append(color.blue)
      }
    }
    return Bitmap(width: width, height: height, samples: changed)
  }
}
