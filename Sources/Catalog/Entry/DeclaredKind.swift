/// The kinds of layers as entries spell them, with the keys each line holds, in their order.
enum DeclaredKind: String, CaseIterable {
  case input
  case conv
  case separableConv
  case batchNorm
  case activation
  case zeroPadding
  case maxPool
  case averagePool
  case add
  case concatenate
  case dropout
  case globalAveragePool
  case globalMaxPool
  case flatten
  case dense

  /// The keys after `name`, `op` and the wiring.
  var attributes: [LayerKey] {
    switch self {
    case .input: [.channels]
    case .conv, .separableConv: [.filters, .kernel, .strides, .padding, .bias, .activation]
    case .batchNorm: [.epsilon, .scale, .center]
    case .activation: [.activation]
    case .zeroPadding: [.padding]
    case .maxPool, .averagePool: [.size, .strides, .padding]
    case .dropout: [.rate]
    case .dense: [.units, .bias, .activation]
    case .add, .concatenate, .globalAveragePool, .globalMaxPool, .flatten: []
    }
  }

  /// Whether the wiring is a list under `inputs` rather than one name under `input`.
  var readsMany: Bool { self == .add || self == .concatenate }
}

/// Every key a layer's line may hold.
enum LayerKey: String, CodingKey, CaseIterable {
  case name, op, input, inputs
  case channels, filters, units, kernel, size, strides, padding, bias, activation, epsilon, scale, center,
    rate
}
