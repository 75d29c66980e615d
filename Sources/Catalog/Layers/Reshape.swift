/// `Reshape`: the same elements in the same order, seen as another shape.
package struct Reshape: LayerOperation {
  package static let keyword = "reshape"
  package static let kerasClasses = ["Reshape"]
  package static let settings = [
    LayerSetting<Self>("shape", keras: "target_shape", .extents, \.shape)
  ]

  /// The extents without the batch axis; one may be -1, which takes what is left.
  package var shape = [-1]

  package init() {}

  package func outputShape(of inputs: [ActivationShape]) throws(ShapeProblem) -> ActivationShape {
    let open = shape.count { $0 < 0 }
    guard let wanted = Limits.product(shape.filter { $0 > 0 }, most: Limits.elements) else {
      throw ShapeProblem(problem: "it makes \(shape), which has too many elements")
    }
    guard let found = inputs[0].shape?.elementCount else {
      return ActivationShape(shape.map { $0 > 0 ? $0 : nil })
    }
    guard open == 0 ? found == wanted : open == 1 && found % wanted == 0 else {
      throw ShapeProblem(
        problem:
          "it makes \(shape) of \(inputs[0].kerasDescription); expected as many elements, and at most one -1")
    }
    return ActivationShape(shape.map { $0 > 0 ? $0 : found / wanted })
  }

  package func view(of inputs: ReceptiveView) -> ReceptiveView? { nil }
}
