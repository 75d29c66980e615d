import Catalog
import Foundation
import TestSupport
import Testing

/// Entries out of what Keras writes (`Tests/Fixtures/architectures/make.py`).
@Suite struct DraftTests {
  /// The entries of which the architecture is at hand; `zoo/make.py` makes the others the same way.
  static let identifiers = EntryCatalog.embedded.identifiers.filter {
    FileManager.default.fileExists(atPath: Repository.fixture("architectures/\($0).json"))
  }

  /// The catalog's own entries are what a draft of Keras's architecture gives, byte for byte up to the variants and to
  /// what no architecture says: how well it does with published weights.
  @Test(arguments: identifiers)
  func equalsTheCatalogsEntry(identifier: String) throws {
    let entry = try EntryCatalog.embedded.entry(identifier)
    let draft = try EntryDraft.entry(fromKeras: try architecture(identifier), try facts(of: entry))
    let written = entry.json.split(separator: "\n", omittingEmptySubsequences: false)
      .filter { !$0.hasPrefix("  \"imageNet\": ") }
    let drafted = draft.split(separator: "\n", omittingEmptySubsequences: false)
    let end = entry.variants.isEmpty ? drafted.count : drafted.count - 3
    for (index, (line, wanted)) in zip(drafted.prefix(end), written).enumerated() where line != wanted {
      Issue.record("\(identifier)/model.json:\(index + 1): drafted\n\(line)\nwritten\n\(wanted)")
      break
    }
    #expect(written.count >= drafted.count)
  }

