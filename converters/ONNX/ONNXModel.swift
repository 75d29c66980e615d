package import Catalog
package import Tensors

/// A network as an ONNX model: operators of the standard set, version 17, and the weights that they read.
///
/// Nothing numeric is left to a runtime: zeros around windows are written out, for images of one size.
package struct ONNXModel: Sendable {
  /// What goes into the model.
  package struct Input: Sendable {
    /// `[H, W, C]`, as Keras has it.
    package var shape: TensorShape
    /// Whether channels are the first axis behind the batch's.
    package var isChannelsFirst: Bool
    /// What becomes of pixels from 0 to 255; nil where it was done already.
    package var preprocessing: Preprocessing?
    /// How many images a batch has; nil for any number.
    package var batch: Int?

    package init(
      shape: TensorShape, isChannelsFirst: Bool = false, preprocessing: Preprocessing? = nil,
      batch: Int? = nil
    ) {
      self.shape = shape
      self.isChannelsFirst = isChannelsFirst
      self.preprocessing = preprocessing
      self.batch = batch
    }
  }

  /// What becomes of the last layer's numbers.
  package enum Ending: Sendable {
    /// Nothing.
    case plain
    /// Of one number `p`: `1 - p` and `p`.
    case complement
    /// Of several numbers: what they are of their sum, the least taken off where it is below 0.
    case shares
  }

  /// The version of the operators, and of the format that has them.
  static let operatorSet = 17
  static let formatVersion = 8
  /// The name of the input.
  package static let inputName = "images"

  let name: String
  let input: Input
  /// The name of the output.
  package let outputName: String
  /// The extents of the output without the batch's.
  package let outputExtents: [Int]
  let nodes: [Node]
  /// The weights, and the numbers that operators are told.
  package let initializers: [Initializer]
  /// Texts that the model carries, in their order.
  package var metadata: [(name: String, text: String)] = []

  /// Builds the model of a graph.
  ///
  /// - Parameters:
  ///   - layers: the graph; the last layer is the output.
  ///   - name: what the graph is called.
  ///   - input: the image.
  ///   - ending: what becomes of the last layer's numbers.
  ///   - outputName: what they are called then.
  ///   - parameters: finds a small parameter by name (`conv1_bn/gamma`), or returns nil.
  /// - Throws: ``ONNXError``, and what `parameters` throws.
  package init(
    _ layers: LayerGraph, name: String, input: Input, ending: Ending = .plain, outputName: String,
    parameters: @escaping (String) throws -> TensorView?
  ) throws {
    let shapes: [TensorShape]
    do throws(CatalogError) {
      shapes = try layers.activationShapes(height: input.shape[0], width: input.shape[1])
    } catch {
      throw ONNXError.invalidGraph(error.description)
    }
    let named = Dictionary(zip(layers.layers.map(\.name), shapes)) { first, _ in first }
    var graph = GraphBuilder(
      shapes: named, reserving: [Self.inputName, outputName], parameters: parameters)
    graph.begin(input)
    for layer in layers.layers {
      guard let operation = layer.operation as? any Expressible else {
        throw ONNXError.notExpressible(
          layer: layer.name, className: layer.operation.kerasClass,
          reason: "nothing is known that computes it")
      }
      graph.finish(layer, try operation.express(layer, in: &graph))
    }
    let last = layers.layers.last.map { graph.value(of: $0) } ?? graph.image
    outputExtents = graph.end(last, ending, as: outputName, isChannelsFirst: input.isChannelsFirst)
    (self.name, self.input, self.outputName) = (name, input, outputName)
    (nodes, initializers) = (graph.nodes, graph.initializers)
  }
}

extension GraphBuilder {
  /// Appends what makes the network's input of the model's.
  fileprivate mutating func begin(_ input: ONNXModel.Input) {
    image = Value(
      name: ONNXModel.inputName, shape: input.shape,
      order: input.isChannelsFirst ? .channelsFirst : .channelsLast)
    guard let preprocessing = input.preprocessing else { return }
    let pixels = read(image, .channelsFirst)
    image = Value(name: pixels, shape: input.shape, order: .channelsFirst)
    image = preprocess(image, by: preprocessing)
  }

  /// Appends what makes the model's output of the last layer's, and returns its extents.
  fileprivate mutating func end(
    _ value: Value, _ ending: ONNXModel.Ending, as name: String, isChannelsFirst: Bool
  ) -> [Int] {
    var result = value
    switch ending {
    case .plain: break
    case .complement: result = complemented(value)
    case .shares: result = shares(value)
    }
    let order: Value.Order = isChannelsFirst ? .channelsFirst : .channelsLast
    publish(read(result, order), as: name)
    result.order = order
    return result.ordered(result.shape.dimensions)
  }

  private mutating func complemented(_ value: Value) -> Value {
    let x = read(value)
    let rest = append("Sub", [constant([1], [], "one"), x], at: "probabilities")
    let both = append("Concat", [rest, x], at: "probabilities", [.init("axis", .integer(1))])
    return Value(name: both, shape: [2])
  }

  /// Where the sum is 0, all are alike.
  private mutating func shares(_ value: Value) -> Value {
    let (x, place) = (read(value), "probabilities")
    let axis: [Node.Attribute] = [.init("axes", .integers([1])), .init("keepdims", .integer(1))]
    let zero = constant([0], [], "zero")
    let least = append("Min", [append("ReduceMin", [x], at: place, axis), zero], at: place)
    let distances = append("Sub", [x, least], at: place)
    let sum = append("ReduceMean", [distances], at: place, axis)
    let isSomething = append("Greater", [sum, zero], at: place)
    let (one, count) = (constant([1], [], "one"), constant([Double(value.channels)], [], "count"))
    let divisor = append("Mul", [append("Where", [isSomething, sum, one], at: place), count], at: place)
    let equal = append("Div", [one, count], at: place)
    let parts = append("Div", [distances, divisor], at: place)
    return Value(name: append("Where", [isSomething, parts, equal], at: place), shape: value.shape)
  }
}
