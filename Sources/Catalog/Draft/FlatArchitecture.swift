/// A model's layers without the models that some of them stood in: one row of layers, each reading others of the row.
///
/// Layers that act in training only are looked through, and so is what turns the channels of the image round.
struct FlatArchitecture {
  struct Layer {
    /// The names of the models it stands in, outermost first, then its own.
    var path: [String]
    var className: String
    var module: String
    var config: JSONValue
    var arguments: [Argument]
    var keywords: [String: Argument]
    /// Which call of its layer it is, from 0; all calls have one set of weights.
    var call = 0
  }

  indirect enum Argument {
    case layer(Int)
    case list([Argument])
    case constant(JSONValue)
  }

  /// What a layer reads: another's output, or a selection of its channels.
  struct Value: Hashable {
    var layer: Int
    var channels = ChannelSelection.all
  }

  private(set) var layers: [Layer] = []
  /// The layers whose outputs are the model's.
  private(set) var outputs: [Int] = []
  /// What cannot be said, each in a sentence.
  private(set) var problems: [String] = []
  /// The layers and models that are called with `training=True`, which Keras 3 does not heed in predictions.
  private(set) var calledAsInTraining: [String] = []
  /// How the image's channels are read.
  private var inputChannels: Set<ChannelSelection> = []

  init(_ model: KerasArchitecture) {
    let values = append(model, inputs: nil, path: [])
    outputs = values.map { read($0, by: "the output") }
    if inputChannels.count > 1 {
      problems.append("the image is read both as it is and with its channels turned round")
    }
  }

  /// Whether the network reads the image's channels in reverse order: BGR.
  var reversesChannels: Bool { inputChannels == [.reversed] }

  /// Appends a model's layers, its inputs being `inputs`, or layers of their own where that is nil.
  private mutating func append(_ model: KerasArchitecture, inputs: [Value]?, path: [String]) -> [Value] {
    var known: [String: [[Value]]] = [:]
    let namesakes = Dictionary(grouping: model.layers, by: \.name).filter { $0.value.count > 1 }
    problems += namesakes.keys.sorted().map {
      "\(namesakes[$0]?.count ?? 0) layers are called \($0), be it in different bytes; give every layer a name of its own"
    }
    let names =
      model.inputs.isEmpty ? model.layers.filter { $0.className == "InputLayer" }.map(\.name) : model.inputs
    if let inputs {
      for (name, value) in zip(names, inputs) { known[name] = [[value]] }
    }
    var order = CallOrder(model.layers)
    for layer in model.layers where known[layer.name] == nil {
      if layer.calls.contains(where: \.isInTraining) {
        calledAsInTraining.append("\(layer.name) (\(layer.className))")
      }
      if let inner = layer.model {
        if layer.calls.count > 1 {
          problems.append("\(layer.name) (\(layer.className)): it is called \(layer.calls.count) times")
        }
        known[layer.name] = layer.calls.prefix(1).map { call in
          let values = call.arguments.flatMap(\.tensors).compactMap { value($0, known, layer.name) }
          return append(inner, inputs: values, path: path + [layer.name])
        }
        order.finish(layer.name)
      } else {
        known[layer.name] = []
        order.add(layer)
      }
      while let next = order.next(known) { append(next, &known, path) }
    }
    for call in order.rest { append(call, &known, path) }
    let results = model.outputs.compactMap { value($0, known, "the output") }
    return results.isEmpty ? layers.indices.suffix(1).map { Value(layer: $0) } : results
  }

  private mutating func append(_ call: CallOrder.Call, _ known: inout [String: [[Value]]], _ path: [String]) {
    let value = append(call.layer, call: call.number, of: call.layer.ownCalls, known, path)
    known[call.layer.name, default: []].append([value])
  }

  private mutating func append(
    _ layer: KerasArchitecture.Layer, call number: Int, of calls: [KerasArchitecture.Call],
    _ known: [String: [[Value]]], _ path: [String]
  ) -> Value {
    let call = calls[number]
    // A layer that is called more than once may read what comes of it, and is refused for that.
    let reader = calls.count > 1 ? nil : layer.name
    let read = call.arguments.flatMap(\.tensors).compactMap { value($0, known, reader) }
    if layer.actsInTrainingOnly, let value = read.first { return value }
    if let value = ChannelSelection.value(of: layer, call, read) { return value }
    let flat = Layer(
      path: path + [layer.name], className: layer.className, module: layer.module, config: layer.config,
      arguments: call.arguments.map { resolve($0, known, layer.name, reader) },
      keywords: call.keywords.mapValues { resolve($0, known, layer.name, reader) }, call: number)
    layers.append(flat)
    return Value(layer: layers.count - 1)
  }

  private mutating func resolve(
    _ argument: KerasArchitecture.Argument, _ known: [String: [[Value]]], _ name: String, _ reader: String?
  ) -> Argument {
    switch argument {
    case .tensor(let reference):
      value(reference, known, reader).map { .layer(read($0, by: name)) } ?? .list([])
    case .list(let members): .list(members.map { resolve($0, known, name, reader) })
    case .constant(let constant): .constant(constant)
    }
  }

  /// The layer that is read. Only the image's channels may be turned round: then pixels are, before it is read.
  private mutating func read(_ value: Value, by reader: String) -> Int {
    let isImage = layers[value.layer].className == "InputLayer"
    if isImage { inputChannels.insert(value.channels) }
    if value.channels != .all, !isImage || value.channels != .reversed {
      problems.append(
        "\(reader): it reads a selection of the channels of \(layers[value.layer].path.joined(separator: "/"))"
      )
    }
    return value.layer
  }

