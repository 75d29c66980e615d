import Tensors

/// Writes an entry in the one legal layout: a layer a line, keys in one order, what equals a default left out.
struct EntryWriter {
  var record: EntryRecord

  var text: String {
    var members = headLines
    members.append("  \"blocks\": " + Self.list(record.blocks.map(block), indent: "  "))
    if !record.variants.isEmpty {
      members.append("  \"variants\": " + Self.list(record.variants.map(variant), indent: "  "))
    }
    return "{\n" + members.joined(separator: ",\n") + "\n}\n"
  }

  private var headLines: [String] {
    var values: [(EntryKey, JSONText)] = [
      (.format, .integer(EntryRecord.format)), (.identifier, .text(record.identifier)),
      (.title, .text(record.title)), (.kerasName, .text(record.kerasName)), (.paper, .text(record.paper)),
      (.licence, .text(record.licence)),
    ]
    if let accuracy = record.imageNet {
      values.append(
        (.imageNet, .object([("top1", .number(accuracy.top1)), ("source", .text(accuracy.source))])))
    }
    values += [
      (.preprocessing, record.preprocessing.json),
      (.defaultSize, .extent(record.defaultSize)), (.minimumSize, .extent(record.minimumSize)),
    ]
    if record.sizeMultiple > 1 { values.append((.sizeMultiple, .integer(record.sizeMultiple))) }
    if let layer = record.poolsAhead { values.append((.poolsAhead, .text(layer))) }
    values += [
      (.claims, .object(record.claims.members)), (.defaults, .object(record.defaults.members)),
    ]
    return values.map { "  \"\($0.rawValue)\": \($1.text)" }
  }

  private func block(_ block: BlockRecord) -> String {
    var line = "    {\"name\": \(JSONText.text(block.name).text), "
    if let sibling = block.sameAs { line += "\"sameAs\": \(JSONText.text(sibling).text), " }
    return line + "\"layers\": " + lines(block.layers, indent: "    ") + "}"
  }

  private func variant(_ variant: VariantRecord) -> String {
    var members = [("name", JSONText.text(variant.name).text), ("note", JSONText.text(variant.note).text)]
    func add(_ key: String, _ names: [String]) {
      if !names.isEmpty { members.append((key, JSONText.list(names.map(JSONText.text)).text)) }
    }
    add("initial", variant.initial)
    if variant.framework != .keras {
      members.append(("framework", JSONText.text(variant.framework.rawValue).text))
    }
    if let preprocessing = variant.preprocessing {
      members.append(("preprocessing", preprocessing.json.text))
    }
    add("omit", variant.omit)
    for (key, layers) in [
      ("insert", variant.insert), ("replace", variant.replace), ("append", variant.append),
    ]
    where !layers.isEmpty {
      members.append((key, lines(layers, indent: "      ")))
    }
    if let bias = variant.bias { members.append(("bias", JSONText.flag(bias).text)) }
    if let scale = variant.scale { members.append(("scale", JSONText.flag(scale).text)) }
    if let epsilon = variant.epsilon { members.append(("epsilon", JSONText.number(epsilon).text)) }
    if let momentum = variant.momentum {
      members.append(("momentum", JSONText.number(momentum).text))
    }
    if let minimum = variant.minimumSize { members.append(("minimumSize", JSONText.extent(minimum).text)) }
    if !variant.claims.members.isEmpty {
      members.append(("claims", JSONText.object(variant.claims.members).text))
    }
    let body = members.map { "      \"\($0.0)\": \($0.1)" }.joined(separator: ",\n")
    return "    {\n\(body)\n    }"
  }

  private func lines(_ layers: [Layer], indent: String) -> String {
    let lines = layers.map { indent + "  " + $0.line(leavingOut: record.defaults) }
    return Self.list(lines, indent: indent)
  }

  private static func list(_ lines: [String], indent: String) -> String {
    lines.isEmpty ? "[]" : "[\n" + lines.joined(separator: ",\n") + "\n\(indent)]"
  }
}

extension Layer {
  /// The layer's line in an entry with these defaults.
  package func line(leavingOut defaults: LayerDefaults = LayerDefaults()) -> String {
    let head: [(String, JSONText)] = [("name", .text(name)), ("op", .text(type(of: operation).keyword))]
    var notes: [(String, JSONText)] = []
    if !penalties.isEmpty {
      let costs = penalties.sorted { $0.key < $1.key }.map { ($0.key, $0.value.json) }
      notes.append(("regularizers", .object(costs)))
    }
    if !unapplied.isEmpty { notes.append(("unapplied", .list(unapplied.map(JSONText.text)))) }
    return JSONText.object(head + wiring + operation.members(leavingOut: defaults) + notes).text
  }

  private var wiring: [(String, JSONText)] {
    switch type(of: operation).arity {
    case .none: []
    case .one: inputs.map { ("input", .text($0)) }
    case .two, .twoOrMore: [("inputs", .list(inputs.map(JSONText.text)))]
    }
  }
}

extension Preprocessing {
  /// As an entry has it.
  fileprivate var json: JSONText {
    .object([
      ("label", .text(label)), ("channelOrder", .text(channelOrder.rawValue)), ("divisor", .float(divisor)),
      ("mean", .list(mean.map(JSONText.float))), ("deviation", .list(deviation.map(JSONText.float))),
    ])
  }
}

extension LayerDefaults {
  /// The defaults there are, in their order.
  fileprivate var members: [(String, JSONText)] {
    let values: [(String, JSONText?)] = [
      ("bias", bias.map(JSONText.flag)), ("activation", activation.map { ActivationRecord($0).json }),
      ("epsilon", epsilon.map(JSONText.number)), ("scale", scale.map(JSONText.flag)),
      ("center", center.map(JSONText.flag)),
    ]
    return values.compactMap { key, value in value.map { (key, $0) } }
  }
}

extension Claims {
  /// The claims there are, in their order.
  var members: [(String, JSONText)] {
    let values: [(String, JSONText?)] = [
      ("layers", layers.map(JSONText.integer)), ("parameters", parameters.map(JSONText.integer)),
      ("trainable", trainable.map(JSONText.integer)), ("nonTrainable", nonTrainable.map(JSONText.integer)),
      ("output", output.map { .list($0.map(JSONText.integer)) }),
      ("outputAtMinimum", outputAtMinimum.map { .list($0.map(JSONText.integer)) }),
      ("smallestSize", smallestSize.map(JSONText.extent)),
    ]
    return values.compactMap { key, value in value.map { (key, $0) } }
  }
}
