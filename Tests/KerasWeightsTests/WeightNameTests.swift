import Catalog
import Foundation
import TestSupport
import Testing

@Suite struct AutoNumberedNameTests {
  @Test(arguments: [
    ("conv2d_17", "conv2d", 17), ("conv2d", "conv2d", 0), ("batch_normalization_1", "batch_normalization", 1),
    ("block1_conv1", "block1_conv1", 0), ("fire2/squeeze1x1", "fire2/squeeze1x1", 0), ("a_01", "a_01", 0),
  ])
  func splits(name: String, stem: String, number: Int) {
    #expect(AutoNumberedName(name).stem == stem)
    #expect(AutoNumberedName(name).number == number)
  }
}

@Suite struct CatalogWeightSetTests {
  /// Every weight set of the catalog can be believed: bindings complete, variants and tags real.
  @Test func allSetsAreSound() throws {
    var count = 0
    for identifier in EntryCatalog.embedded.identifiers {
      let entry = try EntryCatalog.embedded.entry(identifier)
      let files = EntryCatalog.embedded.weightFiles(of: identifier)
      let sets = try files.map { try WeightSet(json: $0.text, file: $0.path) }
      #expect(!sets.isEmpty, "\(identifier) has no weight set")
      for (set, file) in zip(sets, files) {
        #expect(file.path == "\(identifier)/weights/\(set.tag).json")
        let layers = try entry.weightedLayers(variant: set.graph)
        let problems = set.problems(
          layers: layers, variants: entry.variants.map(\.name),
          isWrittenNamed: entry.writtenVariant != nil, siblings: sets)
        #expect(problems == [], "\(file.path)")
        count += 1
      }
    }
    #expect(count == 171)
  }

  /// The catalog's README leaves no field of a weight set out, and its example is one.
  @Test func allFieldsAreDescribed() throws {
    let url = Repository.root.appending(path: "zoo/README.md")
    let text = try String(contentsOf: url, encoding: .utf8)
    let start = try #require(text.range(of: "```json\n{\n  \"format\": 1,\n  \"tag\"")).lowerBound
    let example = text[start...].dropFirst("```json\n".count)
    let end = try #require(example.range(of: "\n```")).lowerBound
    let set = try WeightSet(json: String(example[..<end]), file: "README.md")
    #expect(set.tag == "deepcognition-th" && set.bindingOf == "deepcognition-tf")
    let rows = text.split(separator: "\n").filter { $0.hasPrefix("| `") }
    for field in Mirror(reflecting: set).children.compactMap(\.label) {
      #expect(rows.contains { $0.prefix(40).contains("`\(field)`") }, "\(field)")
    }
  }

  @Test func findsWhatIsWrong() throws {
    let text = """
      {"format": 1, "tag": "t", "title": "", "era": "keras1", "axisOrder": "HWIO", "kernels": "tensorflow",
       "weightNames": "{layer}_{role}", "basis": "", "graph": "Z", "file": {"name": "", "source": "", "md5": "0"},
       "layers": [["nowhere", "x"]]}
      """
    let set = try WeightSet(json: text, file: "t.json")
    let problems = set.problems(layers: ["conv"], variants: ["A"], siblings: [set])
    #expect(problems.count == 4)
    #expect(problems.contains { $0.contains("name") })
    #expect(problems.contains { $0.contains("'nowhere' is no layer") })
    var shared = set
    (shared.tag, shared.bindingOf) = ("u", "gone")
    #expect(shared.problems(layers: ["conv"], variants: ["Z"], siblings: [set, shared]).count == 4)
    #expect(throws: WeightSetError.self) { try WeightSet(json: "{}", file: "t.json") }
  }

  @Test(arguments: [
    (#""format": 1"#, #""format": 2"#, "line 2: format is 2; expected 1, the only one this program reads"),
    (#""format": 1,"#, "", "line 1: the key \"format\" is missing"),
    (
      #""kernels": "#, #""kernel": "tf", "kernels": "#,
      "\"kernel\" is not known here; did you mean \"kernels\"?"
    ),
    (#""sha256""#, #""sha265""#, "the key \"sha265\" is not known here; did you mean \"sha256\"?"),
    (#"{"md5""#, #"{"mdd5": "", "md5""#, "the key \"mdd5\" is not known here; did you mean \"md5\"?"),
    (#""era": "keras1""#, #""era": 1"#, "era: expected a text"),
    (#""tag""#, "tag", "no valid JSON"),
  ])
  func refusesWhatItDoesNotKnow(part: String, replacement: String, reason: String) throws {
    let file = try #require(
      EntryCatalog.embedded.weightFiles(of: "squeezenet").first {
        $0.path.hasSuffix("/deepcognition-tf.json")
      })
    _ = try WeightSet(json: file.text, file: file.path)
    let text = file.text.replacing(part, with: replacement)
    let error = #expect(throws: WeightSetError.self) { try WeightSet(json: text, file: file.path) }
    #expect(error?.description.contains("/deepcognition-tf.json: not a weight set: line ") == true)
    #expect(error?.description.contains(reason) == true, "\(error as Any)")
  }
}
