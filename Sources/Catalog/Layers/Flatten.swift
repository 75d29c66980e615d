/// `Flatten`: the same elements as one row of features.
package struct Flatten: LayerOperation {
  package static let keyword = "flatten"
  package static let kerasClasses = ["Flatten"]

  package init() {}

  package func outputShape(of inputs: [ActivationShape]) throws(ShapeProblem) -> ActivationShape {
    ActivationShape([inputs[0].shape?.elementCount])
  }

  package func view(of inputs: ReceptiveView) -> ReceptiveView? { nil }
}
