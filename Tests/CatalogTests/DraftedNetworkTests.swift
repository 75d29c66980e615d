import Catalog
import Foundation
import TestSupport
import Testing

/// Networks inside models, out of the architectures that Keras 2 writes.
@Suite struct DraftedNetworkTests {
  private static let inner = """
    {"name": "net", "layers": [
      {"class_name": "InputLayer", "name": "image", "config": {"name": "image", "batch_input_shape": [null, 8, 8, 3]}, "inbound_nodes": []},
      {"class_name": "Conv2D", "name": "conv", "config": {"name": "conv", "filters": 2, "kernel_size": [3, 3], "strides": [1, 1], "padding": "valid", "use_bias": true, "activation": "hard_sigmoid"}, "inbound_nodes": [[["image", 0, 0, {}]]]}],
     "input_layers": [["image", 0, 0]], "output_layers": [["conv", 0, 0]]}
    """

  private func layer(_ name: String, _ className: String, _ config: String, reading inputs: [String])
    -> String
  {
    let calls = inputs.map { "[[\"\($0)\", 0, 0, {}]]" }.joined(separator: ", ")
    return
      "{\"class_name\": \"\(className)\", \"name\": \"\(name)\", \"config\": \(config), \"inbound_nodes\": [\(calls)]}"
  }

  private func model(_ layers: [String], shape: String = "[null, 8, 8, 3]", output: String) throws
    -> DraftedNetwork
  {
    let input = layer("in", "InputLayer", "{\"batch_input_shape\": \(shape)}", reading: [])
    return try DraftedNetwork(
      json: """
        {"class_name": "Model", "keras_version": "2.2.4", "config": {"name": "outer", "layers": [\(([input] + layers).joined(separator: ", "))],
         "input_layers": [["in", 0, 0]], "output_layers": [["\(output)", 0, 0]]}}
        """)
  }

  @Test func aNetworkInsideAnotherIsOneGraph() throws {
    let network = try model([layer("net", "Model", Self.inner, reading: ["in"])], output: "net")
    #expect(network.graph.layers.map(\.name) == ["in", "conv"])
    #expect(network.graph.layers[1].inputs == ["in"] && network.paths["conv"] == ["net", "conv"])
    #expect(network.wrapper == nil && network.inputSize == Extent(8, 8))
  }

  /// Chains of layers that each make more numbers: their extents are not computed beyond what any network has.
  @Test(arguments: [
    ("UpSampling2D", #"{"size": [4096, 4096], "interpolation": "nearest"}"#, 1, 12),
    ("Concatenate", "{}", 2, 70),
  ])
  func extentsThatGrowWithoutEndAreRefused(kind: String, settings: String, inputs: Int, count: Int) {
    let chain = (0..<count).map { number in
      let source = "[\"\(number == 0 ? "in" : "grown\(number - 1)")\", 0, 0, {}]"
      let call = Array(repeating: source, count: inputs).joined(separator: ", ")
      return
        "{\"class_name\": \"\(kind)\", \"name\": \"grown\(number)\", \"config\": \(settings), \"inbound_nodes\": [[\(call)]]}"
    }
    let pool = layer("pool", "GlobalAveragePooling2D", "{}", reading: ["grown\(count - 1)"])
    let error = #expect(throws: CatalogError.self) {
      try model(chain + [pool], output: "pool").graph.symbolicShapes(height: 8, width: 8)
    }
    #expect(error?.description.contains("has too many elements") == true, "\(String(describing: error))")
  }

