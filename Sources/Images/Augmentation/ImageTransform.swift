/// The changes to one image: an ``Augmentation`` with every number drawn, by the names of Keras's `apply_transform`.
public struct ImageTransform: Hashable, Sendable {
  /// Degrees of rotation.
  public var theta = 0.0
  /// The shift along the first axis, in pixels.
  public var tx = 0.0
  /// The shift along the second axis, in pixels.
  public var ty = 0.0
  /// Degrees of shear.
  public var shear = 0.0
  /// The zoom along the first axis; below 1 enlarges.
  public var zx = 1.0
  /// The zoom along the second axis; below 1 enlarges.
  public var zy = 1.0
  /// Whether the image is flipped left to right.
  public var flipHorizontal = false
  /// Whether the image is flipped upside down.
  public var flipVertical = false
  /// The number that is added to every value, clipped to the image's own range; nil for none.
  public var channelShiftIntensity: Double?
  /// The factor of brightness; nil for no change.
  public var brightness: Double?
  /// How pixels outside the image are filled.
  public var fillMode: FillMode = .nearest
  /// The value of pixels outside the image with ``FillMode/constant``, 0 to 255.
  public var fillValue: Float = 0
  /// The part of the image to crop before it is resized; nil for all of it.
  public var crop: RandomResizedCrop.Draw?
  /// Changes of colour, in their order.
  public var colors: [ColorAdjustment] = []

  /// Changes nothing.
  public init() {}

  /// Whether images stay as they are.
  public var isIdentity: Bool { self == ImageTransform(fillMode: fillMode, fillValue: fillValue) }

  private init(fillMode: FillMode, fillValue: Float) {
    self.fillMode = fillMode
    self.fillValue = fillValue
  }

  /// What is done, in one line that is the same for the same transform; empty when that is nothing.
  package var label: String {
    guard !isIdentity else { return "" }
    var parts = ["theta \(theta)", "shift \(tx) \(ty)", "shear \(shear)", "zoom \(zx) \(zy)"]
    parts.append("flip \(flipHorizontal) \(flipVertical)")
    if let channelShiftIntensity { parts.append("channels \(channelShiftIntensity)") }
    if let brightness { parts.append("brightness \(brightness)") }
    if let crop { parts.append("crop \(crop.label)") }
    parts += colors.map(\.label)
    let isMoving = AffineMap(self, width: 2, height: 2) != nil
    if isMoving { parts.append("fill \(fillMode.rawValue) \(fillValue)") }
    return parts.joined(separator: ", ")
  }
}

extension ImageTransform {
  /// Applies what Keras applies, in Keras's order, to an image that was brought to size.
  func applied(to image: FloatPixels) -> FloatPixels {
    var pixels = colors.isEmpty ? image : FloatPixels(colors.reduce(image.rounded) { $1.applied(to: $0) })
    if let map = AffineMap(self, width: pixels.width, height: pixels.height) {
      pixels = pixels.resampled(map, fillMode: fillMode, fillValue: fillValue)
    }
    if let channelShiftIntensity { pixels.shiftChannels(by: Float(channelShiftIntensity)) }
    if flipHorizontal { pixels.flipHorizontally() }
    if flipVertical { pixels.flipVertically() }
    if let brightness {
      pixels = FloatPixels(ColorAdjustment.brightness(brightness).applied(to: pixels.truncated))
    }
    return pixels
  }
}

extension ImageTransform {
  /// Refuses changes that are defined for 8 bits alone.
  func checkSuitsDeepGray() throws(ImageError) {
    guard colors.isEmpty, brightness == nil, crop == nil else {
      throw .augmentation(
        name: "colors, brightness and random crops", expected: "images of 8 bits",
        found: "gray of more than 8 bits")
    }
  }
}

extension FloatPixels {
  fileprivate mutating func shiftChannels(by intensity: Float) {
    let (least, most) = (values.min() ?? 0, values.max() ?? 0)
    for index in values.indices { values[index] = min(max(values[index] + intensity, least), most) }
  }

  fileprivate mutating func flipVertically() {
    let stride = 3 * width
    for row in 0..<height / 2 {
      let (upper, lower) = (row * stride, (height - 1 - row) * stride)
      for offset in 0..<stride { values.swapAt(upper + offset, lower + offset) }
    }
  }

  fileprivate mutating func flipHorizontally() {
    for row in 0..<height {
      let start = 3 * width * row
      for column in 0..<width / 2 {
        let (left, right) = (start + 3 * column, start + 3 * (width - 1 - column))
        for channel in 0..<3 { values.swapAt(left + channel, right + channel) }
      }
    }
  }
}
