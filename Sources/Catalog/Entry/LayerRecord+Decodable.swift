/// Decoding a layer's line. Keys that its kind does not know are errors: a misspelt key must not be ignored.
extension LayerRecord: Decodable {
  init(from decoder: any Decoder) throws {
    let names = try decoder.container(keyedBy: AnyKey.self)
    let values = try decoder.container(keyedBy: LayerKey.self)
    kind = try values.spelled(.op)
    name = try values.name(.name)
    try names.expectOnly(
      [.name, .op] + (kind == .input ? [] : [kind.readsMany ? .inputs : .input]) + kind.attributes)
    if kind.readsMany {
      inputs = try values.decode([String].self, forKey: .inputs)
    } else if kind != .input {
      inputs = [try values.name(.input)]
    }
    for key in kind.attributes where values.contains(key) { try decode(key, from: values) }
  }

  private mutating func decode(_ key: LayerKey, from values: KeyedDecodingContainer<LayerKey>) throws {
    switch key {
    case .channels, .filters, .units: count = try values.count(key, upTo: Limits.channels)
    case .kernel, .size: window = try values.extent(key)
    case .strides: strides = try values.extent(key)
    case .padding where kind == .zeroPadding: insets = try values.insets(key)
    case .padding: padding = try values.spelled(key)
    case .bias: bias = try values.decode(Bool.self, forKey: key)
    case .activation: activation = try values.spelled(key)
    case .epsilon: epsilon = try values.number(key, above: 0)
    case .scale: scale = try values.decode(Bool.self, forKey: key)
    case .center: center = try values.decode(Bool.self, forKey: key)
    case .rate: rate = try values.rate(key)
    case .name, .op, .input, .inputs: break
    }
  }
}

/// Decoding the entry's defaults.
extension LayerDefaults: Decodable {
  init(from decoder: any Decoder) throws {
    try decoder.container(keyedBy: AnyKey.self).expectOnly(Self.keys)
    let values = try decoder.container(keyedBy: LayerKey.self)
    bias = try values.decodeIfPresent(Bool.self, forKey: .bias)
    activation = values.contains(.activation) ? try values.spelled(.activation) : nil
    epsilon = values.contains(.epsilon) ? try values.number(.epsilon, above: 0) : nil
    scale = try values.decodeIfPresent(Bool.self, forKey: .scale)
    center = try values.decodeIfPresent(Bool.self, forKey: .center)
  }
}
