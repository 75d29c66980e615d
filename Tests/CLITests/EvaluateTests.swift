import CLI
import Foundation
import TestSupport
import Testing

/// `zoo evaluate` says of images what training said of them.
@Suite struct EvaluateTests {
  private struct Trained: Decodable { var history: [String: [Double]] }

  private struct Class: Decodable {
    var label: String
    var images: Int
    var recall: Double
  }

  private struct Evaluated: Decodable {
    var measures: [String: Double]
    var classes: [Class]
    var confusion: [[Int]]
    var skipped: [String]
  }

  private func withModel(_ body: (_ place: TrainingPlace, _ history: [String: [Double]]) throws -> Void)
    throws
  {
    try withTemporaryFolder { folder in
      let place = try TrainingPlace(folder)
      let outcome = Outcome([
        "train", "--backbone", place.path("backbone.safetensors"), "--data", place.path("images"), "--head",
        "dense(3, softmax)", "--size", "64", "--epochs", "2", "--validation-split", "0.34", "--seed", "3",
        "--metrics", "accuracy,auc", "--no-report", "--json", "-o", place.path("model"),
      ])
      try #require(outcome.code == .success, "\(outcome.errors)")
      try body(place, JSONDecoder().decode(Trained.self, from: Data(outcome.output.utf8)).history)
    }
  }

  @Test func measuresWhatTheTrainingMeasured() throws {
    try withModel { place, history in
      let held = ["--validation-split", "0.34", "--subset", "validation", "--seed", "3"]
      let words = [
        "evaluate", place.path("model"), place.path("images"), "--metrics", "accuracy,auc", "--json",
      ]
      let outcome = Outcome(words + held)
      try #require(outcome.code == .success, "\(outcome.errors)")
      let found = try JSONDecoder().decode(Evaluated.self, from: Data(outcome.output.utf8))
      for name in ["accuracy", "auc", "loss"] {
        let wanted = try #require(history["val_" + name]?.last)
        #expect(abs((found.measures[name] ?? .nan) - wanted) < 1e-6, "\(name)")
      }
      #expect(found.classes.map(\.label) == ["circles", "noise", "stripes"])
      let hits = found.confusion.enumerated().reduce(0) { $0 + $1.element[$1.offset] }
      let total = found.confusion.joined().reduce(0, +)
      #expect(total == found.classes.reduce(0) { $0 + $1.images } && total > 0 && found.skipped.isEmpty)
      #expect(abs(Double(hits) / Double(total) - (found.measures["accuracy"] ?? .nan)) < 1e-9)
    }
  }

  @Test func showsWhatWasTakenForWhat() throws {
    try withModel { place, _ in
      try FileManager.default.createDirectory(
        atPath: place.path("images/others"), withIntermediateDirectories: true)
      let outcome = Outcome(["evaluate", place.path("model"), place.path("images")])
      #expect(outcome.code == .success && outcome.errors.contains("Found 15 images belonging to 3 classes."))
      let lines = outcome.output.split(separator: "\n")
      #expect(lines.first?.wholeMatch(of: #/accuracy: \d\.\d{4} - loss: \d+\.\d{4}/#) != nil, "\(lines)")
      #expect(
        lines.contains { $0.contains(#/^class +precision +recall +F1 +images +as circles +as noise/#) })
      #expect(lines.last?.hasPrefix("mean over images") == true && lines.count == 8)

      let half = Outcome(["evaluate", place.path("model"), place.path("images"), "--subset", "training"])
      #expect(half.code == .usage && half.errors.contains("--subset: needs --validation-split, the fraction"))
      let strangers = Outcome(["evaluate", place.path("model"), place.path("images/circles")])
      #expect(strangers.code != .success)
      let backbone = Outcome(["evaluate", place.path("backbone.safetensors"), place.path("images")])
      #expect(backbone.code != .success && backbone.errors.contains("zoo train"))
    }
  }
}
