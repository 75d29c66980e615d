/// A layer as its line says it; what the entry's defaults supply is nil.
struct LayerRecord: Hashable {
  var name: String
  var kind: DeclaredKind
  var inputs: [String] = []
  /// `channels`, `filters` or `units`.
  var count: Int?
  /// `kernel` or `size`.
  var window: Extent?
  var strides: Extent?
  var padding: Padding?
  var insets: EdgeInsets?
  var bias: Bool?
  var activation: Activation?
  var epsilon: Double?
  var scale: Bool?
  var center: Bool?
  var rate: Double?
}

/// What layers of an entry have in common, stated once.
struct LayerDefaults: Hashable {
  var bias: Bool?
  var activation: Activation?
  var epsilon: Double?
  var scale: Bool?
  var center: Bool?

  /// The keys in the order of the entry.
  static let keys: [LayerKey] = [.bias, .activation, .epsilon, .scale, .center]
}

/// A key that a layer needs and neither its line nor the defaults give.
struct MissingKey: Error {
  var key: LayerKey
}

extension LayerRecord {
  /// The layer with the defaults filled in.
  func layer(_ defaults: LayerDefaults) throws(MissingKey) -> Layer {
    Layer(name: name, kind: try layerKind(defaults), inputs: inputs)
  }

  private func layerKind(_ defaults: LayerDefaults) throws(MissingKey) -> LayerKind {
    switch kind {
    case .input: .input(channels: try required(count, .channels))
    case .conv: .convolution(try convolution(defaults))
    case .separableConv: .separableConvolution(try convolution(defaults))
    case .batchNorm: .batchNormalization(try batchNormalization(defaults))
    case .activation: .activation(try required(activation, .activation))
    case .zeroPadding: .zeroPadding(try required(insets, .padding))
    case .maxPool: .maxPooling(try pooling())
    case .averagePool: .averagePooling(try pooling())
    case .add: .add
    case .concatenate: .concatenate
    case .dropout: .dropout(rate: try required(rate, .rate))
    case .globalAveragePool: .globalAveragePooling
    case .globalMaxPool: .globalMaxPooling
    case .flatten: .flatten
    case .dense:
      .dense(
        Dense(
          units: try required(count, .units), useBias: try required(bias ?? defaults.bias, .bias),
          activation: try required(activation ?? defaults.activation, .activation)))
    }
  }

  private func convolution(_ defaults: LayerDefaults) throws(MissingKey) -> Convolution {
    Convolution(
      filters: try required(count, .filters), kernel: try required(window, .kernel),
      strides: try required(strides, .strides), padding: try required(padding, .padding),
      useBias: try required(bias ?? defaults.bias, .bias),
      activation: try required(activation ?? defaults.activation, .activation))
  }

  private func batchNormalization(_ defaults: LayerDefaults) throws(MissingKey) -> BatchNormalization {
    BatchNormalization(
      epsilon: try required(epsilon ?? defaults.epsilon, .epsilon),
      scale: try required(scale ?? defaults.scale, .scale),
      center: try required(center ?? defaults.center, .center))
  }

  private func pooling() throws(MissingKey) -> Pooling {
    Pooling(
      size: try required(window, .size), strides: try required(strides, .strides),
      padding: try required(padding, .padding))
  }

  private func required<Value>(_ value: Value?, _ key: LayerKey) throws(MissingKey) -> Value {
    guard let value else { throw MissingKey(key: key) }
    return value
  }
}