  /// Keras takes any text for a model's name; entries, folders and files do not.
  @Test(
    arguments: [
      ("", "model", "model", "model"), ("a\u{1}b", "a_b", "a_b", "a_b"), ("\n", "_", "_", "_"),
      ("my model", "my_model", "my model", "my_model"), ("A/b\u{202E}c", "a_b_c", "A/b_c", "A/b_c"),
      ("..", "model..", "..", ".."), ("Small-1", "small-1", "Small-1", "Small-1"),
      (String(repeating: "猫", count: 5000), String(repeating: "_", count: 100), nil, nil),
    ] as [(String, String, String?, String?)])
  func namesAreCleaned(name: String, identifier: String, title: String?, keras: String?) throws {
    let json = try #require(
      JSONSerialization.jsonObject(with: Data(architecture("sequential_keras3").utf8)) as? [String: Any])
    var config = try #require(json["config"] as? [String: Any])
    config["name"] = name
    let changed = try JSONSerialization.data(withJSONObject: json.merging(["config": config]) { $1 })
    let text = try EntryDraft.entry(
      fromKeras: String(decoding: changed, as: UTF8.self), EntryFacts(preprocessing: .rescale))
    let entry = try CatalogEntry(json: text)
    #expect(entry.problems().isEmpty && entry.identifier == identifier)
    #expect(EntryFacts.isIdentifier(entry.identifier))
    if let title, let keras {
      #expect(entry.title == title && entry.kerasName == keras)
    } else {
      #expect(name.hasPrefix(entry.title) && entry.title.utf8.count == 255 && entry.kerasName == entry.title)
    }
  }

  @Test func readsBothFormatsAlike() throws {
    let entry = try EntryCatalog.embedded.entry("xception")
    let keras3 = try EntryDraft.entry(fromKeras: try architecture("xception"), try facts(of: entry))
    let keras2 = try EntryDraft.entry(fromKeras: try architecture("xception_keras2"), try facts(of: entry))
    #expect(keras2.replacing("input_1", with: "input_layer") == keras3)
  }

  /// Keras 1.2 writes zero padding without an order of axes, by which its other layers are told.
  @Test(arguments: [
    ("[3, 2]", EdgeInsets(top: 3, bottom: 3, left: 2, right: 2)),
    ("[1, 2, 3, 4]", EdgeInsets(top: 1, bottom: 2, left: 3, right: 4)),
    (#"{"top_pad": 1, "right_pad": 2}"#, EdgeInsets(top: 1, bottom: 0, left: 0, right: 2)),
    ("[[3, 3], [2, 2]]", EdgeInsets(top: 3, bottom: 3, left: 2, right: 2)),
  ])
  func readsZeroPaddingOfKeras1(padding: String, insets: EdgeInsets) throws {
    let json = """
      {"class_name": "Sequential", "config": [
        {"class_name": "ZeroPadding2D", "config": {
          "name": "pad", "trainable": true, "padding": \(padding), "batch_input_shape": [null, 8, 8, 3]}},
        {"class_name": "Activation", "config": {"name": "relu", "activation": "relu"}}]}
      """
    let text = try EntryDraft.entry(fromKeras: json, EntryFacts(preprocessing: .rescale))
    let graph = try CatalogEntry(json: text).graph()
    #expect(graph["pad"]?.operation as? ZeroPadding2D == ZeroPadding2D(insets))
  }

  @Test(arguments: ["keras2", "keras3"])
  func readsASequentialModel(version: String) throws {
    let text = try EntryDraft.entry(
      fromKeras: try architecture("sequential_\(version)"), EntryFacts(preprocessing: .rescale))
    let entry = try CatalogEntry(json: text)
    #expect(entry.problems().isEmpty)
    let graph = try entry.graph()
    #expect(graph.layers.count == 10)
    #expect(
      graph["pad"]?.operation as? ZeroPadding2D
        == ZeroPadding2D(EdgeInsets(top: 1, bottom: 0, left: 0, right: 2)))
    #expect(graph["relu"]?.operation as? ReLU == ReLU())
    #expect(graph["drop"]?.operation as? Dropout == Dropout(rate: 0.25))
    let classes = Dense {
      $0.units = 2
      $0.useBias = false
      $0.activation = .softmax
    }
    #expect(graph["classes"]?.operation as? Dense == classes)
    #expect(
      try graph.activationShapes(height: 32, width: 48).map(\.dimensions).suffix(3) == [[2880], [5], [2]])
    #expect(ParameterCounts(try graph.parameters(height: 32, width: 48)).total == 14_506)
  }

  @Test(arguments: ["keras2", "keras3"])
  func listsEverythingUnsupportedAtOnce(version: String) throws {
    let json = try architecture("unsupported_\(version)")
    let error = #expect(throws: CatalogError.self) {
      try EntryDraft.entry(fromKeras: json, EntryFacts(preprocessing: .rescale))
    }
    let expected: [String] = [
      "rows (BatchNormalization): axis is \(version == "keras2" ? "[1]" : "1"); expected the last alone, -1 or 3",
      "shared (Conv2D): it is called 2 times",
    ]
    #expect(error == .unsupportedLayers(expected))
  }

  @Test(arguments: [
    ("", "the text is no JSON"), ("[1]", "class_name"),
    ("{\"class_name\": \"Model\", \"config\": {}}", "no layers"),
    ("{\"class_name\": \"Model\", \"config\": {\"layers\": [{}]}}", "layer 0 lacks"),
    ("{\"class_name\": \"Model\", \"config\": {\"layers\": []}}", "no input shape"),
  ])
  func refusesWhatIsNoArchitecture(json: String, words: String) {
    let error = #expect(throws: CatalogError.self) {
      try EntryDraft.entry(fromKeras: json, EntryFacts(preprocessing: .rescale))
    }
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "nothing")")
  }

  private func architecture(_ name: String) throws -> String {
    try String(contentsOfFile: Repository.fixture("architectures/\(name).json"), encoding: .utf8)
  }

  /// What an entry says beyond its architecture.
  private func facts(of entry: CatalogEntry) throws -> EntryFacts {
    var facts = EntryFacts(preprocessing: entry.preprocessing)
    facts.identifier = entry.identifier
    facts.title = entry.title
    facts.paper = entry.paper
    facts.licence = entry.licence
    facts.minimumSize = try entry.minimumSize()
    facts.padsBySize = entry.json.contains("oddPadding")
    return facts
  }
}
