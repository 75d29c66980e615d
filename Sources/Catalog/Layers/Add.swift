/// `Add`: the sum of its inputs, all of one shape.
package struct Add: LayerOperation {
  package static let keyword = "add"
  package static let kerasClasses = ["Add"]
  package static let arity = Arity.twoOrMore

  package init() {}

  package func outputShape(of inputs: [ActivationShape]) throws(ShapeProblem) -> ActivationShape {
    for input in inputs where input != inputs[0] {
      throw ShapeProblem(
        problem: "it adds \(inputs[0].kerasDescription) and \(input.kerasDescription); expected equal shapes")
    }
    return inputs[0]
  }
}
