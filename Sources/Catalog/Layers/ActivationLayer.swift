/// `Activation`: an activation that is a layer of its own.
package struct ActivationLayer: ActivationOperation {
  package static let keyword = "activation"
  package static let kerasClasses = ["Activation"]
  package static let settings = [
    LayerSetting<Self>("activation", keras: "activation", .activation, \.activation)
  ]

  package var activation = Activation.linear

  package init() {}

  package init(_ activation: Activation) { self.activation = activation }
}
