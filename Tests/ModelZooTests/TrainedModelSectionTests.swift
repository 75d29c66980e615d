import Encoding
import Foundation
import ModelZoo
import TensorArchive
import TestSupport
import Testing

/// What an archive says of a trained model is a stranger's, too, however good its seal.
@Suite struct TrainedModelSectionTests {
  private static let path = Repository.fixture("trained-v1/golden.zoo.safetensors")

  /// The fixture with a section changed, and sealed again.
  private func model(_ folder: URL, _ section: String, _ change: (String) -> String?) throws -> TrainedModel {
    let archive = try Archive(contentsOf: Self.path)
    var manifest = try #require(archive.manifest)
    let text = manifest.sections[section, default: ""]
    manifest.sections[section] = change(text)
    try #require(manifest.sections[section] != text, "nothing changed")
    let changed = folder.appending(path: "changed.safetensors").path
    try ArchiveWriter.write(to: changed, manifest: manifest, copying: archive)
    return try TrainedModel(contentsOf: changed)
  }

  private static let changes: [(section: String, old: String, new: String, sentence: String)] = [
    ("backbone", #""divisor":255"#, #""divisor":0"#, "expected a divisor above 0, found 0.0"),
    ("backbone", #""divisor":255"#, #""divisor":-1"#, "expected a divisor above 0, found -1.0"),
    ("backbone", "[1,1,1]", "[1,0,1]", "expected deviations above 0, found 0.0"),
    ("backbone", "[1,1,1]", "[1,-2,1]", "expected deviations above 0, found -2.0"),
    (
      "backbone", "[1,1,1]", "[1,1]",
      "expected a mean and a deviation for each of 3 channels, found 3 means and 2 deviations"
    ),
    (
      "backbone", "[1,1,1]", "[1,1,1e-39]",
      "expected numbers that keep every pixel finite, found a divisor of 255.0"
    ),
    (
      "backbone", "[0,0,0]", "[0,1e39,0]",
      "expected numbers of single precision, found one beyond them"
    ),
    (
      "backbone", #""height":32"#, #""height":0"#,
      "rows and columns and 178956970 pixels at most, found 0 x 32"
    ),
    (
      "backbone", #""width":32"#, #""width":65536"#,
      "expected images of 1 to 65535 rows and columns and 178956970 pixels at most, found 32 x 65536"
    ),
    (
      "backbone", #""height":32"#, #""height":"32""#, "height: expected a whole number, found a string"
    ),
    ("backbone", #""height":32,"#, "", #"the key "height" is missing"#),
    (
      "backbone", "nearest", "nearby", "expected one of nearest, bilinear, "
    ),
    (
      "backbone", #""pooling":"none""#, #""pooling":"most""#,
      "expected a word that is known here, found 'most'"
    ),
    ("backbone", #""rgb""#, #""rbg""#, "expected channels in the order rgb or bgr, found 'rbg'"),
    ("labels", "noise", "circles", "expected a name for every class, found circles twice"),
    ("labels", "noise", "", "expected a name for every class, found one without a name"),
    ("labels", #","stripes""#, "", "expected 3 labels, found 2"),
    ("head", "8,8,4", "8,8,5", "expected"),
    ("head", #""version":1"#, #""version":3"#, "expected version 1 to 2, found 3"),
    ("head", #""units":3"#, #""units":4"#, "expected the shape"),
    ("history", "[0.3333333333333333,", "[", "expected"),
  ]

  @Test(arguments: changes)
  func everyFieldIsHeldAgainstWhatItMayBe(section: String, old: String, new: String, sentence: String) throws
  {
    try withTemporaryFolder { folder in
      do {
        _ = try model(folder, section) { $0.replacing(old, with: new, maxReplacements: 1) }
        Issue.record("\(section): \(new) is taken for good")
      } catch let error as ModelZooError {
        guard case .malformedSection(_, section, let reason) = error else { throw error }
        #expect(reason.contains(sentence), "\(reason)")
        #expect(error.family == .malformed && !reason.contains("Context"))
        // What cannot be loaded is not verified either, however whole its bytes.
        let found = ArchiveVerification(folder.appending(path: "changed.safetensors").path)
        guard found.verdict == .unfit,
          case .malformedSection(_, section, _)? = found.failure as? ModelZooError
        else { throw found.failure ?? error }
      }
    }
  }

  @Test func theEpochThatWasRestoredIsOneOfTheHistory() throws {
    try withTemporaryFolder { folder in
      let whole = try TrainedModel(contentsOf: Self.path)
      #expect(whole.history.restoredEpoch == nil && whole.history.final == whole.history.epochs.last)
      let restored = try model(folder, "restored_epoch") { _ in "1" }
      #expect(restored.history.restoredEpoch == 0 && restored.history.final == whole.history.epochs[0])
      let again = folder.appending(path: "again.safetensors").path
      try restored.save(to: again)
      #expect(try TrainedModel(contentsOf: again).history == restored.history)
      for text in ["0", "-1", "\(whole.history.epochs.count + 1)", "first", "99999999999999999999"] {
        let error = #expect(throws: ModelZooError.self) { try model(folder, "restored_epoch") { _ in text } }
        #expect(error?.description.contains("expected an epoch from 1 to ") == true, "\(text)")
      }
    }
  }

  /// Two classes that look alike are two where their bytes are not the same.
  @Test func classesThatLookAlikeAreTwo() throws {
    try withTemporaryFolder { folder in
      let (one, two) = ("\u{E9}t\u{E9}", "e\u{301}te\u{301}")
      let found = try model(folder, "labels") { _ in "[\"\(one)\",\"\(two)\",\"stripes\"]" }
      #expect(found.labels.map(\.utf8.count) == [5, 7, 7])
      let image = try Dataset(images: [Repository.fixture("trained-v1/picture.png")])
      #expect(try found.predict(image).predictions.first?.scores.count == 3)
      let error = #expect(throws: ModelZooError.self) {
        try model(folder, "labels") { _ in "[\"\(two)\",\"\(two)\",\"stripes\"]" }
      }
      #expect(error?.description.contains("found \(two) twice") == true, "\(error?.description ?? "")")
    }
  }

  @Test func aModelWithoutASectionSaysWhichIsMissing() throws {
    try withTemporaryFolder { folder in
      let error = #expect(throws: ModelZooError.self) { try model(folder, "labels") { _ in nil } }
      #expect(
        error?.description.hasSuffix(
          "section labels: expected a section of this name, found none; convert or train it again") == true
      )
    }
  }

  /// Behind the seal, every byte of every section.
  @Test(arguments: ["backbone", "labels", "head"])
  func everyChangeIsAnErrorOrRead(section: String) throws {
    let archive = try Archive(contentsOf: Self.path)
    var manifest = try #require(archive.manifest)
    let text = try #require(manifest.sections[section])
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "swept.safetensors").path
      let sweep = try Sweep(of: Array(text.utf8), sample: 61, maySayOtherwise: true) { bytes in
        manifest.sections[section] = String(decoding: bytes, as: UTF8.self)
        try ArchiveWriter.write(to: path, manifest: manifest, copying: archive)
        let model = try TrainedModel(contentsOf: path)
        #expect(model.backbone.recipe.preprocessing.mean.count == 3)
        return model.labels
      }
      #expect(sweep.errors > sweep.same)
    }
  }

  /// Before the seal: every byte of the file.
  @Test func noChangeGoesUnnoticed() throws {
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: Self.path)))
    let image = try Dataset(images: [Repository.fixture("trained-v1/picture.png")])
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "swept.safetensors")
      let sweep = try Sweep(of: bytes, sample: 499, maySayOtherwise: false) { bytes in
        try Data(bytes).write(to: file)
        return try TrainedModel(contentsOf: file.path).predict(image).predictions
      }
      #expect(sweep.errors > sweep.same && sweep.different == 0)
    }
  }
}
