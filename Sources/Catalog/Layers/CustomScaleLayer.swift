/// `CustomScaleLayer`, of networks with scaled residuals: its first input and `scale` times its second.
package struct CustomScaleLayer: MergeOperation {
  package static let keyword = "scaledAdd"
  package static let kerasClasses = ["CustomScaleLayer"]
  package static let arity = Arity.two
  package static let settings = [LayerSetting<Self>("scale", keras: "scale", .number, \.scale)]
  package static let verb = "adds"

  package var scale = 1.0

  package init() {}

  /// A class of Keras's own networks.
  package func describe(in keras: inout KerasMembers, reading input: ActivationShape) {
    keras.findOwnClass(kerasClass)
    describeSettings(in: &keras)
  }
}
