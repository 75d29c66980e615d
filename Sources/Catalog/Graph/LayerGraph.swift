/// A network as its entry declares it: named layers in an order in which inputs come before their users.
///
/// Everything numeric is written out; nothing is left to a framework's defaults. The one input layer comes
/// first, the last layer is the output.
package struct LayerGraph: Hashable, Sendable {
  package var layers: [Layer]

  package init(layers: [Layer]) { self.layers = layers }

  /// The layer called `name`, or nil. O(layers).
  package subscript(name: String) -> Layer? { layers.first { $0.name == name } }
}

/// One layer: its name, what it computes, and the names of the layers it reads.
package struct Layer: Sendable {
  package var name: String
  package var operation: any LayerOperation
  package var inputs: [String]
  /// What its file says of its training and cannot be said here: `kernel_regularizer L2`. No answer depends on it.
  package var unapplied: [String] = []

  package init(name: String, operation: any LayerOperation, inputs: [String]) {
    self.name = name
    self.operation = operation
    self.inputs = inputs
  }
}

extension Layer: Hashable {
  package static func == (left: Layer, right: Layer) -> Bool {
    left.name == right.name && left.inputs == right.inputs && left.computesTheSame(as: right)
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(name)
    hasher.combine(operation)
    hasher.combine(inputs)
  }

  /// Whether both have one operation with the same settings.
  package func computesTheSame(as other: Layer) -> Bool {
    AnyHashable(operation) == AnyHashable(other.operation)
  }
}
