import Catalog
import Files
import KerasWeights
import TestSupport
import Testing
import WeightConversion

/// A file is a published one by its digest, where the graph depends on it: what users save is laid out like it.
@Suite struct PublishedFileTests {
  /// The tiny network with a published set of graph E and a user's of graph F, laid out alike.
  private func recognition(
    _ fixture: String, like set: Int, md5: String?, size: Int? = nil
  ) throws -> Recognition {
    let layout = TinyEntry.weightSets[set].replacing("\"graph\": \"F\"", with: "\"graph\": \"E\"")
    let digest = md5.map { ", \"md5\": \"\($0)\"" } ?? ""
    let length = size.map { ", \"size\": \($0)" } ?? ""
    let published = layout.replacing(
      "\"title\":",
      with: "\"file\": {\"name\": \"tiny.h5\", \"source\": \"tiny/tiny.h5\"\(length)\(digest)}, \"title\":")
    let users = layout.replacing("\"graph\": \"E\"", with: "\"graph\": \"F\"")
      .replacing("\"tag\": \"", with: "\"tag\": \"own-")
    let tiny = try TinyEntry.target()
    let target = ConversionTarget(
      identifier: tiny.identifier, title: tiny.title, parameters: tiny.parameters, variants: ["E", "F"],
      json: tiny.json, weightSets: try [published, users].map { try WeightSet(json: $0, file: "tiny") })
    return try Conversion(
      path: Repository.fixture("keras-eras/\(fixture).h5"), targets: [target],
      options: ConversionOptions(dropsTop: true)
    ).recognition
  }

  @Test func theDigestTellsThePublishedFile() throws {
    let digests = try FileDigests(contentsOf: Repository.fixture("keras-eras/keras1.h5"))
    let published = try recognition("keras1", like: 0, md5: digests.md5, size: digests.byteCount)
    #expect(published.weightSet == "old" && published.graph == "E")
    let changed = String(digests.md5.reversed())
    for (md5, size) in [(changed, digests.byteCount), (changed, nil), (digests.md5, 7), (nil, nil)] {
      let users = try recognition("keras1", like: 0, md5: md5, size: size)
      #expect(users.weightSet == "own-old" && users.graph == "F")
      let words =
        md5 == nil
        ? "whose digest was never recorded: if it is that file, its graph is E" : "and has another digest"
      #expect(
        users.reasons.contains { $0.description.contains("laid out as the published tiny.h5, \(words)") })
    }
  }

  /// No published file holds models.
  @Test func aModelInsideAnotherIsAUsers() throws {
    let found = try recognition("nested_model", like: 2, md5: nil)
    #expect(found.weightSet == "own-new" && found.graph == "F" && found.topLayers == ["dense"])
  }
}
