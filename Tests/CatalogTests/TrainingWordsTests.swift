import Catalog
import Testing

/// What a Keras file says of training is kept, though no answer depends on it.
@Suite struct TrainingWordsTests {
  private func json(momentum: String = "0.5", noise: String = "[null, 1, 1, 1]") -> String {
    """
    {"class_name": "Functional", "keras_version": "2.15.0", "config": {"name": "net", "layers": [
     \(layer("in", "InputLayer", "{\"batch_input_shape\": [null, 8, 8, 3]}", [])),
     \(layer(
       "c1", "Conv2D", """
       {"filters": 3, "kernel_size": [3, 3], "strides": [1, 1], "padding": "same", "dilation_rate": [1, 1], "groups": 1,
        "activation": "linear", "use_bias": true, "kernel_regularizer": {"class_name": "L2", "config": {"l2": 0.1}},
        "bias_regularizer": {"name": "WeightRegularizer", "l1": 0.5, "l2": 0.0}, "bias_constraint": {"class_name": "NonNeg", "config": {}},
        "activity_regularizer": "l1"}
       """, ["in"])),
     {"class_name": "ReLU", "name": "r", "config": {"name": "r", "max_value": null, "negative_slope": 0.0, "threshold": 0.0},
      "inbound_nodes": [[["c1", 0, 0, {}]], [["n", 0, 0, {}]]]},
     \(layer(
       "n", "BatchNormalization",
       "{\"axis\": [3], \"momentum\": \(momentum), \"epsilon\": 0.001, \"center\": true, \"scale\": true}", ["r"])),
     {"class_name": "Dropout", "name": "d", "config": {"name": "d", "rate": 0.5, "noise_shape": \(noise)},
      "inbound_nodes": [[["r", 1, 0, {}]]]}],
     "input_layers": [["in", 0, 0]], "output_layers": [["d", 0, 0]]}}
    """
  }

  private func layer(_ name: String, _ kind: String, _ config: String, _ inputs: [String]) -> String {
    let named = "{\"name\": \"\(name)\", " + config.dropFirst()
    let nodes =
      inputs.isEmpty ? "" : "[" + inputs.map { "[\"\($0)\", 0, 0, {}]" }.joined(separator: ", ") + "]"
    return
      "{\"class_name\": \"\(kind)\", \"name\": \"\(name)\", \"config\": \(named), \"inbound_nodes\": [\(nodes)]}"
  }

  /// The second call of the activation reads a layer behind the first.
  @Test func aLayerWithoutWeightsMayBeCalledTwice() throws {
    let graph = try DraftedNetwork(json: json()).graph
    #expect(graph.layers.map(\.name) == ["in", "c1", "r", "n", "r_call2", "d"])
    #expect(graph["r_call2"]?.inputs == ["n"] && graph["d"]?.inputs == ["r_call2"])
    #expect(graph["n"]?.inputs == ["r"])
  }

  @Test func momentumNoiseAndPenaltiesAreKept() throws {
    let text = try EntryDraft.entry(fromKeras: json(), EntryFacts(preprocessing: .rescale))
    let graph = try CatalogEntry(json: text).graph()
    #expect((graph["n"]?.operation as? BatchNormalization)?.momentum == 0.5)
    #expect((graph["d"]?.operation as? Dropout)?.noiseShape == [-1, 1, 1, 1])
    #expect(graph["c1"]?.unapplied == ["activity_regularizer l1", "bias_constraint NonNeg"])
    #expect(graph["c1"]?.penalties["kernel"] == WeightPenalty(l2: 0.1))
    #expect(graph["c1"]?.penalties["bias"] == WeightPenalty(l1: 0.5))
    // No answer depends on any of it.
    let plain = try DraftedNetwork(json: json(momentum: "0.99", noise: "null")).graph
    let names = Dictionary(uniqueKeysWithValues: ["c1", "n"].map { ($0, $0) })
    #expect(GraphComparison(expected: graph, found: plain, names: names).differences.isEmpty)
    #expect((plain["n"]?.operation as? BatchNormalization)?.momentum == nil)
    #expect((plain["d"]?.operation as? Dropout)?.noiseShape.isEmpty == true)
    #expect(throws: CatalogError.self) { try DraftedNetwork(json: json(noise: "\"x\"")) }
  }

  /// A penalty is a sum of absolute or squared weights; what is none is named.
  @Test(arguments: [
    (#""l1""#, WeightPenalty(l1: 0.01)), (#""L2""#, WeightPenalty(l2: 0.01)),
    (#""l1_l2""#, WeightPenalty(l1: 0.01, l2: 0.01)),
    (#"{"class_name": "L1L2", "config": {"l1": 0.25, "l2": 0.5}}"#, WeightPenalty(l1: 0.25, l2: 0.5)),
    (#"{"class_name": "OrthogonalRegularizer", "config": {"factor": 0.1}}"#, nil),
    (#"{"class_name": "L2", "config": {"l2": -1.0}}"#, nil),
    (#"{"class_name": "L2", "config": {"l2": "x"}}"#, nil),
  ])
  func aPenaltyIsASumOfWeights(text: String, wanted: WeightPenalty?) throws {
    let graph = try DraftedNetwork(
      json: json().replacing(#"{"class_name": "L2", "config": {"l2": 0.1}}"#, with: text)
    ).graph
    let layer = try #require(graph["c1"])
    #expect(layer.penalties["kernel"] == wanted)
    #expect(layer.unapplied.contains { $0.hasPrefix("kernel_regularizer") } == (wanted == nil))
  }

  @Test(arguments: [#"{"kernel": {"l3": 1}}"#, #"{"kernel": {"l2": -1}}"#, #"{"kernel": 1}"#])
  func anEntryWithAnotherPenaltyIsRefused(penalty: String) throws {
    let text = try EntryDraft.entry(fromKeras: json(), EntryFacts(preprocessing: .rescale))
    let own = #""regularizers": {"bias": {"l1": 0.5}, "kernel": {"l2": 0.1}}"#
    #expect(text.contains(own))
    #expect(throws: CatalogError.self) {
      try CatalogEntry(json: text.replacing(own, with: #""regularizers": \#(penalty)"#)).graph()
    }
  }
}
