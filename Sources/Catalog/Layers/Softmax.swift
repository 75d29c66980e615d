/// `Softmax` over the last axis: `exp(x)` by the sum of its pixel's channels.
package struct Softmax: ActivationOperation {
  package static let keyword = "softmax"
  package static let kerasClasses = ["Softmax"]

  package init() {}

  package init(keras: inout KerasConfiguration) {
    self.init()
    keras.expectLastAxis()
  }

  package var activation: Activation { .softmax }
}
