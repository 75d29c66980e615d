/// `Rescaling`: `x * scale + offset`, with one number for all channels or one for each.
package struct Rescaling: LayerOperation {
  package static let keyword = "rescaling"
  package static let kerasClasses = ["Rescaling"]
  package static let settings: [LayerSetting<Self>] = [
    LayerSetting("scale", keras: "scale", .numbers, \.scale),
    LayerSetting("offset", keras: "offset", .numbers, \.offset, isOptional: true),
  ]

  package var scale = [1.0]
  package var offset = [0.0]

  package init() {}

  package func outputShape(of inputs: [ActivationShape]) throws(ShapeProblem) -> ActivationShape {
    let channels = try inputs[0].knownChannels()
    guard [scale.count, offset.count].allSatisfy({ $0 == 1 || $0 == channels }) else {
      throw ShapeProblem(
        problem: "it has \(scale.count) factors and \(offset.count) terms for \(channels) channels; "
          + "expected one of each, or one a channel")
    }
    return inputs[0]
  }
}
