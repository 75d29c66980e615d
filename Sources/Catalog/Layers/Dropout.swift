/// `Dropout`: the identity, for it acts in training only, and a backbone is frozen.
package struct Dropout: LayerOperation {
  package static let keyword = "dropout"
  package static let kerasClasses = ["Dropout"]
  package static let settings = [LayerSetting<Self>("rate", keras: "rate", .rate, \.rate)]

  package var rate = 0.0

  package init() {}

  package init(rate: Double) { self.rate = rate }

  package var isIdentityAtInference: Bool { true }

  package func outputShape(of inputs: [ActivationShape]) throws(ShapeProblem) -> ActivationShape { inputs[0] }
}
