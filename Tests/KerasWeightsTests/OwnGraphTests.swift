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
  private func targets(size: Extent? = nil) throws -> ConversionTargets {
    try withTemporaryFolder { folder in
      let json = try String(contentsOfFile: Repository.fixture("changed-graph/small.json"), encoding: .utf8)
      let entry = folder.appending(path: "small")
      try FileManager.default.createDirectory(at: entry, withIntermediateDirectories: true)
      let text = try EntryDraft.entry(
        fromKeras: json, EntryFacts(preprocessing: .tf, identifier: "small", defaultSize: size))
      try text.write(to: entry.appending(path: "model.json"), atomically: true, encoding: .utf8)
      return [try ConversionTarget("small", of: EntryCatalog(folder: folder.path))]
    }
  }

  private func recognition(
    _ fixture: String, dropsTop: Bool = false, network: String? = nil
  ) throws -> Recognition {
    try Conversion(
      path: Repository.fixture("changed-graph/\(fixture).h5"), targets: targets(),
      options: ConversionOptions(network: network, dropsTop: dropsTop)
    ).recognition
  }

  /// The order of a sum, layers that act in training only and another class for one activation change nothing.
  @Test(arguments: ["same", "swapped", "front"])
  func theSameGraphGoesByTheCatalogsName(fixture: String) throws {
    let found = try recognition(fixture)
    #expect(found.network == "small" && !found.isOwnGraph && found.resemblance == nil)
    #expect(found.topLayers == [] && found.classCount == nil)
  }

  /// A model keeps the size that it was saved for, also under the name of a network that has another.
  @Test(arguments: ["same", "with_top"])
  func aModelKeepsItsOwnSize(fixture: String) throws {
    let path = Repository.fixture("changed-graph/\(fixture).h5")
    let conversion = try Conversion(path: path, targets: targets(size: Extent(32, 48)))
    #expect(conversion.recognition.network == "small")
    #expect(conversion.recognition.images == ImageDefaults(size: Extent(16, 16)))
    #expect(
      conversion.recognition.reasons.contains {
        $0.description
          == "the model was saved for images of 16x16, and that is what they are resized to; the size of small is 32x48"
      })
    let network = try #require(try ArchivedNetwork(sections: conversion.allSections, place: "archive"))
    #expect(network.size == Extent(16, 16) && network.entry.defaultSize == Extent(32, 48))
    // Where both sizes are one, nothing is to be said.
    #expect(try Conversion(path: path, targets: targets()).recognition.images == ImageDefaults())
  }

  @Test(arguments: ["flipped", "with_top"])
  func aClassifierIsConvertedOrLeftOut(fixture: String) throws {
    let whole = try recognition(fixture)
    #expect(whole.network == "small" && whole.classCount == 2 && whole.topLayers == [])
    let backbone = try recognition(fixture, dropsTop: true)
    #expect(backbone.network == "small" && backbone.classCount == nil && backbone.topLayers == ["top"])
    #expect(whole.tensorCount == backbone.tensorCount + 2)
  }

  /// What is normalised behind the pooling is part of the features, with the classifier and without: they are not the catalog's.
  @Test(arguments: [false, true]) func aNormalisationIsNotLost(dropsTop: Bool) throws {
    let found = try recognition("normed", dropsTop: dropsTop)
    #expect(found.isOwnGraph && found.resemblance?.network == "small")
    #expect(found.topLayers == (dropsTop ? ["top"] : []) && found.tensorCount == (dropsTop ? 12 : 14))
    #expect(found.features.unpooled == "sum")
  }

  /// The second network of a session: `stem_1` of a model inside another is `stem`.
  @Test func numbersOfASessionAreUndone() throws {
    let found = try recognition("second", dropsTop: true)
    #expect(found.network == "small" && !found.isOwnGraph && found.topLayers == ["top"])
    #expect(found.tensorCount == 10)
  }

  /// The network and another read one image: neither is lost, and the scaling of neither is taken for both.
  @Test(arguments: [false, true])
  func twoNetworksStayTwo(dropsTop: Bool) throws {
    let found = try recognition("two", dropsTop: dropsTop)
    #expect(found.isOwnGraph && found.resemblance?.network == "small")
    #expect(found.topLayers == (dropsTop ? ["top"] : []) && found.tensorCount == (dropsTop ? 12 : 14))
    #expect(found.reasons.contains(.pixelsUnrecorded))
  }

  /// The largest values over all pixels are other features than the network's, with a classifier or without.
  @Test(arguments: [false, true])
  func poolingAtTheEndIsNotLost(dropsTop: Bool) throws {
    let found = try recognition("largest", dropsTop: dropsTop)
    #expect(
      found.isOwnGraph && found.resemblance?.network == "small" && found.resemblance?.differences == []
        && found.topLayers == [])
    #expect(!found.reasons.contains(.pixelsUnrecorded))
  }

  private static let changes: [(fixture: String, network: String, differences: [String])] = [
    (
      "strides", "small_changed",
      [
        "right: expected strides [1, 1], found strides [2, 2]",
        "left: expected strides [1, 1], found strides [2, 2]",
      ]
    ),
    ("epsilon", "small_changed", ["stem_bn: expected epsilon 0.001, found epsilon 1e-05"]),
    ("pooling", "small_changed", ["right", "left"].map(pooling)),
    ("inside", "sequential", [front("1)")] + ["right", "left"].map(pooling)),
    ("rescaled", "sequential", [front("0.00392156862745")]),
  ]

  /// What a sentence begins with: the last digits of a number are the parser's.
  private static func front(_ scale: String) -> String {
    "stem: expected to read the input, found Rescaling(the input; scale \(scale)"
  }

  private static func pooling(_ layer: String) -> String {
    func words(_ pool: String) -> String {
      "\(pool)(Activation(stem_bn; activation \"relu\"); size [2, 2], strides [2, 2], padding \"valid\")"
    }
    return "\(layer): expected to read \(words("MaxPooling2D")), found \(words("AveragePooling2D"))"
  }

  @Test(arguments: changes)
  func anotherGraphIsANetworkOfItsOwn(fixture: String, network: String, differences: [String]) throws {
    let found = try recognition(fixture)
    #expect(found.isOwnGraph && found.network == network)
    #expect(found.resemblance?.network == "small")
    expect(found.resemblance?.differences ?? [], beginAs: differences)
  }

  /// Who insists on the catalog's network gets no other graph under its name.
  @Test(arguments: changes)
  func anotherGraphIsRefusedAsTheCatalogs(fixture: String, network: String, differences: [String]) throws {
    let error = #expect(throws: ConversionError.self) {
      try recognition(fixture, dropsTop: true, network: "small")
    }
    guard case .anotherGraph(_, "small", let found, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    expect(found, beginAs: differences)
    #expect(error?.family == .mismatch)
  }

  private func expect(_ sentences: [String], beginAs wanted: [String]) {
    #expect(sentences.count == wanted.count, "\(sentences)")
    for (sentence, start) in zip(sentences, wanted) { #expect(sentence.hasPrefix(start)) }
  }
}
