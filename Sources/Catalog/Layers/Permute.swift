/// `Permute`: the same elements with their axes in another order.
package struct Permute: LayerOperation {
  package static let keyword = "permute"
  package static let kerasClasses = ["Permute"]
  package static let settings = [LayerSetting<Self>("axes", keras: "dims", .axes, \.axes)]

  /// Which axis of the input each axis of the output is, counted from 1.
  package var axes = [1]

  package init() {}

  package func outputShape(of inputs: [ActivationShape]) throws(ShapeProblem) -> ActivationShape {
    let extents = inputs[0].dimensions
    guard axes.sorted() == Array(1...extents.count), extents.count <= 3 else {
      throw ShapeProblem(
        problem:
          "it puts the axes of \(inputs[0].kerasDescription) into the order \(axes); expected each once")
    }
    return ActivationShape(axes.map { extents[$0 - 1] })
  }

  package func view(of inputs: ReceptiveView) -> ReceptiveView? { nil }
}
