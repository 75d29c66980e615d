extension Augmentation {
  /// Checks that all settings are in range.
  ///
  /// - Throws: ``ImageError/augmentation(name:expected:found:)``.
  public func check() throws(ImageError) {
    let extents = [
      ("rotation range", rotationRange), ("width shift range", widthShiftRange),
      ("height shift range", heightShiftRange), ("shear range", shearRange),
      ("channel shift range", channelShiftRange),
    ]
    for (name, extent) in extents { try Self.check(name, extent, 0, .greatestFiniteMagnitude) }
    try Self.check("zoom range", zoomRange, above: 0)
    for bound in [brightnessRange?.lowerBound, brightnessRange?.upperBound].compactMap(\.self) {
      try Self.check("brightness range", bound, 0, Self.largest)
    }
    try Self.check("fill value", Double(fillValue), 0, 255)
    if let crop = randomResizedCrop {
      try Self.check("crop scale", crop.scale, above: 0)
      try Self.check("crop scale", crop.scale.upperBound, 0, 1)
      try Self.check("crop ratio", crop.ratio, above: 0)
    }
    if let jitter = colorJitter {
      let extents = [
        ("brightness", jitter.brightness), ("contrast", jitter.contrast), ("saturation", jitter.saturation),
      ]
      for (name, extent) in extents { try Self.check("jitter of \(name)", extent, 0, Self.largest) }
      try Self.check("jitter of hue", jitter.hue, 0, 0.5)
    }
  }

  private static func check(
    _ name: String, _ value: Double, _ least: Double, _ most: Double
  ) throws(ImageError) {
    guard value.isFinite, value >= least, value <= most else {
      throw .augmentation(name: name, expected: Self.range(least, most), found: "\(value)")
    }
  }

  private static func check(
    _ name: String, _ range: ClosedRange<Double>, above least: Double
  ) throws(ImageError) {
    guard range.lowerBound > least, range.upperBound <= largest else {
      throw .augmentation(
        name: name, expected: "numbers above \(Self.range(least, largest))",
        found: "\(range.lowerBound) to \(range.upperBound)")
    }
  }

  private static func range(_ least: Double, _ most: Double) -> String {
    guard most < .greatestFiniteMagnitude else { return "\(least) or more" }
    let (first, last) = (Int(exactly: least), Int(exactly: most))
    return (first.map(\.description) ?? "\(least)") + " to " + (last.map(\.description) ?? "\(most)")
  }

  /// More than any image has pixels a side, and any use.
  private static let largest = 1e6
}
