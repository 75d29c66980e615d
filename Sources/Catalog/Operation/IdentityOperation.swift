/// An operation that acts in training only: a frozen network passes on what it reads.
package protocol IdentityOperation: LayerOperation {}

extension IdentityOperation {
  package var isIdentityAtInference: Bool { true }

  package func outputShape(of inputs: [ActivationShape]) throws(ShapeProblem) -> ActivationShape { inputs[0] }
}
