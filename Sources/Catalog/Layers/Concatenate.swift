/// `Concatenate`: its inputs side by side along the channel axis.
package struct Concatenate: LayerOperation {
  package static let keyword = "concatenate"
  package static let kerasClasses = ["Concatenate"]
  package static let arity = Arity.twoOrMore

  package init() {}

  package init(keras: inout KerasConfiguration) {
    self.init(settingsOf: &keras)
    keras.expectLastAxis()
  }

  package func outputShape(of inputs: [ActivationShape]) throws(ShapeProblem) -> ActivationShape {
    var channels: Int? = 0
    for input in inputs {
      guard input.dimensions.dropLast() == inputs[0].dimensions.dropLast() else {
        throw ShapeProblem(
          problem: "it joins \(inputs[0].kerasDescription) and \(input.kerasDescription) along the channels; "
            + "expected all other extents equal")
      }
      channels = channels.flatMap { sum in input.channels.map { sum + $0 } }
    }
    return ActivationShape(inputs[0].dimensions.dropLast() + [channels])
  }
}
