/// The network's input: `[N, H, W, channels]`, height and width free.
package struct InputLayer: LayerOperation {
  package static let keyword = "input"
  package static let kerasClasses = ["InputLayer"]
  package static let arity = Arity.none
  package static let settings = [LayerSetting<Self>("channels", keras: "channels", .count, \.channels)]

  package var channels = 3

  package init() {}

  package init(channels: Int) { self.channels = channels }

  package init(keras: inout KerasConfiguration) {
    let shape = keras["batch_shape"] ?? keras["batch_input_shape"]
    guard let extents = shape?.list, extents.count == 4, let channels = extents[3].integer else {
      keras.refuse("its shape is \(shape?.words ?? "unknown"); expected [batch, height, width, channels]")
      return
    }
    self.channels = channels
  }

  package func outputShape(of inputs: [ActivationShape]) throws(ShapeProblem) -> ActivationShape {
    let (height, width) = try inputs[0].spatial()
    return ActivationShape([height, width, channels])
  }

  package func describe(in keras: inout KerasMembers, reading input: ActivationShape) {
    let extents = input.dimensions.map { $0.map(JSONText.integer) ?? .null }
    keras.add("batch_shape", .list([.null] + extents))
    keras.add("dtype", .text("float32"))
  }
}
