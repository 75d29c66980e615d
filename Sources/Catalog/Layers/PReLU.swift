/// `PReLU`: `x` above 0, `alpha * x` below, with an `alpha` that was learned for each element or shared along axes.
package struct PReLU: LayerOperation {
  package static let keyword = "prelu"
  package static let kerasClasses = ["PReLU"]
  package static let settings = [
    LayerSetting<Self>("sharedAxes", keras: "shared_axes", .axes, \.sharedAxes, isOptional: true)
  ]

  /// Axes along which there is one `alpha`, counted from 1, which is the rows of an image.
  package var sharedAxes: [Int] = []

  package init() {}

  package func outputShape(of inputs: [ActivationShape]) throws(ShapeProblem) -> ActivationShape {
    guard sharedAxes.allSatisfy({ 1...inputs[0].dimensions.count ~= $0 }) else {
      throw ShapeProblem(
        problem: "it shares the axes \(sharedAxes) of \(inputs[0].kerasDescription); expected 1 to "
          + "\(inputs[0].dimensions.count)")
    }
    return inputs[0]
  }

  package func parameters(of inputs: [ActivationShape]) throws(ShapeProblem) -> [ParameterDeclaration] {
    let extents = inputs[0].dimensions.enumerated().map { sharedAxes.contains($0 + 1) ? 1 : $1 }
    guard let shape = ActivationShape(extents).shape else {
      throw ShapeProblem(problem: "the number of its weights depends on the image size; give a size")
    }
    return [ParameterDeclaration("alpha", shape.dimensions)]
  }
}
