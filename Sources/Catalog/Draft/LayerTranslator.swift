/// Translates one of Keras's layers into a line of an entry, and says what of it cannot be said there.
struct LayerTranslator {
  private let layer: KerasArchitecture.Layer
  private(set) var problems: [String] = []

  init(_ layer: KerasArchitecture.Layer) { self.layer = layer }

  private var config: JSONValue { layer.config }

  mutating func record() -> LayerRecord {
    if layer.calls > 1 { problems.append("it is called \(layer.calls) times") }
    let kind = declaredKind
    var record = LayerRecord(name: layer.name, kind: kind, inputs: layer.inputs)
    switch kind {
    case .input: translateInput(into: &record)
    case .conv, .separableConv: translateConvolution(into: &record)
    case .batchNorm: translateBatchNormalization(into: &record)
    case .activation: translateActivation(into: &record)
    case .zeroPadding: translatePadding(into: &record)
    case .maxPool, .averagePool:
      record.window = extent("pool_size")
      translateSliding(into: &record)
    case .globalAveragePool, .globalMaxPool: expect("keepdims", "0")
    case .dropout: record.rate = config["rate"]?.number
    case .dense:
      record.count = config["units"]?.integer
      record.bias = config["use_bias"]?.flag
      record.activation = activation()
    case .add, .concatenate, .flatten: break
    }
    if kind == .concatenate { expectLastAxis() }
    expect("data_format", "channels_last")
    return record
  }

  private var declaredKind: DeclaredKind {
    mutating get {
      if layer.className == "ReLU" { return .activation }
      guard let kind = Self.kinds[layer.className] else {
        problems.append("\(layer.className) has no counterpart")
        return .flatten
      }
      return kind
    }
  }

  private static let kinds: [String: DeclaredKind] = [
    "InputLayer": .input, "Conv2D": .conv, "Convolution2D": .conv, "SeparableConv2D": .separableConv,
    "BatchNormalization": .batchNorm, "Activation": .activation, "ZeroPadding2D": .zeroPadding,
    "MaxPooling2D": .maxPool, "AveragePooling2D": .averagePool, "Add": .add, "Concatenate": .concatenate,
    "Dropout": .dropout, "GlobalAveragePooling2D": .globalAveragePool,
    "GlobalMaxPooling2D": .globalMaxPool, "Flatten": .flatten, "Dense": .dense,
  ]

  private mutating func translateInput(into record: inout LayerRecord) {
    let shape = config["batch_shape"] ?? config["batch_input_shape"]
    guard let extents = shape?.list, extents.count == 4, let channels = extents[3].integer else {
      problems.append("its shape is \(shape?.words ?? "unknown"); expected [batch, height, width, channels]")
      return
    }
    record.count = channels
  }

  private mutating func translateConvolution(into record: inout LayerRecord) {
    record.count = config["filters"]?.integer
    record.window = extent("kernel_size")
    translateSliding(into: &record)
    record.bias = config["use_bias"]?.flag
    record.activation = activation()
    expect("dilation_rate", "[1, 1]")
    expect("groups", "1")
    expect("depth_multiplier", "1")
  }

  private mutating func translateSliding(into record: inout LayerRecord) {
    record.strides = config["strides"] == nil ? record.window : extent("strides")
    record.padding = config["padding"]?.text.flatMap(Padding.init(rawValue:))
    if record.padding == nil { problems.append("padding \(config["padding"]?.words ?? "None")") }
  }

  private mutating func translateBatchNormalization(into record: inout LayerRecord) {
    record.epsilon = config["epsilon"]?.number
    record.scale = config["scale"]?.flag
    record.center = config["center"]?.flag
    expectLastAxis()
  }

  private mutating func translateActivation(into record: inout LayerRecord) {
    guard layer.className == "ReLU" else {
      record.activation = activation()
      return
    }
    record.activation = .relu
    if let limit = config["max_value"] { problems.append("max_value \(limit.words)") }
    expect("negative_slope", "0")
    expect("threshold", "0")
  }

  private mutating func translatePadding(into record: inout LayerRecord) {
    let edges = (config["padding"]?.list ?? []).compactMap(\.integers)
    guard edges.map(\.count) == [2, 2] else {
      problems.append("padding \(config["padding"]?.words ?? "None")")
      return
    }
    record.insets = EdgeInsets(top: edges[0][0], bottom: edges[0][1], left: edges[1][0], right: edges[1][1])
  }

  private mutating func activation() -> Activation? {
    guard let value = config["activation"] else { return .linear }
    if let name = value.text, let activation = Activation(rawValue: name) { return activation }
    problems.append("activation \(value.words)")
    return nil
  }

  private mutating func extent(_ key: String) -> Extent? {
    let values = config[key]?.integers ?? config[key]?.integer.map { [$0, $0] } ?? []
    guard values.count == 2 else {
      problems.append("\(key) \(config[key]?.words ?? "None")")
      return nil
    }
    return Extent(values[0], values[1])
  }

  /// Notes a setting that differs from the only one an entry can express; one that is absent is that one.
  private mutating func expect(_ key: String, _ wanted: String) {
    guard let value = config[key], value.words != wanted else { return }
    problems.append("\(key) \(value.words); only \(wanted) can be described")
  }

  /// Keras counts axes from the batch, or from the end.
  private mutating func expectLastAxis() {
    guard let axis = config["axis"] else { return }
    let axes = axis.integers ?? axis.integer.map { [$0] } ?? []
    if axes != [-1], axes != [3] { problems.append("axis \(axis.words); only the last can be described") }
  }
}
