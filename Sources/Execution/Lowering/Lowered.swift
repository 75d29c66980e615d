package import Catalog

/// An operation that can be run: it knows the work that computes it.
protocol Lowered: LayerOperation {
  /// Appends the nodes that compute `layer`, whose operation this is, and returns the one that holds its output.
  ///
  /// Says what the layer says and leaves it to passes to fuse nodes.
  func lower(_ layer: Layer, into network: inout Lowering) throws(ExecutionError) -> Int
}

/// The registry: every operation that can be run. A test holds it to ``LayerOperations``.
package enum LoweredOperations {
  package static var all: [any LayerOperation.Type] { types.map { $0 } }

  static let types: [any Lowered.Type] = [
    InputLayer.self, Conv2D.self, SeparableConv2D.self, BatchNormalization.self, UnitNormalization.self,
    ActivationLayer.self, ReLU.self, LeakyReLU.self, ELU.self, Softmax.self, ZeroPadding2D.self,
    MaxPooling2D.self, AveragePooling2D.self, Add.self, Concatenate.self, Dropout.self,
    GlobalAveragePooling2D.self, GlobalMaxPooling2D.self, Flatten.self, Dense.self,
  ]
}
