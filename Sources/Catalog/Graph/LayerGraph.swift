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
  /// What its parameters cost in training, by their roles; nothing for those that are not there.
  package var penalties: [String: WeightPenalty] = [:]
  /// What else its file says of its training and cannot be said here: `kernel_constraint MaxNorm`. No answer depends on it.
  package var unapplied: [String] = []

  package init(name: String, operation: any LayerOperation, inputs: [String]) {
    self.name = name
    self.operation = operation
    self.inputs = inputs
  }
}

extension Layer {
  /// The layer with another operation that has the same parameters.
  package func computing(_ operation: any LayerOperation) -> Layer {
    var layer = self
    layer.operation = operation
    return layer
  }

  /// The layer behind others.
  package func reading(_ inputs: [String]) -> Layer {
    var layer = self
    layer.inputs = inputs
    return layer
  }
}

extension Layer {
  /// What is said of its training and otherwise, or not at all, of another's, in words: `momentum 0.9`, `kernel_regularizer`.
  package func trainingWords(unlike other: Layer) -> [String] {
    var words: [String] = []
    if let own = operation as? BatchNormalization,
      own.momentum != (other.operation as? BatchNormalization)?.momentum
    {
      words.append("momentum \(own.momentum ?? BatchNormalization.usualMomentum)")
    }
    words += penalties.keys.sorted().filter { penalties[$0] != other.penalties[$0] }.map {
      $0 + "_regularizer"
    }
    return words + unapplied.filter { !other.unapplied.contains($0) }
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
