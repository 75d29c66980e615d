/// The layers of a flat architecture as those of a graph, each under a name of its own.
struct LayerTranslation {
  /// A name a layer: its own, or with those of the models around it where two layers have one name.
  let names: [String]
  /// What every layer is; nil for one that cannot be described.
  private(set) var layers: [Layer?] = []
  /// What comes of every layer; nil where that cannot be told.
  private var shapes: [ActivationShape?] = []
  /// The layer whose output is the model's; nil where there are several.
  let output: String?
  /// The layers whose outputs are the model's, where there are several.
  let outputNames: [String]
  private var unsupported: [String] = []
  private var missing: [String] = []
  private let version: Int
  /// What is wrong with enlarging linearly as that version does; nil where nothing is.
  private let resizingProblem: String?

  init(_ flat: FlatArchitecture, version: String?) {
    names = Self.names(of: flat.layers)
    let outputs = Set(flat.outputs)
    output = outputs.count == 1 ? flat.outputs.first.map { [names] in names[$0] } : nil
    outputNames = outputs.count > 1 ? flat.outputs.map { [names] in names[$0] } : []
    self.version = version.flatMap { Int($0.prefix { $0.isNumber }) } ?? 3
    resizingProblem = EarlyResizing.problem(version: version)
    for index in flat.layers.indices {
      layers.append(layer(flat, index))
      shapes.append(shape(flat, index))
    }
    unsupported += flat.problems
    if self.version < 3 {
      unsupported += flat.calledAsInTraining.map {
        "\($0): it is called with training=True, so that Keras \(self.version) predicts with it as in training"
      }
    }
  }

  /// Throws what cannot be described, all of it.
  func check(allowingSeveralOutputs: Bool = false) throws(CatalogError) {
    guard outputNames.isEmpty || allowingSeveralOutputs else { throw .severalOutputs(outputNames) }
    guard unsupported.isEmpty else { throw .unsupportedLayers(unsupported) }
    guard missing.isEmpty else { throw .malformedArchitecture(missing.joined(separator: "; ")) }
  }

  private mutating func layer(_ flat: FlatArchitecture, _ index: Int) -> Layer? {
    let layer = flat.layers[index]
    let inputs = layer.inputs.map { (layer: layers[$0], shape: shapes[$0]) }
    var keras = KerasConfiguration(
      className: layer.className, config: layer.config, rank: inputs.first?.shape?.dimensions.count)
    let operation = Self.operation(layer, inputs, &keras)
    keras.expect("data_format", "channels_last")
    if let resizingProblem, (operation as? UpSampling2D)?.interpolation == .bilinear {
      keras.refuse(resizingProblem)
    }
    refuseWholeNumbers(flat, layer, &keras)
    if layer.call == 1, operation?.hasWeights ?? false {
      let calls = flat.layers.count { $0.path == layer.path }
      keras.refuse("it is called \(calls) times")
    }
    unsupported += keras.problems.map { "\(layer.name) (\(layer.className)): \($0)" }
    missing += keras.missing.map { "layer \(layer.name) does not give its \($0)" }
    guard keras.problems.isEmpty, keras.missing.isEmpty, let operation else { return nil }
    var translated = Layer(
      name: names[index], operation: version < 3 ? operation.asKeras2ComputesIt : operation,
      inputs: layer.inputs.map { names[$0] })
    translated.penalties = keras.penalties
    translated.unapplied = keras.unapplied
    return translated
  }

  /// Refuses what is computed with whole numbers; an image of them may be cast, or read by a layer of fractions.
  private func refuseWholeNumbers(
    _ flat: FlatArchitecture, _ layer: FlatArchitecture.Layer, _ keras: inout KerasConfiguration
  ) {
    let function = KerasFunction.name(
      className: layer.className, module: layer.module, config: layer.config)
    if layer.className == "InputLayer" || function == "cast" || function == "convert_to_tensor" { return }
    let readsThem = layer.inputs.contains { index in
      flat.layers[index].className == "InputLayer" && flat.layers[index].isOfWholeNumbers
    }
    if function == nil ? layer.isOfWholeNumbers : readsThem {
      keras.refuse("it computes with whole numbers; cast them to float32 first")
    }
  }

  /// The shape of what comes of the last layer that was appended; nil where it has none, or one beyond all limits, with which
  /// nothing may be computed: the finished graph is refused for that.
  private func shape(_ flat: FlatArchitecture, _ index: Int) -> ActivationShape? {
    let shape = uncheckedShape(flat, index)
    return (try? shape?.checkElements()) == nil ? nil : shape
  }

