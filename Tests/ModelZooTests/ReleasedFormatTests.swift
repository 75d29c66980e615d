import Datasets
import Foundation
import ModelZoo
import TestSupport
import Testing

/// What a release wrote stays readable for ever, and says the same; see `Tests/Fixtures/formats-0.2/make.py`, and `trained-v1` and
/// `archive-v1` for the release before.
@Suite struct ReleasedFormatTests {
  private struct Expected: Decodable {
    let features: [[Float]]
    let frozen: [String: Float]
    let tuned: [String: Float]
  }

  private static func path(_ name: String) -> String { Repository.fixture("formats-0.2/\(name)") }

  private static func expected() throws -> Expected {
    try JSONDecoder().decode(
      Expected.self, from: Data(contentsOf: URL(fileURLWithPath: path("expected.json"))))
  }

  private static func probabilities(of model: TrainedModel) throws -> [String: Float] {
    let prediction = try #require(try model.predict(Dataset(images: [path("picture.png")])).predictions.first)
    return Dictionary(uniqueKeysWithValues: prediction.scores.map { ($0.label, $0.probability) })
  }

  private func expect(_ found: [String: Float], _ expected: [String: Float]) {
    #expect(Set(found.keys) == Set(expected.keys))
    for (label, probability) in found {
      #expect(abs(probability - (expected[label] ?? .nan)) < 2e-6, "\(label)")
    }
  }

  @Test func modelsPredictWhatTheyDid() throws {
    let expected = try Self.expected()
    expect(
      try Self.probabilities(of: TrainedModel(contentsOf: Self.path("frozen.zoo.safetensors"))),
      expected.frozen)
    expect(
      try Self.probabilities(of: TrainedModel(contentsOf: Self.path("tuned.zoo.safetensors"))), expected.tuned
    )
  }

  /// The checkpoint is of the last epoch, as the model is.
  @Test func aCheckpointIsTheModelThatItWouldBe() throws {
    let model = try TrainedModel(contentsOf: Self.path("frozen.checkpoint"))
    expect(try Self.probabilities(of: model), try Self.expected().frozen)
  }

  @Test func shardsAreMerged() throws {
    try withTemporaryFolder { folder in
      let shards = try FeatureShards(folder: Self.path("shards"))
      let path = folder.appending(path: "all.safetensors").path
      try shards.merge(to: path).wait()
      let expected = try Self.expected().features
      for source in [path, Self.path("shards")] {
        let table = try FeatureTable(contentsOf: source)
        #expect(table.rows.classNames == ["circles", "noise", "stripes"] && table.rows.files.count == 3)
        for (found, wanted) in zip(table.features.scalars, expected.joined()) {
          #expect(abs(found - wanted) <= 1e-6 + 1e-5 * abs(wanted))
        }
        #expect(table.features.scalars.count == expected.joined().count)
      }
    }
  }
}
