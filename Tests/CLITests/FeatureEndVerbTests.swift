import CLI
import Foundation
import TestSupport
import Testing

/// Where features end, as `convert`, `summary`, `predict` and `features` say it, with the options that help.
@Suite struct FeatureEndVerbTests {
  private static func file(_ name: String) -> String { Repository.fixture("ends/\(name).keras.gz") }

  /// A guess is a warning that names the layer of the other side, which `--layer` takes.
  @Test func theOtherSideOfAGuessIsAnOptionAway() throws {
    try withTemporaryFolder { folder in
      let archive = folder.appending(path: "a.zoo.safetensors").path
      let file = Self.file("raised_bare")
      let guess = Outcome(["convert", file, "-o", archive, "--quiet"])
      #expect(guess.code == .success && guess.errors.hasPrefix("warning: \(file): classes: "))
      #expect(guess.errors.hasSuffix("; without classes, up_sampling2d_1, pool (otherwise: --layer pool)\n"))
      for verb in [["inspect", file], ["summary", file]] {
        let found = Outcome(verb)
        #expect((found.output + found.errors).contains("(otherwise: --layer pool)"), "\(verb[0])")
      }
      let other = Outcome(["convert", file, "-o", archive, "--layer", "pool", "--quiet"])
      #expect(other.code == .success && other.errors == "")
      #expect(other.output.contains("  - features are those of pool, (4,), as asked\n"))
      let summary = Outcome(["summary", archive, "--style", "compact"])
      #expect(summary.output.contains("pool             GlobalAveragePooling2D"))
    }
  }

  @Test func whatCannotBeDoneSaysWhatCan() throws {
    try withTemporaryFolder { folder in
      let archive = folder.appending(path: "a.zoo.safetensors").path
      func refusal(_ words: [String], _ code: Int32) -> String {
        let outcome = Outcome(words)
        #expect(outcome.code.rawValue == code, "\(words): \(outcome.errors)")
        return outcome.errors
      }
      let top = refusal(["convert", Self.file("image"), "--drop-top", "-o", archive], 69)
      #expect(top.contains("found none") && top.contains("(--layer NAME; "))
      try #require(Outcome(["convert", Self.file("embedding"), "-o", archive, "--quiet"]).code == .success)
      let image = folder.appending(path: "image.ppm")
      try Data("P6 1 1 255\n123".utf8).write(to: image)
      let features = ["features", archive, image.path, "-o", folder.appending(path: "f.npy").path]
      #expect(refusal(features + ["--layer", "dense"], 65).contains("(zoo convert FILE --layer dense)"))
      try #require(Outcome(["convert", Self.file("joined"), "-o", archive, "--quiet"]).code == .success)
      let scores = refusal(["predict", archive, image.path], 65)
      #expect(
        scores.contains("may be scores or features") && scores.contains("zoo convert FILE --labels NAMES"))
      #expect(Outcome(features).code == .success)
    }
  }

  /// Weights alone with a classifier need the architecture, or to do without.
  @Test func aClassifierWithoutAnArchitectureNeedsOne() throws {
    try withTemporaryFolder { folder in
      let forms = { (name: String) in Repository.fixture("keras-forms/\(name)") }
      let zoo = folder.appending(path: "zoo/small")
      try FileManager.default.createDirectory(at: zoo, withIntermediateDirectories: true)
      let entry = zoo.appending(path: "model.json").path
      let draft = ["draft", forms("backbone.json"), "--preprocessing", "none", "-o", entry]
      try #require(Outcome(draft).code == .success)
      let convert = [
        "convert", forms("classifier-3.15.weights.h5.gz"), "--zoo", folder.appending(path: "zoo").path, "-o",
        folder.appending(path: "a.zoo.safetensors").path,
      ]
      let alone = Outcome(convert)
      #expect(
        alone.code.rawValue == 65 && alone.errors.contains("has small and, in addition, the layer classes"))
      #expect(
        alone.errors.contains(
          "(--architecture MODEL.json, from Keras's model.to_json(); --drop-top leaves them out)"))
      for words in [["--architecture", forms("classifier.json")], ["--drop-top"]] {
        #expect(Outcome(convert + words).code == .success, "\(words)")
      }
    }
  }

  /// Weights alone of a network with `pooling="max"` list the layer, and features are pooled so: Keras's.
  @Test(
    arguments: ["max", "avg"], [[".weights.h5"], [".h5"], ["-inside.weights.h5", "--drop-top"]])
  func featuresArePooledAsTheFileListsIt(pooling: String, form: [String]) throws {
    try withTemporaryFolder { folder in
      let zoo = folder.appending(path: "zoo/small")
      try FileManager.default.createDirectory(at: zoo, withIntermediateDirectories: true)
      let entry = zoo.appending(path: "model.json").path
      let backbone = Repository.fixture("keras-forms/backbone.json")
      try #require(Outcome(["draft", backbone, "--preprocessing", "none", "-o", entry]).code == .success)
      let archive = folder.appending(path: "a.zoo.safetensors").path
      let file = Repository.fixture("ends/pooled-\(pooling)\(form[0]).gz")
      let converted = Outcome(
        ["convert", file, "-o", archive, "--zoo", folder.appending(path: "zoo").path] + form.dropFirst())
      #expect(converted.code == .success, "\(converted.errors)")
      #expect(converted.output.contains("features are pooled by '\(pooling)'"), "\(converted.output)")
      let (image, output) = (folder.appending(path: "i.ppm"), folder.appending(path: "f.npy"))
      try Self.image.write(to: image)
      let features = Outcome(["features", archive, image.path, "-o", output.path, "--no-cache"])
      try #require(features.code == .success, "\(features.errors)")
      let text = try Data(contentsOf: URL(fileURLWithPath: Repository.fixture("ends/pooled.json")))
      let wanted = try #require(JSONDecoder().decode([String: [Float]].self, from: text)[pooling])
      let closeness = Closeness(Self.floats(try Data(contentsOf: output), wanted.count), wanted)
      #expect(closeness.isWithin(.features), "\(closeness)")
    }
  }

  /// The image of the fixtures, 16 by 16 pixels.
  private static let image: Data = {
    let pixels = (0..<16 * 16 * 3).map { index in
      let (row, column, channel) = (index / 48, index / 3 % 16, index % 3)
      return UInt8((37 * row + 11 * column + 71 * channel + row * column) % 256)
    }
    return Data("P6 16 16 255\n".utf8) + pixels
  }()

  /// The last numbers of a file.
  private static func floats(_ data: Data, _ count: Int) -> [Float] {
    let bytes = Array(data.suffix(4 * count))
    return (0..<bytes.count / 4).map { index in
      Float(bitPattern: bytes[4 * index..<4 * index + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) })
    }
  }
}