  /// What a name with a blank becomes is never another layer's name, whichever comes first.
  @Test func namesThatNeedNoChangeAreKept() throws {
    let pool = "GlobalAveragePooling2D"
    for names in [["conv 1", "conv_1"], ["conv_1", "conv 1"]] {
      let network = try model(
        [
          layer(names[0], "ReLU", "{}", reading: ["in"]), layer(names[1], "ReLU", "{}", reading: [names[0]]),
          layer("pool", pool, "{}", reading: [names[1]]),
        ], output: "pool")
      let number = names[0] == "conv 1" ? 2 : 3
      let given = names.map { $0 == "conv 1" ? "conv_1~\(number)" : $0 }
      #expect(network.graph.layers.map(\.name) == ["in"] + given + ["pool"])
      #expect(network.graph.layers[2].inputs == [given[0]])
      #expect(network.paths["conv_1"] == ["conv_1"] && network.paths["conv_1~\(number)"] == ["conv 1"])
      #expect(network.renamed.map(\.own) == ["conv 1"])
      #expect(network.renamed.map(\.name) == ["conv_1~\(number)"])
      let error = #expect(throws: CatalogError.self) { try network.graph.truncated(at: "conv 1") }
      #expect(error == .unknownLayer("conv 1", nearest: "conv_1~\(number)"))
    }
  }

  /// Nor is a number behind a name another's.
  @Test func everyChangedNameIsFree() throws {
    let network = try model(
      [
        layer("a b", "ReLU", "{}", reading: ["in"]), layer("a_b", "ReLU", "{}", reading: ["a b"]),
        layer("a_b~2", "ReLU", "{}", reading: ["a_b"]), layer("c d", "ReLU", "{}", reading: ["a_b~2"]),
      ], output: "c d")
    #expect(network.graph.layers.map(\.name) == ["in", "a_b~7", "a_b", "a_b~2", "c_d"])
    #expect(network.renamed.map(\.name) == ["a_b~7", "c_d"])
    let error = #expect(throws: CatalogError.self) { try network.graph.truncated(at: "c d") }
    #expect(error == .unknownLayer("c d", nearest: "c_d"))
  }

