import Catalog
import Testing

/// What is wrong with a text that should be an architecture is named.
@Suite struct ArchitectureProblemTests {
  /// Python writes what JSON does not have: layers are found all the same.
  @Test(arguments: ["6.0", "Infinity", "-Infinity", "NaN"])
  func numbersThatJSONHasNotAreRead(setting: String) {
    let model = """
      {"class_name": "Sequential", "config": {"name": "m", "layers": [
        {"class_name": "ReLU", "config": {"name": "re_lu", "max_value": \(setting)}}]}}
      """
    #expect(KerasLayerTree(json: model)?.layerCount == 1 && KerasLayerTree.problem(with: model) == nil)
  }

  @Test func moreThanMayBeParsed() {
    let many = "[" + String(repeating: "0,", count: 400_000) + "0]"
    #expect(KerasLayerTree(json: many) == nil)
    #expect(KerasLayerTree.problem(with: many)?.contains("values and names") == true)
    #expect(KerasLayerTree.problem(with: "a text") == nil)
  }
}
