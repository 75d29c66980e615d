import CLI
import Foundation
import TestSupport
import Testing

/// What is said of files with strange names and contents.
@Suite struct DamagedFeaturesTests {
  /// A damaged file of features is no folder of images.
  @Test func aFileThatIsCutShortIsSaidToBeThat() throws {
    try withTemporaryFolder { folder in
      let place = try TrainingPlace(folder)
      let path = place.path("cut.safetensors")
      let words = [place.path("backbone.safetensors"), place.path("images"), "--size", "64", "--no-cache"]
      #expect(Outcome(["features"] + words + ["-o", path]).code == .success)
      let whole = try Data(contentsOf: URL(fileURLWithPath: path))
      try whole.prefix(whole.count - 20).write(to: URL(fileURLWithPath: path))
      let expected = Outcome([
        "train", "--features", path, "--backbone", place.path("backbone.safetensors"), "--head", "linear",
        "-o", place.path("m.zoo.safetensors"),
      ])
      #expect(expected.code == .data && expected.errors.hasPrefix("error: \(path): "), "\(expected)")
      for words in [["audit", path], ["project", path, "-o", place.path("p.svg")]] {
        let outcome = Outcome(words)
        #expect(outcome.code == .data && outcome.errors == expected.errors, "\(words): \(outcome)")
      }
    }
  }

  /// A name is on one line, whatever is in it.
  @Test func lineBreaksOfNamesAreEscaped() throws {
    try withTemporaryFolder { folder in
      let place = try TrainingPlace(folder)
      try Data("no image".utf8).write(to: folder.appending(path: "images/noise/two\nerror: lines.png"))
      let words = ["features", place.path("backbone.safetensors"), place.path("images"), "--size", "64"]
      let outcome = Outcome(words + ["--no-cache", "-o", place.path("a.npy")])
      #expect(outcome.code == .success && outcome.errors.contains("two\\u{A}error: lines.png"), "\(outcome)")
      #expect(!outcome.errors.split(separator: "\n").contains { $0.hasPrefix("error:") })
      for words in [["list", "--zoo", place.path("no\nsuch")], ["inspect", place.path("no\nsuch")]] {
        let missing = Outcome(words)
        #expect(missing.code == .missing && missing.errors.contains("no\\u{A}such"), "\(missing)")
      }
      let entry = folder.appending(path: "zoo/a\nb")
      try FileManager.default.createDirectory(at: entry, withIntermediateDirectories: true)
      try Data("{}".utf8).write(to: entry.appending(path: "model.json"))
      let listed = Outcome(["list", "--zoo", place.path("zoo")])
      #expect(listed.code == .data && listed.errors.contains("a\\u{A}b"), "\(listed)")
      #expect(!listed.errors.contains("a\nb"), "\(listed)")
    }
  }
}
