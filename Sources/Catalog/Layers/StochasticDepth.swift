/// `StochasticDepth`, which drops whole branches: the identity outside of training.
package struct StochasticDepth: IdentityOperation {
  package static let keyword = "stochasticDepth"
  package static let kerasClasses = ["StochasticDepth"]
  package static let settings = [LayerSetting<Self>("rate", keras: "drop_path_rate", .rate, \.rate)]

  package var rate = 0.0

  package init() {}

  /// A class of Keras's own networks.
  package func describe(in keras: inout KerasMembers, reading input: ActivationShape) {
    keras.findOwnClass(kerasClass)
    describeSettings(in: &keras)
  }
}
