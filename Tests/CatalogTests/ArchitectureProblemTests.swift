import Catalog
import Testing

/// What is wrong with a text that should be an architecture is named.
@Suite struct ArchitectureProblemTests {
  private func model(_ setting: String) -> String {
    """
    {"class_name": "Sequential", "config": {"name": "m", "layers": [
      {"class_name": "ReLU", "config": {"name": "re_lu", "max_value": \(setting)}}]}}
    """
  }

  /// Python writes what JSON does not have.
  @Test(arguments: ["Infinity", "-Infinity", "NaN"])
  func numbersThatJSONHasNot(setting: String) {
    #expect(KerasLayerTree(json: model("6.0")) != nil && KerasLayerTree.problem(with: model("6.0")) == nil)
    #expect(KerasLayerTree(json: model(setting)) == nil)
    let problem = KerasLayerTree.problem(with: model(setting))
    #expect(problem?.contains(setting.replacing("-", with: "")) == true)
  }

  @Test func moreThanMayBeParsed() {
    let many = "[" + String(repeating: "0,", count: 400_000) + "0]"
    #expect(KerasLayerTree(json: many) == nil)
    #expect(KerasLayerTree.problem(with: many)?.contains("values and names") == true)
    #expect(KerasLayerTree.problem(with: "a text") == nil)
  }
}
