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

  /// By default what was held back is measured, whatever it is called by then; what was learnt from is not taken for it in silence.
  @Test func measuresWhatWasHeldBack() throws {
    try withModel { place, history in
      try FileManager.default.moveItem(atPath: place.path("images"), toPath: place.path("renamed"))
      func evaluated(_ more: String...) throws -> (found: Evaluated, errors: String) {
        let outcome = Outcome(["evaluate", place.path("model"), place.path("renamed"), "--json"] + more)
        try #require(outcome.code == .success, "\(outcome.errors)")
        return (try JSONDecoder().decode(Evaluated.self, from: Data(outcome.output.utf8)), outcome.errors)
      }
      let usual = try evaluated()
      for name in ["accuracy", "loss"] {
        let wanted = try #require(history["val_" + name]?.last)
        #expect(abs((usual.found.measures[name] ?? .nan) - wanted) < 1e-6, "\(name)")
      }
      let held = usual.found.classes.reduce(0) { $0 + $1.images }
      #expect(
        usual.errors.contains(
          "\(15 - held) of the 15 images were learnt from; the other \(held) are measured"))
      #expect(!usual.errors.contains("too good"))

      let all = try evaluated("--include-training-images")
      #expect(
        all.errors.contains("\(15 - held) of the 15 images were learnt from, so the results are too good"))
      #expect(all.found.classes.reduce(0) { $0 + $1.images } == 15)
      let other = try evaluated("--validation-split", "0.34", "--subset", "validation", "--seed", "4")
      #expect(
        other.errors.contains(
          "were learnt from, so the results are too good; its training held back a fraction of 0.34, drawn, seed 3"
        ),
        "\(other.errors)")
      let learnt = try evaluated("--validation-split", "0.34", "--subset", "training", "--seed", "3")
      #expect(learnt.errors.contains("\(15 - held) of the \(15 - held) images were learnt from, so"))
    }
  }

  /// An option that others have is no misspelling of one that this verb has.
  @Test func optionsOfOtherVerbsAreNamedAsTheirs() {
    let outcome = Outcome("predict model.safetensors cat.jpg --size 96")
    #expect(outcome.code == .usage, "\(outcome)")
    #expect(outcome.errors.contains("--size: not an option of this verb; "), "\(outcome.errors)")
    #expect(!outcome.errors.contains("did you mean"), "\(outcome.errors)")
  }

  @Test func someClassesMayHaveNoImages() throws {
    try withModel { place, _ in
      try FileManager.default.removeItem(atPath: place.path("images/noise"))
      try FileManager.default.createDirectory(
        atPath: place.path("images/squares"), withIntermediateDirectories: true)
      let outcome = Outcome([
        "evaluate", place.path("model"), place.path("images"), "--include-training-images", "--json",
      ])
      #expect(outcome.code == .success, "\(outcome.errors)")
      #expect(outcome.errors.contains("images: no images of 1 of the model's 3 classes: noise"))
      #expect(outcome.errors.contains("images: left out what is no class of the model: squares"))
      let found = try JSONDecoder().decode(Evaluated.self, from: Data(outcome.output.utf8))
      #expect(found.classes.map(\.images) == [5, 0, 5])
      for name in ["circles", "stripes"] {
        try FileManager.default.removeItem(atPath: place.path("images/\(name)"))
      }
      let none = Outcome(["evaluate", place.path("model"), place.path("images")])
      #expect(
        none.code == .missing && none.errors.contains("no class circles; found squares"), "\(none.errors)")
    }
  }

  /// As training sees a folder with a folder for each part.
  @Test func measuresTheTestPart() throws {
    try withModel { place, _ in
      try FileManager.default.createDirectory(
        atPath: place.path("set"), withIntermediateDirectories: true)
      for part in ["training_set", "test_set"] {
        try FileManager.default.copyItem(atPath: place.path("images"), toPath: place.path("set/\(part)"))
      }
      try FileManager.default.removeItem(atPath: place.path("set/test_set/noise/0003.png"))
      func found(_ more: String...) -> Outcome {
        Outcome(["evaluate", place.path("model"), place.path("set")] + more)
      }
      #expect(found().errors.contains("set/test_set is used (--subset)"))
      #expect(found().errors.contains("Found 14 images belonging to 3 classes."))
      #expect(found("--subset", "training").errors.contains("Found 15 images belonging to 3 classes."))
      let absent = found("--subset", "validation")
      #expect(absent.code == .usage && absent.errors.contains("--subset validation: "), "\(absent.errors)")

      let features = Outcome([
        "features", place.path("backbone.safetensors"), place.path("set"), "--size", "64", "-o",
        place.path("f.npy"),
      ])
      #expect(features.code == .success, "\(features.errors)")
      let rows = try String(contentsOfFile: place.path("f.npy.csv"), encoding: .utf8).split(
        whereSeparator: \.isNewline)
      #expect(rows.count == 30 && rows[1] == "training_set/circles/0000.png,0,circles")
      #expect(rows[29] == "test_set/stripes/0004.png,2,stripes")
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
      #expect(backbone.code == .data && backbone.errors.contains("zoo train"))
    }
  }
}