  /// What a model names must be there: another output would be another network.
  @Test(arguments: [
    (#"[["nosuch", 0, 0]]"#, "the output: it reads nosuch, which is no layer before it"),
    (#"[["in", 0, 5]]"#, "the output: it reads output 5 of call 0 of in, which has 1 of 1"),
    (#"[["in", 7, 0]]"#, "the output: it reads output 0 of call 7 of in"),
    (#"["in", 0, -7]"#, "the output: it reads output -7 of call 0 of in"),
    (#"[["in", -1, 0]]"#, "the output_layers of the model are"), ("[]", "the output_layers of the model are"),
    ("7", "the output_layers of the model are"),
  ])
  func anOutputIsOneThatTheModelHas(outputs: String, sentence: String) throws {
    let json = """
      {"class_name": "Model", "keras_version": "2.2.4", "config": {"name": "outer", "layers": [
       \(layer("in", "InputLayer", "{\"batch_input_shape\": [null, 8, 8, 3]}", reading: [])),
       \(layer("pool", "GlobalAveragePooling2D", "{}", reading: ["in"]))],
       "input_layers": [["in", 0, 0]], "output_layers": \(outputs)}}
      """
    let error = #expect(throws: CatalogError.self) { try DraftedNetwork(json: json) }
    #expect(error?.description.contains(sentence) == true, "\(String(describing: error))")
    let noInput = json.replacing(#""input_layers": [["in", 0, 0]]"#, with: #""input_layers": []"#)
      .replacing(outputs + "}}", with: #"[["pool", 0, 0]]}}"#)
    let other = #expect(throws: CatalogError.self) { try DraftedNetwork(json: noInput) }
    #expect(
      other?.description.contains("the input_layers of the model are") == true, "\(String(describing: other))"
    )
  }

  @Test func aLayerReadsWhatIsThere() throws {
    func layers(_ name: String) -> [String] {
      [layer("self", "ReLU", "{}", reading: [name]), layer("later", "ReLU", "{}", reading: ["in"])]
    }
    // Keras reads them in any order.
    #expect(try model(layers("later"), output: "self").graph.layers.map(\.name) == ["in", "later", "self"])
    for name in ["self", "nosuch"] {
      let layers = layers(name)
      let error = #expect(throws: CatalogError.self) { try model(layers, output: "self") }
      #expect(
        error?.description.contains("self: it reads \(name), which is no layer before it") == true,
        "\(String(describing: error))")
    }
  }

  /// Before Keras 3 it rose by a fifth.
  @Test func aHardSigmoidIsThatOfItsKeras() throws {
    let network = try model([layer("net", "Model", Self.inner, reading: ["in"])], output: "net")
    #expect((network.graph["conv"]?.operation as? Conv2D)?.activation == .hardSigmoid(slope: 0.2))
  }

  @Test func whatActsOnEveryImageOfASequenceIsTakenOff() throws {
    let network = try model(
      [
        layer(
          "frames", "TimeDistributed", "{\"layer\": {\"class_name\": \"Model\", \"config\": \(Self.inner)}}",
          reading: ["in"]),
        layer("lstm", "LSTM", "{\"units\": 4}", reading: ["frames"]),
      ], shape: "[null, 5, 8, 8, 3]", output: "lstm")
    #expect(network.graph.layers.map(\.name) == ["image", "conv"])
    #expect(network.paths["conv"] == ["frames", "conv"] && network.leftOut == ["lstm"])
    #expect(network.wrapper == "frames (TimeDistributed): taken off, for single images")
  }

  @Test func machinesThatShareAModelAreTakenAsOne() throws {
    func slice(_ index: Int) -> String {
      layer("lambda_\(index)", "Lambda", "{\"arguments\": {\"i\": \(index), \"parts\": 2}}", reading: ["in"])
    }
    let network = try model(
      [
        slice(0), slice(1), layer("net", "Model", Self.inner, reading: ["lambda_0", "lambda_1"]),
        layer("joined", "Concatenate", "{\"axis\": 0}", reading: ["net"]),
      ], output: "joined")
    #expect(network.graph.layers.map(\.name) == ["image", "conv"] && network.leftOut == [])
    #expect(network.wrapper == "net: was computed by 2 machines at a time; taken as one")
  }

  @Test func aFunctionOfPythonIsRefusedByName() {
    let error = #expect(throws: CatalogError.self) {
      try model(
        [
          layer("halve", "Lambda", "{\"function\": [\"4wEA\"]}", reading: ["in"]),
          layer("net", "Model", Self.inner, reading: ["halve"]),
        ], output: "net")
    }
    #expect(
      error == .unsupportedLayers(["halve (Lambda): it runs a function of Python, which is not in the file"]))
  }

  /// `tf.nn.relu6(x / 127.5 - 1)`, as Keras 2 writes it.
  @Test func functionsOfAFunctionalModelAreLayers() throws {
    func function(_ name: String, _ function: String, _ input: String, _ keywords: String) -> String {
      """
      {"class_name": "TFOpLambda", "name": "\(name)", "config": {"name": "\(name)", "function": "\(function)"},
       "inbound_nodes": [["\(input)", 0, 0, {\(keywords)}]]}
      """
    }
    let network = try model(
      [
        function("div", "math.truediv", "in", "\"y\": 127.5, \"name\": null"),
        function("sub", "math.subtract", "div", "\"y\": [1, 2, 3], \"name\": null"),
        function("relu6", "nn.relu6", "sub", ""),
      ], output: "relu6")
    let operations = network.graph.layers.map { AnyHashable($0.operation) }
    #expect(operations[1] == AnyHashable(Rescaling { $0.scale = [1 / 127.5] }))
    #expect(operations[2] == AnyHashable(Rescaling { $0.offset = [-1, -2, -3] }))
    #expect(operations[3] == AnyHashable(ActivationLayer(.relu(maxValue: 6))))
  }

  /// A function of Keras 2, called with settings, behind the image or behind what reads it.
  private func function(
    _ name: String, _ settings: String, dtype: String = "float32", className: String = "TFOpLambda"
  ) throws -> DraftedNetwork {
    let config =
      "{\"name\": \"f\", \"trainable\": true, \"dtype\": \"float32\", \"function\": \"\(name)\"}"
    let layer =
      "{\"class_name\": \"\(className)\", \"name\": \"f\", \"config\": \(config), \"inbound_nodes\": [[\"in\", 0, 0, \(settings)]]}"
    let input = "{\"batch_input_shape\": [null, 8, 8, 3], \"dtype\": \"\(dtype)\"}"
    return try DraftedNetwork(
      json: """
        {"class_name": "Model", "keras_version": "2.13.1", "config": {"name": "outer", "layers": [
         {"class_name": "InputLayer", "name": "in", "config": \(input), "inbound_nodes": []}, \(layer)],
         "input_layers": [["in", 0, 0]], "output_layers": [["f", 0, 0]]}}
        """)
  }

  private func activation(_ name: String, _ settings: String) throws -> Activation? {
    (try function(name, settings).graph["f"]?.operation as? ActivationLayer)?.activation
  }

  @Test func functionsAreTakenWithTheirSettings() throws {
    #expect(try activation("nn.leaky_relu", "{\"alpha\": 0.7}") == .leakyReLU(negativeSlope: 0.7))
    #expect(try activation("nn.leaky_relu", "{\"name\": null}") == .leakyReLU(negativeSlope: 0.2))
    #expect(try activation("nn.elu", "{\"alpha\": 0.3}") == .elu(alpha: 0.3))
    #expect(try activation("nn.gelu", "{\"approximate\": true}") == .gelu(approximate: true))
    #expect(try activation("nn.softmax", "{\"axis\": -1}") == .softmax)
    #expect(try activation("nn.silu", "{\"beta\": 1.0}") == .silu)
    #expect(try activation("cast", "{\"dtype\": \"float16\"}") == .linear)
  }

  @Test(arguments: [
    ("nn.softmax", "{\"axis\": 1}", "the function softmax with axis = 1 has no counterpart"),
    ("nn.silu", "{\"beta\": 2.0}", "the function silu with beta = 2 has no counterpart"),
    ("nn.relu", "{\"threshold\": 0.5}", "the function relu with threshold = 0.5 has no counterpart"),
    (
      "nn.leaky_relu", "{\"alpha\": [0.1, 0.2]}",
      "the function leaky_relu with alpha = [0.1, 0.2] has no counterpart"
    ),
    ("cast", "{\"dtype\": \"int32\"}", "it casts to int32; only numbers with fractions are computed with"),
    ("cast", "{\"dtype\": \"bool\"}", "it casts to bool; only numbers with fractions are computed with"),
  ])
  func settingsOfNoCounterpartAreRefused(name: String, settings: String, problem: String) {
    #expect(throws: CatalogError.unsupportedLayers(["f (TFOpLambda): \(problem)"])) {
      try function(name, settings)
    }
  }

  /// Of what cannot be described no shape is known.
  @Test func whatReadsAnotherOfNoCounterpartIsRefusedWithIt() throws {
    let inbound = { (layer: String) in "[[[\"\(layer)\", 0, 0, {}]]]" }
    let refused = #expect(throws: CatalogError.self) {
      try DraftedNetwork(
        json: """
          {"class_name": "Functional", "config": {"name": "net", "layers": [
           {"class_name": "InputLayer", "name": "in", "config": {"name": "in", "batch_shape": [null, 4, 4, 3]}, "inbound_nodes": []},
           {"class_name": "Lambda", "name": "odd", "config": {"name": "odd"}, "inbound_nodes": \(inbound("in"))},
           {"class_name": "Squeeze", "module": "keras.src.ops.numpy", "name": "sq", "config": {"name": "sq", "axis": 1},
            "inbound_nodes": \(inbound("odd"))}],
           "input_layers": [["in", 0, 0]], "output_layers": [["sq", 0, 0]]}}
          """)
    }
    #expect(refused?.description.contains("squeeze with axis = 1") == true, "\(String(describing: refused))")
  }

  /// Two names of the same letters in different bytes would be one here.
  @Test func namesThatLookAlikeAreRefused() throws {
    let layer = { (name: String, input: String) in
      """
      {"class_name": "ReLU", "name": "\(name)", "config": {"name": "\(name)"}, "inbound_nodes": [[["\(input)", 0, 0, {}]]]}
      """
    }
    let error = #expect(throws: CatalogError.self) {
      try DraftedNetwork(
        json: """
          {"class_name": "Functional", "config": {"name": "net", "layers": [
           {"class_name": "InputLayer", "name": "in", "config": {"name": "in", "batch_shape": [null, 4, 4, 3]}, "inbound_nodes": []},
           \(layer("\u{E9}", "in")), \(layer("e\u{301}", "\u{E9}"))],
           "input_layers": [["in", 0, 0]], "output_layers": [["e\u{301}", 0, 0]]}}
          """)
    }
    #expect(error?.description.contains("2 layers are called") == true, "\(String(describing: error))")
  }

