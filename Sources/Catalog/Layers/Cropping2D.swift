/// `Cropping2D`: rows and columns taken off the edges.
package struct Cropping2D: LayerOperation {
  package static let keyword = "cropping"
  package static let kerasClasses = ["Cropping2D"]
  package static let settings = [LayerSetting<Self>("cropping", keras: "cropping", .insets, \.cropping)]

  package var cropping = EdgeInsets(top: 0, bottom: 0, left: 0, right: 0)

  package init() {}

  package func outputShape(of inputs: [ActivationShape]) throws(ShapeProblem) -> ActivationShape {
    let (height, width) = try inputs[0].spatial()
    let rows = height.map { $0 - cropping.top - cropping.bottom }
    let columns = width.map { $0 - cropping.left - cropping.right }
    guard [rows, columns].compactMap(\.self).allSatisfy({ $0 > 0 }) else {
      throw ShapeProblem(problem: "it leaves nothing of \(inputs[0].kerasDescription); give a larger image")
    }
    return ActivationShape([rows, columns, inputs[0].channels])
  }
}
