/// `Activation`: an activation that is a layer of its own.
package struct ActivationLayer: ActivationOperation {
  package static let keyword = "activation"
  package static let kerasClasses = ["Activation", "ReLU"]
  package static let settings = [
    LayerSetting<Self>("activation", keras: "activation", .activation, \.activation)
  ]

  package var activation = Activation.linear

  package init() {}

  package init(_ activation: Activation) { self.activation = activation }

  package init(keras: inout KerasConfiguration) {
    guard keras.className == "ReLU" else {
      self.init(settingsOf: &keras)
      return
    }
    self.init(.relu)
    if let limit = keras["max_value"] { keras.refuse("max_value \(limit.words)") }
    keras.expect("negative_slope", "0")
    keras.expect("threshold", "0")
  }
}