  /// 200 and 100 are 44 in bytes.
  @Test func arithmeticOnWholeNumbersIsRefused() throws {
    let problem = "f (TFOpLambda): it computes with whole numbers; cast them to float32 first"
    #expect(throws: CatalogError.unsupportedLayers([problem])) {
      try function("math.add", "{\"y\": 200}", dtype: "uint8")
    }
    #expect(try function("cast", "{\"dtype\": \"float32\"}", dtype: "uint8").graph.layers.count == 2)
  }

  /// Keras 2 heeds the argument in predictions, Keras 3 does not.
  @Test func whatPredictsAsInTrainingIsRefused() throws {
    func network(_ version: String) throws -> DraftedNetwork {
      try DraftedNetwork(
        json: """
          {"class_name": "Model", "keras_version": "\(version)", "config": {"name": "outer", "layers": [
           {"class_name": "InputLayer", "name": "in", "config": {"batch_input_shape": [null, 8, 8, 3]}, "inbound_nodes": []},
           {"class_name": "BatchNormalization", "name": "bn", "config": {"axis": [3], "epsilon": 0.001, "center": true, "scale": true},
            "inbound_nodes": [[["in", 0, 0, {"training": true}]]]}],
           "input_layers": [["in", 0, 0]], "output_layers": [["bn", 0, 0]]}}
          """)
    }
    let problem =
      "bn (BatchNormalization): it is called with training=True, so that Keras 2 predicts with it as in training"
    #expect(throws: CatalogError.unsupportedLayers([problem])) { try network("2.13.1") }
    #expect(try network("3.3.0").graph.layers.count == 2)
  }

  /// Slices of the image as Keras 3 writes them: those that turn the channels round are how pixels are read, all others are refused.
  @Test(arguments: [
    ("x[..., ::-1]", true), ("x[:, :, :, ::-1]", true), ("x[:, ::-1]", false), ("x[:, :, ::-1]", false),
    ("x[:, 1:7]", false), ("x[:, ::2, ::2]", false), ("x[..., ::-2]", false),
  ])
  func onlySlicesThatReverseChannelsAreRead(slice: String, isRead: Bool) throws {
    let path = Repository.fixture("architectures/slices.json")
    let texts = try JSONDecoder().decode(
      [String: String].self, from: Data(contentsOf: URL(fileURLWithPath: path)))
    let json = try #require(texts[slice])
    guard isRead else {
      let error = #expect(throws: CatalogError.self) { try DraftedNetwork(json: json) }
      #expect(
        error?.family == .unsupported && error?.description.contains("GetItem") == true,
        "\(error?.description ?? "")")
      return
    }
    let network = try DraftedNetwork(json: json)
    #expect(network.reversesChannels && network.graph.layers.map(\.name) == ["image", "conv"])
  }
}