  /// The value that a reference means, or nil and, where a reader is named, a problem. Keras 2 counts a model's own making as
  /// its first call.
  private mutating func value(
    _ reference: KerasArchitecture.Reference, _ known: [String: [[Value]]], _ reader: String?
  ) -> Value? {
    guard let calls = known[reference.layer], let last = calls.last else {
      note(reader, "it reads \(reference.layer), which is no layer before it")
      return nil
    }
    let values = calls.count > 1 && calls.indices.contains(reference.call) ? calls[reference.call] : last
    guard reference.call <= calls.count, values.indices.contains(reference.index) else {
      note(
        reader,
        "it reads output \(reference.index) of call \(reference.call) of \(reference.layer), which has "
          + "\(calls.count) of \(last.count)")
      return nil
    }
    return values[reference.index]
  }

  /// Arguments are looked at twice.
  private mutating func note(_ reader: String?, _ problem: String) {
    guard let sentence = reader.map({ "\($0): \(problem)" }), !problems.contains(sentence) else { return }
    problems.append(sentence)
  }
}

extension KerasArchitecture.Call {
  /// Whether `training=True` is among the arguments.
  fileprivate var isInTraining: Bool {
    if case .constant(let value)? = keywords["training"] { value.flag ?? true } else { false }
  }
}

extension FlatArchitecture.Argument {
  /// The layers in it, in order.
  var layers: [Int] {
    switch self {
    case .layer(let index): [index]
    case .list(let members): members.flatMap(\.layers)
    case .constant: []
    }
  }
}

extension FlatArchitecture.Layer {
  /// The layers that it reads.
  var inputs: [Int] {
    (arguments + keywords.sorted { $0.key < $1.key }.map(\.value)).flatMap(\.layers)
  }

  /// The extents that it gives an input, without the batch's; open ones nil. Nil where it gives none.
  var inputExtents: [Int?]? {
    (config["batch_shape"] ?? config["batch_input_shape"])?.list?.dropFirst().map(\.integer)
  }

  /// Its own name.
  var name: String { path.last ?? className }
}

/// Which of an image's three channels a value has.
enum ChannelSelection: Hashable {
  case all
  case reversed
  case one(Int)

  /// The value of a layer that selects channels, `x[..., ::-1]` and `x[..., 0]`, or stacks three of them again; nil for any
  /// other layer.
  static func value(
    of layer: KerasArchitecture.Layer, _ call: KerasArchitecture.Call, _ read: [FlatArchitecture.Value]
  ) -> FlatArchitecture.Value? {
    guard let first = read.first else { return nil }
    switch layer.operator {
    case "get_item": return first.channels.selection(of: call).map { .init(layer: first.layer, channels: $0) }
    case "stack":
      guard Set(read.map(\.layer)).count == 1, layer.config["axis"]?.integer ?? -1 == -1 else { return nil }
      let channels = read.map(\.channels)
      if channels == [.one(0), .one(1), .one(2)] { return .init(layer: first.layer) }
      if channels == [.one(2), .one(1), .one(0)] { return .init(layer: first.layer, channels: .reversed) }
      return nil
    default: return nil
    }
  }

  /// What is selected of these channels; nil where that is something else than channels.
  private func selection(of call: KerasArchitecture.Call) -> ChannelSelection? {
    guard case .list(let slices)? = call.keywords["slice_spec"] ?? call.arguments.dropFirst().first,
      slices.count == 4 || slices.count == 2 && slices[0].isEllipsis,
      slices.dropLast().allSatisfy(\.selectsAll)
    else { return nil }
    guard case .constant(let last)? = slices.last else { return nil }
    if let index = last.integer, 0..<3 ~= index {
      switch self {
      case .all: return .one(index)
      case .reversed: return .one(2 - index)
      case .one: return nil
      }
    }
    let bounds = last["config"] ?? last
    guard bounds["start"] == nil, bounds["stop"] == nil, bounds["step"]?.integer == -1 else { return nil }
    switch self {
    case .all: return .reversed
    case .reversed: return .all
    case .one: return nil
    }
  }
}

extension KerasArchitecture.Argument {
  /// `:` or `...`.
  fileprivate var selectsAll: Bool {
    guard case .constant(let value) = self else { return false }
    let bounds = value["config"] ?? value
    return isEllipsis || bounds.members != nil && ["start", "stop", "step"].allSatisfy { bounds[$0] == nil }
  }

  /// `...`: all axes that are not named.
  fileprivate var isEllipsis: Bool {
    guard case .constant(let value) = self else { return false }
    return value["class_name"]?.text == "__ellipsis__"
  }
}

extension KerasArchitecture.Layer {
  /// The function that the layer stands for in a functional model, in lower case and without what frameworks put around it:
  /// `truediv` of `x / 2`; nil for a layer proper.
  var `operator`: String? { KerasFunction.name(className: className, module: module, config: config) }

  /// Whether its output is its input outside of training; the catalogue has no operation for these.
  var actsInTrainingOnly: Bool { KerasLayerTree.trainingOnly.contains(className) }
}

extension KerasLayerTree {
  /// The classes whose layers pass on what they read outside of training, and have no weights.
  static let trainingOnly: Set = [
    "ActivityRegularization", "Identity", "RandomBrightness", "RandomContrast", "RandomFlip",
    "RandomRotation",
    "RandomTranslation", "RandomZoom", "RandomShear", "RandomColorJitter", "RandomColorDegeneration",
    "RandomHue",
    "RandomSaturation", "RandomSharpness", "RandomPosterization", "RandomGrayscale", "RandomInvert",
    "RandomGaussianBlur", "RandomElasticTransform", "RandomErasing", "RandomPerspective", "RandomHeight",
    "RandomWidth", "AutoContrast", "Solarization",
  ]
}
