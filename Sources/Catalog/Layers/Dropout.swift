/// `Dropout`: the identity outside of training.
package struct Dropout: IdentityOperation {
  package static let keyword = "dropout"
  package static let kerasClasses = ["Dropout"]
  package static let settings = [
    LayerSetting<Self>("rate", keras: "rate", .rate, \.rate),
    LayerSetting<Self>("noiseShape", keras: nil, .extents, \.noiseShape, isOptional: true),
  ]

  package var rate = 0.0
  /// Of the noise, the batch first: along an axis of 1 numbers are kept or dropped together, along one of -1 each on its own. Empty
  /// where every number is on its own.
  package var noiseShape: [Int] = []

  package init() {}

  package init(rate: Double) { self.rate = rate }

  package init(keras: inout KerasConfiguration) {
    self.init(settingsOf: &keras)
    guard let value = keras["noise_shape"] else { return }
    let extents = (value.list ?? []).map { extent in
      if case .null = extent { -1 } else { extent.integer ?? 0 }
    }
    guard SettingForm<[Int]>.isShape(extents) else {
      keras.refuse(
        "noise_shape is \(value.quoted.prefix(80)); expected None, or 1 to 4 extents, None or numbers")
      return
    }
    noiseShape = extents
  }

  package func describe(in keras: inout KerasMembers, reading input: ActivationShape) {
    describeSettings(in: &keras)
    guard !noiseShape.isEmpty else { return }
    keras.add("noise_shape", .list(noiseShape.map { $0 == -1 ? .null : .integer($0) }))
  }
}
