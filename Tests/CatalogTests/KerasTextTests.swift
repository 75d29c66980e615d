import Catalog
import TestSupport
import Testing

/// What is said in Keras's words is read again as the same layers. Whether Keras reads it, `Tests/Parity/export_keras.py` finds out.
@Suite struct KerasTextTests {
  private static func reread(_ graph: LayerGraph, height: Int, width: Int) throws -> LayerGraph {
    let text = try graph.kerasText(name: "model", height: height, width: width)
    #expect(text.problems == [])
    let entry = try EntryDraft.entry(fromKeras: text.json, EntryFacts(preprocessing: .rescale))
    return try CatalogEntry(json: entry).graph()
  }

  @Test(arguments: EntryCatalog.embedded.identifiers) func networksAreReadAgain(identifier: String) throws {
    let entry = try EntryCatalog.embedded.entry(identifier)
    let size = entry.defaultSize
    let graph = try entry.graph(variant: entry.variants.first?.name).padded(for: size)
    let again = try Self.reread(graph, height: size.height, width: size.width)
    #expect(again.layers.map(\.name) == graph.layers.map(\.name))
    for (layer, other) in zip(graph.layers, again.layers) { #expect(other == layer) }
  }

  @Test(arguments: LayerCase.all) func layersAreReadAgain(layer: LayerCase) throws {
    let (graph, shape) = (try layer.graph(), try layer.input.shape)
    let text = try graph.kerasText(name: "model", height: shape[1], width: shape[2])
    guard text.problems.isEmpty else { return }
    #expect(
      try Self.reread(graph, height: shape[1], width: shape[2])
        == graph.padded(for: Extent(shape[1], shape[2])))
  }

  @Test func whatKerasHasNoWordForIsNamed() throws {
    let input = Layer(name: "input", operation: InputLayer(), inputs: [])
    let hard = Layer(
      name: "hard", operation: ActivationLayer(.hardSigmoid(slope: 0.2)), inputs: ["input"])
    let text = try LayerGraph(layers: [input, hard]).kerasText(name: "model", height: 2, width: 2)
    #expect(text.problems.count == 1 && text.problems[0].hasPrefix("hard (Activation): activation is "))
  }
}
