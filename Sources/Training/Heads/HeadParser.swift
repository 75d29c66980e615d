import Encoding
import Tensors

extension Head {
  /// Reads a head from its text: `flatten, dense(1024, relu), dropout(0.5), dense(1, sigmoid)`.
  ///
  /// Layers are separated by commas; names are Keras's, in any case, with or without underscores
  /// (`GlobalAveragePooling2D`, `global_average_pooling`). Options may be named: `dense(units=4,
  /// activation=softmax, kernel_regularizer=l2(0.01))`, `dropout(rate=0.5)`. A bare activation is a layer of its own.
  ///
  /// - Throws: ``TrainingError`` that points at the position of whatever cannot be read.
  public init(_ text: String) throws(TrainingError) {
    var parser = HeadParser(head: text, tokens: try HeadTokenizer.tokens(of: text))
    self.init(layers: try parser.layers())
    try check(text: text)
  }

  /// What the layers alone can tell, before any input is known.
  private func check(text: String) throws(TrainingError) {
    for (layer, name) in zip(layers, layerNames) { _ = try layer.differentiableOperation(name: name) }
  }
}

/// Reads layers from tokens.
struct HeadParser {
  let head: String
  let tokens: [HeadToken]
  private var index = 0
  /// How many parentheses are open.
  private var depth = 0
  private static let mostDepth = 4

  init(head: String, tokens: [HeadToken]) {
    self.head = head
    self.tokens = tokens
  }

  mutating func layers() throws(TrainingError) -> [HeadLayer] {
    var layers = [try layer()]
    while current.isSymbol(",") {
      index += 1
      layers.append(try layer())
    }
    guard current.kind == .end else { throw unexpected("',' or the end") }
    return layers
  }

  /// The last token is always the end, so the index never leaves the tokens.
  private var current: HeadToken { tokens[index] }

  private func unexpected(_ expected: String) -> TrainingError {
    .syntax(head: head, position: current.position, expected: expected, found: current.found)
  }

  private mutating func layer() throws(TrainingError) -> HeadLayer {
    let name = current
    guard name.kind == .name else { throw unexpected("a layer such as dense(4, softmax)") }
    index += 1
    let options = HeadOptions(head: head, layer: name, arguments: try arguments())
    return try options.parsedLayer()
  }

  /// `(a, b, key=c)`, or nothing.
  private mutating func arguments() throws(TrainingError) -> [HeadOptions.Argument] {
    guard current.isSymbol("(") else { return [] }
    guard depth < Self.mostDepth else {
      throw unexpected("at most \(Self.mostDepth) parentheses in one another")
    }
    index += 1
    depth += 1
    defer { depth -= 1 }
    var arguments: [HeadOptions.Argument] = []
    while !current.isSymbol(")") {
      arguments += try argument()
      if current.isSymbol(",") {
        index += 1
      } else if !current.isSymbol(")") {
        throw unexpected("',' or ')'")
      }
    }
    index += 1
    return arguments
  }

  private mutating func argument() throws(TrainingError) -> [HeadOptions.Argument] {
    var first = try value()
    guard first.kind == .name, current.isSymbol("=") else {
      if first.kind == .name { first.arguments = try arguments() }
      return [.init(key: nil, value: first)]
    }
    index += 1
    switch first.text {
    case "kernel_regularizer": return try regularizer(prefix: "")
    case "bias_regularizer": return try regularizer(prefix: "bias_")
    default:
      var value = try value()
      if value.kind == .name { value.arguments = try arguments() }
      return [.init(key: first, value: value)]
    }
  }

  /// Keras's `l2`, `l2(0.01)` or `l1_l2(l1=0.01, l2=0.1)`, with its defaults, as the layer's options `l1` and `l2`.
  private mutating func regularizer(prefix: String) throws(TrainingError) -> [HeadOptions.Argument] {
    let name = try value()
    let kinds = ["l1": ["l1"], "l2": ["l2"], "l1l2": ["l1", "l2"], "none": []]
    guard let kind = kinds[name.text.withoutUnderscores] else {
      throw .unknownName(
        head: head, position: name.position, kind: "regularizer", found: name.text,
        nearest: nearest(to: name.text, in: ["l1", "l2", "l1_l2"]))
    }
    var strengths = try arguments()
    if strengths.isEmpty, kind.count == 1 {
      strengths = [.init(key: nil, value: HeadToken(kind: .number, text: "0.01", position: name.position))]
    }
    var options: [HeadOptions.Argument] = []
    for (index, strength) in strengths.enumerated() {
      guard let option = strength.key?.text ?? kind.dropFirst(index).first, kind.contains(option) else {
        throw .syntax(
          head: head, position: (strength.key ?? strength.value).position,
          expected: "what \(name.text) takes: \(kind.joined(separator: ", "))", found: strength.value.found)
      }
      let key = HeadToken(kind: .name, text: prefix + option, position: strength.value.position)
      options.append(.init(key: key, value: strength.value))
    }
    return options
  }

  private mutating func value() throws(TrainingError) -> HeadToken {
    let token = current
    guard token.kind == .name || token.kind == .number else { throw unexpected("a number or a name") }
    index += 1
    return token
  }
}
