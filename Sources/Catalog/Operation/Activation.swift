/// Keras's activation names.
package enum Activation: String, CaseIterable, Hashable, Sendable {
  case linear, relu, sigmoid, softmax, tanh
}
