/// `UpSampling2D`: an image several times as large.
package struct UpSampling2D: LayerOperation {
  package static let keyword = "upSampling"
  package static let kerasClasses = ["UpSampling2D"]
  package static let settings: [LayerSetting<Self>] = [
    LayerSetting("size", keras: "size", .extent, \.size),
    LayerSetting("interpolation", keras: "interpolation", .spelling, \.interpolation),
  ]

  /// Where the pixels between those of the input come from.
  package enum Interpolation: String, CaseIterable, Hashable, Sendable {
    /// From the nearest one.
    case nearest
    /// From the four around it, by distance; pixels are squares, and centres lie half a pixel from the edge.
    case bilinear
  }

  /// How many rows and columns each becomes.
  package var size = Extent(2, 2)
  package var interpolation = Interpolation.nearest

  package init() {}

  package init(keras: inout KerasConfiguration) {
    self.init()
    // Before 2.2.3 there was the nearest pixel alone, and nothing said so.
    let isSaid = keras["interpolation"] != nil
    for setting in Self.settings where isSaid || setting.key != "interpolation" {
      setting.translate(&self, &keras)
    }
  }

  package func outputShape(of inputs: [ActivationShape]) throws(ShapeProblem) -> ActivationShape {
    let (height, width) = try inputs[0].spatial()
    return ActivationShape([
      height.map { $0 * size.height }, width.map { $0 * size.width }, inputs[0].channels,
    ])
  }
}
