import Catalog
import Tensors

/// An ONNX graph being built, one layer after the other.
///
/// Images are `[N, C, H, W]`, which runtimes compute convolutions in; layers that look at all channels of a pixel read and leave
/// `[N, H, W, C]`. What is read in the other order is turned round once.
struct GraphBuilder {
  private(set) var nodes: [Node] = []
  private(set) var initializers: [Initializer] = []
  /// What the input layer gives.
  var image = Value(name: "", shape: [])
  private var values: [String: Value] = [:]
  private var names: Set<String>
  /// What was turned round or framed already, by the names of both forms.
  private var derived: [String: String] = [:]
  private let shapes: [String: TensorShape]
  private let parameters: (String) throws -> TensorView?

  init(
    shapes: [String: TensorShape], reserving names: Set<String>,
    parameters: @escaping (String) throws -> TensorView?
  ) {
    (self.shapes, self.names, self.parameters) = (shapes, names, parameters)
  }

  /// A layer's output shape without the batch axis.
  func shape(of layer: Layer) -> TensorShape { shapes[layer.name] ?? [] }

  /// What a layer gave.
  func value(of layer: Layer) -> Value { values[layer.name] ?? image }

  /// What a layer reads; every value is there because inputs come before their readers.
  func input(of layer: Layer, _ index: Int = 0) -> Value {
    values[layer.inputs[index]] ?? Value(name: "", shape: [])
  }

  /// What a layer reads, all of it.
  func inputs(of layer: Layer) -> [Value] { layer.inputs.indices.map { input(of: layer, $0) } }

  /// Notes what a layer gives, under its own name where a node of its own makes it.
  mutating func finish(_ layer: Layer, _ value: Value) {
    var value = value
    if let index = nodes.lastIndex(where: { $0.output == value.name }), isOwn(value.name, of: layer),
      !nodes[index...].contains(where: { $0.inputs.contains(value.name) })
    {
      value.name = unique(layer.name)
      nodes[index].output = value.name
    }
    values[layer.name] = value
  }

  private func isOwn(_ name: String, of layer: Layer) -> Bool {
    !layer.inputs.contains { values[$0]?.name == name }
  }

  /// Gives a value the name that it has outside of the graph.
  mutating func publish(_ name: String, as output: String) {
    guard let index = nodes.lastIndex(where: { $0.output == name }),
      !nodes.contains(where: { $0.inputs.contains(name) })
    else {
      nodes.append(Node(type: "Identity", inputs: [name], output: output))
      return
    }
    nodes[index].output = output
  }

  /// A name that nothing has yet.
  private mutating func unique(_ wish: String) -> String {
    var (name, number) = (wish, 1)
    while !names.insert(name).inserted {
      name = "\(wish)_\(number)"
      number += 1
    }
    return name
  }
}

extension GraphBuilder {
  /// Appends an operator and returns the name of what it gives; `place` is what it is a part of.
  mutating func append(
    _ type: String, _ inputs: [String], at place: String, _ attributes: [Node.Attribute] = []
  ) -> String {
    let output = unique("\(place)/\(type)")
    nodes.append(Node(type: type, inputs: inputs, output: output, attributes: attributes))
    return output
  }

  /// Numbers of their own extents, none for a single one.
  mutating func constant(_ numbers: [Double], _ extents: [Int] = [], _ name: String) -> String {
    append(Initializer(name: name, dimensions: extents, contents: .floats(numbers.map { Float($0) })))
  }

  /// Whole numbers that an operator is told.
  mutating func integers(_ numbers: [Int], _ name: String) -> String {
    append(Initializer(name: name, dimensions: [numbers.count], contents: .integers(numbers)))
  }

  /// A layer's parameter, in the order and with the extents in which an operator wants it.
  mutating func parameter(
    _ layer: Layer, _ role: String, _ order: StoredOrder = .kept, extents: [Int]
  ) -> String {
    let name = "\(layer.name)/\(role)"
    return append(Initializer(name: name, dimensions: extents, contents: .parameter(name, order)))
  }

  private mutating func append(_ initializer: Initializer) -> String {
    var initializer = initializer
    initializer.name = unique(initializer.name)
    initializers.append(initializer)
    return initializer.name
  }

  /// The numbers of a layer's small parameter, to compute with them.
  func numbers(_ layer: Layer, _ role: String) throws -> [Double] {
    let name = "\(layer.name)/\(role)"
    guard let numbers = try parameters(name)?.floats() else {
      throw ONNXError.parameter(name: name, expected: "a tensor of this name", found: "none")
    }
    return numbers.map(Double.init)
  }
}

extension GraphBuilder {
  /// The name of a value in the order in which an operator wants images, with its zeros around it.
  mutating func read(_ value: Value, _ order: Value.Order) -> String {
    let framed = framed(value)
    guard value.isImage, value.order != order else { return framed }
    if let known = derived[framed] { return known }
    let isFirst = order == .channelsFirst
    let extents = value.shape.dimensions
    let turned: String
    if value.isPixel {
      let target = isFirst ? [extents[2], 1, 1] : [1, 1, extents[2]]
      turned = reshape(framed, to: target, at: framed)
    } else {
      turned = append(
        "Transpose", [framed], at: framed,
        [.init("perm", .integers(isFirst ? [0, 3, 1, 2] : [0, 2, 3, 1]))])
    }
    derived[framed] = turned
    return turned
  }

  /// The name of a value in its own order, with its zeros around it.
  mutating func read(_ value: Value) -> String { read(value, value.order) }

  /// The elements of a value of `extents`, which leave the batch out, as they lie.
  mutating func reshape(_ name: String, to extents: [Int], at place: String) -> String {
    let shape = integers([0] + extents, "\(place)/shape")
    return append("Reshape", [name, shape], at: place)
  }

  /// The name of a value with the zeros that nobody has put around it yet.
  private mutating func framed(_ value: Value) -> String {
    guard let zeros = value.zeros else { return value.name }
    let key = "\(value.name) \(zeros)"
    if let known = derived[key] { return known }
    let (before, after) = ([zeros.top, zeros.left], [zeros.bottom, zeros.right])
    let isFirst = value.order == .channelsFirst
    let pads = isFirst ? [0, 0] + before + [0, 0] + after : [0] + before + [0, 0] + after + [0]
    let sizes = integers(pads, "\(value.name)/zeros")
    let framed = append("Pad", [value.name, sizes], at: value.name)
    derived[key] = framed
    return framed
  }
}
