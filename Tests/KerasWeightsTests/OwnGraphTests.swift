import Catalog
import Foundation
import KerasWeights
import TensorArchive
import TestSupport
import Tensors
import Testing
import WeightConversion

/// A saved model describes its own graph: one that computes something else than the catalog's is never converted as that.
@Suite struct OwnGraphTests {
  /// A catalog of the one network, drafted from the architecture that Keras wrote.
  private func targets() throws -> [ConversionTarget] {
    try withTemporaryFolder { folder in
      let json = try String(contentsOfFile: Repository.fixture("changed-graph/small.json"), encoding: .utf8)
      let entry = folder.appending(path: "small")
      try FileManager.default.createDirectory(at: entry, withIntermediateDirectories: true)
      let text = try EntryDraft.entry(fromKeras: json, EntryFacts(preprocessing: .tf, identifier: "small"))
      try text.write(to: entry.appending(path: "model.json"), atomically: true, encoding: .utf8)
      return [try ConversionTarget("small", of: EntryCatalog(folder: folder.path))]
    }
  }

  private func conversion(_ fixture: String, dropsTop: Bool = false) throws -> Conversion {
    try Conversion(
      path: Repository.fixture("changed-graph/\(fixture).h5"), targets: targets(),
      options: ConversionOptions(dropsTop: dropsTop))
  }

  /// The order of a sum, layers that act in training only and another class for one activation change nothing.
  @Test(arguments: ["same", "swapped", "front"])
  func theSameGraphConverts(fixture: String) throws {
    #expect(try conversion(fixture).recognition.network == "small")
  }

  @Test func layersInFrontThatActInTrainingOnlyAreNoOtherGraph() throws {
    #expect(try conversion("flipped", dropsTop: true).recognition.topLayers == ["top"])
  }

  @Test func aClassifierOnTopIsNoOtherGraph() throws {
    #expect(try conversion("with_top", dropsTop: true).recognition.topLayers == ["top"])
  }

  private static let changes: [(fixture: String, differences: [String])] = [
    (
      "strides",
      [
        "right: expected strides [1, 1], found strides [2, 2]",
        "left: expected strides [1, 1], found strides [2, 2]",
      ]
    ),
    ("epsilon", ["stem_bn: expected epsilon 0.001, found epsilon 1e-05"]),
    ("pooling", ["right", "left"].map(pooling)),
    ("inside", ["rescaling (Rescaling)"].map(front) + ["right", "left"].map(pooling)),
    ("rescaled", ["scale (Rescaling)"].map(front)),
  ]

  private static func front(_ layer: String) -> String {
    "\(layer): stands in front of the network in the file; expected the network alone"
  }

  private static func pooling(_ layer: String) -> String {
    func words(_ pool: String) -> String {
      "\(pool)(Activation(stem_bn; activation \"relu\"); size [2, 2], strides [2, 2], padding \"valid\")"
    }
    return "\(layer): expected to read \(words("MaxPooling2D")), found \(words("AveragePooling2D"))"
  }

  @Test(arguments: changes)
  func anotherGraphIsRefusedWithBothSides(fixture: String, differences: [String]) throws {
    let error = #expect(throws: ConversionError.self) { try conversion(fixture, dropsTop: true) }
    let path = Repository.fixture("changed-graph/\(fixture).h5")
    #expect(error == .anotherGraph(path: path, entry: "small", differences: differences))
    #expect(error?.family == .mismatch)
  }
}