  private func uncheckedShape(_ flat: FlatArchitecture, _ index: Int) -> ActivationShape? {
    let layer = flat.layers[index]
    if layer.className == "InputLayer" {
      let extents = layer.inputExtents ?? [-1]
      return extents.allSatisfy { $0 ?? 0 >= 0 } ? ActivationShape(extents) : nil
    }
    let inputs = layer.inputs.compactMap { shapes[$0] }
    guard inputs.count == layer.inputs.count, !inputs.isEmpty else { return nil }
    return try? layers[index]?.operation.outputShape(of: inputs)
  }

  private static func operation(
    _ layer: FlatArchitecture.Layer, _ inputs: [(layer: Layer?, shape: ActivationShape?)],
    _ keras: inout KerasConfiguration
  ) -> (any LayerOperation)? {
    if let function = KerasFunction.name(
      className: layer.className, module: layer.module, config: layer.config)
    {
      return KerasFunction.operation(FunctionCall(function, layer, inputs: inputs), &keras)
    }
    let operation = LayerOperations.ofKerasClass(layer.className)?.init(keras: &keras)
    if operation == nil {
      keras.refuse(
        layer.className == "Lambda"
          ? "it runs a function of Python, which is not in the file" : "\(layer.className) has no counterpart"
      )
    }
    return operation
  }

  /// A name for every layer. Those that need no change keep theirs, whatever stands ahead of them: what others become must not take
  /// the name of one.
  private static func names(of layers: [FlatArchitecture.Layer]) -> [String] {
    let wishes = wishes(of: layers)
    let isOwn = layers.indices.map { wishes[$0] == layers[$0].name && layers[$0].call == 0 }
    let isValid = wishes.map(\.isValidName)
    var names = wishes
    var taken: Set<String> = []
    for isTurn in [
      { isOwn[$0] && isValid[$0] }, { !isOwn[$0] && isValid[$0] }, { !isValid[$0] },
    ] as [(Int) -> Bool] {
      for index in layers.indices where isTurn(index) {
        names[index] = free(wishes[index], number: index, besides: taken, of: layers.count)
        taken.insert(names[index])
      }
    }
    return names
  }

  /// The layers' own names, or with those of the models around them where two layers have one name; blanks are left in.
  private static func wishes(of layers: [FlatArchitecture.Layer]) -> [String] {
    var counts: [String: Int] = [:]
    for layer in layers { counts[layer.ownName, default: 0] += 1 }
    return layers.map { layer in
      counts[layer.ownName] == 1
        ? layer.ownName : (layer.path.dropLast() + [layer.ownName]).joined(separator: "/")
    }
  }

  private static func free(_ wish: String, number: Int, besides taken: Set<String>, of count: Int) -> String {
    let name = wish.withoutBlanks
    if name.isValidName, !taken.contains(name) { return name }
    var number = number
    while taken.contains(name.shortened(number: number)) { number += count }
    return name.shortened(number: number)
  }

  /// The layers that go by another name than theirs, for the sake of blanks, of its length, or of another layer that has it: both
  /// names.
  static func renamed(_ layers: [FlatArchitecture.Layer], _ names: [String]) -> [(own: String, name: String)]
  {
    zip(zip(layers, wishes(of: layers)), names).compactMap { layer, name in
      layer.1 == name ? nil : (layer.0.name, name)
    }
  }
}

extension FlatArchitecture.Layer {
  fileprivate var ownName: String { call == 0 ? name : "\(name)_call\(call + 1)" }
}

extension String {
  /// The beginning of a name that is too long for an entry, or another's, and the layer's number, by which it is no other's.
  fileprivate func shortened(number: Int) -> String {
    let end = "~\(number + 1)"
    var (name, count) = ("", end.utf8.count)
    for character in self {
      count += character.utf8.count
      guard count <= Limits.nameBytes else { break }
      name.append(character)
    }
    return name + end
  }

  /// Whether an entry may call a layer so.
  fileprivate var isValidName: Bool {
    !isEmpty && utf8.count <= Limits.nameBytes && self == withoutBlanks
  }

  /// The text with `_` for every blank and control character.
  var withoutBlanks: String {
    String(String.UnicodeScalarView(unicodeScalars.map { $0.value > 0x20 && $0.value != 0x7F ? $0 : "_" }))
  }
}

extension LayerOperation {
  /// Whether a layer of it owns numbers.
  var hasWeights: Bool {
    !((try? parameters(of: [ActivationShape([8, 8, 8])]))?.isEmpty ?? false)
  }

  /// The operation before Keras 3, whose hard sigmoid rises faster.
  fileprivate var asKeras2ComputesIt: any LayerOperation {
    if let layer = self as? ActivationLayer, layer.activation == .hardSigmoid {
      return ActivationLayer(.hardSigmoid(slope: 0.2))
    }
    if var layer = self as? any BiasedOperation, layer.activation == .hardSigmoid {
      layer.activation = .hardSigmoid(slope: 0.2)
      return layer
    }
    return self
  }
}
