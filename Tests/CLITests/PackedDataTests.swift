import CLI
import Foundation
import TestSupport
import Testing

/// Every verb that takes a folder of images takes an archive of it.
@Suite struct PackedDataTests {
  private func withPlace(_ body: (TrainingPlace) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let place = try TrainingPlace(folder)
      let files = try Packing.files(below: folder.appending(path: "images"), prefix: "images/")
      try Data(Packing.zip(files)).write(to: folder.appending(path: "images.zip"))
      try Data(Packing.tar(files)).write(to: folder.appending(path: "images.tar"))
      try body(place)
    }
  }

  private func train(_ place: TrainingPlace, _ data: String, _ model: String) -> Outcome {
    Outcome([
      "train", "--backbone", place.path("backbone.safetensors"), "--data", place.path(data), "--head",
      "dense(3, softmax)", "--size", "64", "--epochs", "2", "--validation-split", "0.34", "--seed", "3",
      "--no-report",
      "--no-cache", "--json", "-o", place.path(model),
    ])
  }

  @Test func trainEvaluatePredictAndExplain() throws {
    try withPlace { place in
      let (folder, archive) = (train(place, "images", "one"), train(place, "images.zip", "other"))
      try #require(folder.code == .success && archive.code == .success, "\(archive.errors)")
      #expect(archive.errors.contains("one folder is around all others; the images are those of"))
      for verb in [["evaluate"], ["predict", "--csv"]] {
        let words = { (data: String) in
          [verb[0], place.path("one"), place.path(data), "--no-cache"] + verb.dropFirst()
        }
        let wanted = Outcome(words("images"))
        try #require(wanted.code == .success && !wanted.output.isEmpty)
        for data in ["images.zip", "images.tar", "images.tar/images"] {
          #expect(Outcome(words(data)).output == wanted.output, "\(verb[0]) \(data)")
        }
      }
      let explain = { (image: String, output: String) in
        Outcome(["explain", place.path("one"), place.path(image), "-o", place.path(output)])
      }
      try #require(explain("images/noise/0000.png", "one.png").code == .success)
      let explained = explain("images.zip/images/noise/0000.png", "other.png")
      #expect(explained.output.hasPrefix(place.path("images.zip/images/noise/0000.png: ")))
      #expect(
        try Data(contentsOf: place.folder.appending(path: "one.png"))
          == Data(contentsOf: place.folder.appending(path: "other.png")))
      let clash = explain("images.zip/images/noise/0000.png", "images.zip")
      #expect(clash.code == .usage && clash.errors.contains("is the input"))
      #expect(explain("images.zip/images/noise/9.png", "none.png").code == .missing)
    }
  }

  @Test func featuresOfSeveralArchives() throws {
    try withPlace { place in
      let words = ["features", place.path("backbone.safetensors"), "--size", "64", "--no-cache"]
      let both = Outcome(
        words + [place.path("images.zip"), place.path("images.tar"), "-o", place.path("both.npy")])
      #expect(both.code == .success, "\(both.errors)")
      let table = try String(contentsOf: place.folder.appending(path: "both.npy.csv"), encoding: .utf8)
      let names = table.split(whereSeparator: \.isNewline).dropFirst()
      #expect(names.count == 30)
      #expect(names.first.map(String.init) == place.path("images.zip/images/circles/0000.png"))
      #expect(names.last.map(String.init) == place.path("images.tar/images/stripes/0004.png"))
      let clash = Outcome(words + [place.path("images.zip"), "-o", place.path("images.zip")])
      #expect(clash.code == .usage && clash.errors.contains("is the input"))
    }
  }

  @Test func anArchiveThatCannotBeReadIsSaid() throws {
    try withPlace { place in
      let bytes = try Data(contentsOf: place.folder.appending(path: "images.tar"))
      try bytes.prefix(5000).write(to: place.folder.appending(path: "cut.tar"))
      let outcome = train(place, "cut.tar", "model")
      #expect(outcome.code == .data && outcome.errors.contains("it is cut short"), "\(outcome.errors)")
    }
  }
}
