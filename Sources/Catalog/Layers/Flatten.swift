/// `Flatten`: the same elements as one row of features.
package struct Flatten: LayerOperation {
  package static let keyword = "flatten"
  package static let kerasClasses = ["Flatten"]

  package init() {}

  package func outputShape(of inputs: [ActivationShape]) throws(ShapeProblem) -> ActivationShape {
    var count: Int? = 1
    for extent in inputs[0].dimensions {
      guard let sum = count, let extent else {
        count = nil
        continue
      }
      let (product, overflow) = sum.multipliedReportingOverflow(by: extent)
      guard !overflow else { throw ShapeProblem(problem: "it flattens too many elements") }
      count = product
    }
    return ActivationShape([count])
  }

  package func view(of inputs: ReceptiveView) -> ReceptiveView? { nil }
}
