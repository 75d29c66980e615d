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
    if let brightnessRange { try Self.check("brightness range", brightnessRange.lowerBound, 0, 1e6) }
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
      for (name, extent) in extents { try Self.check("jitter of \(name)", extent, 0, 1e6) }
      try Self.check("jitter of hue", jitter.hue, 0, 0.5)
    }
  }

  private static func check(
    _ name: String, _ value: Double, _ least: Double, _ most: Double
  ) throws(ImageError) {
    guard value.isFinite, value >= least, value <= most else {
      let limit = most < 1e6 ? " to \(most)" : " or more"
      throw .augmentation(name: name, expected: "\(least)\(limit)", found: "\(value)")
    }
  }

  private static func check(
    _ name: String, _ range: ClosedRange<Double>, above least: Double
  ) throws(ImageError) {
    guard range.lowerBound > least, range.upperBound.isFinite else {
      throw .augmentation(name: name, expected: "numbers above \(least)", found: "\(range)")
    }
  }
}
