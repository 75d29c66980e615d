/// `CenterCrop`: the middle of an image. One that is smaller, which Keras would enlarge, is refused.
package struct CenterCrop: LayerOperation {
  package static let keyword = "centerCrop"
  package static let kerasClasses = ["CenterCrop"]
  package static let settings: [LayerSetting<Self>] = [
    LayerSetting("height", keras: "height", .count, \.height),
    LayerSetting("width", keras: "width", .count, \.width),
  ]

  package var height = 1
  package var width = 1

  package init() {}

  package func outputShape(of inputs: [ActivationShape]) throws(ShapeProblem) -> ActivationShape {
    let (rows, columns) = try inputs[0].spatial()
    guard rows ?? height >= height, columns ?? width >= width else {
      throw ShapeProblem(
        problem:
          "it cuts \(height) x \(width) pixels out of \(inputs[0].kerasDescription); give a larger image")
    }
    return ActivationShape([height, width, inputs[0].channels])
  }
}
