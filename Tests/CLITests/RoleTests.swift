import CLI
import Foundation
import ModelZoo
import TestSupport
import Testing

/// A file of one kind where another was expected is named for what it is, with the verb that takes it.
@Suite struct RoleTests {
  /// The kinds of files there are, each with its file and what is said of it.
  private static let kinds: [(role: FileRole, file: String, words: String)] = [
    (.image, "images/circles/0000.png", "an image: zoo predict"), (.folder, "images", "a folder: zoo train"),
    (.manifest, "list.csv", "a manifest: zoo train"),
    (.features, "f.npy", "features of images: zoo train --features"),
    (.features, "f.safetensors", "features of images: zoo train --features"),
    (.checkpoint, "saved.checkpoint", "a checkpoint: zoo model"),
    (.resumption, "tuned.checkpoint", "a checkpoint that only resumes its training"),
    (.archive, "backbone.safetensors", "an archive with a network: zoo train --backbone"),
    (.model, "model.safetensors", "a trained model: zoo predict"),
    (.weights, "weights.h5", "weights: zoo convert"),
    (.report, "model.html", "a page that zoo wrote: a browser"),
    (.packedImages, "images.zip", "images in an archive: "),
  ]

  /// Verbs that take a file, `@`, the kinds that they take, and those of which they have something better to say.
  private static let verbs: [(words: String, taken: Set<FileRole>)] = [
    ("features @ images -o o.npy", [.archive, .model]),
    ("bench @ --seconds 1", [.archive, .model]),
    ("audit images --backbone @", [.archive, .model]),
    ("choose --data images @", [.archive, .model]),
    ("train --backbone @ --data images --head linear -o o.safetensors", [.archive, .model]),
    ("train --from @ --data images --epochs 1 -o o.safetensors", [.archive, .model, .checkpoint]),
    ("predict @ images", [.archive, .model, .checkpoint]),
    ("evaluate @ images", [.archive, .model, .checkpoint]),
    ("explain @ images/circles/0000.png -o o.png", [.archive, .model, .checkpoint]),
    ("model @ -o o.safetensors", [.archive, .checkpoint]),
    ("export @ --to onnx -o o.onnx", [.archive, .model, .checkpoint]),
    ("convert @ -o o.safetensors", [.weights]),
    ("summary @", [.weights, .archive, .model, .checkpoint]),
    ("project @ -o o.svg", [.features]),
    ("evaluate model.safetensors @", [.folder, .manifest, .packedImages, .features]),
    ("audit @ --backbone backbone.safetensors", [.folder, .manifest, .packedImages, .features]),
    (
      "train --backbone backbone.safetensors --data @ --head linear -o o.safetensors",
      [.folder, .manifest, .packedImages]
    ),
    ("explain model.safetensors @ -o o.png", [.image]),
  ]

  private func prepare(_ folder: URL) throws -> TrainingPlace {
    let place = try TrainingPlace(folder)
    let (backbone, images) = (place.path("backbone.safetensors"), place.path("images"))
    let words = [
      [
        "train", "--backbone", backbone, "--data", images, "--size", "64", "--head", "linear", "--epochs",
        "1",
        "--no-cache", "--checkpoint", place.path("saved.checkpoint"), "-o", place.path("model.safetensors"),
      ],
      [
        "train", "--backbone", backbone, "--data", images, "--size", "64", "--head", "linear", "--epochs",
        "1", "--unfreeze-blocks", "1", "--no-report",
        "--no-cache", "--checkpoint", place.path("tuned.checkpoint"), "-o", place.path("tuned.safetensors"),
      ],
      ["features", backbone, images, "--size", "64", "--no-cache", "-o", place.path("f.npy")],
      ["features", backbone, images, "--size", "64", "--no-cache", "-o", place.path("f.safetensors")],
    ]
    for words in words {
      let outcome = Outcome(words)
      try #require(outcome.code == .success, "\(outcome.errors)")
    }
    try Data("filename,class\nimages/circles/0000.png,a\n".utf8).write(to: folder.appending(path: "list.csv"))
    let files = try Packing.files(below: folder.appending(path: "images"), prefix: "images/")
    try Data(Packing.zip(files)).write(to: folder.appending(path: "images.zip"))
    return place
  }

  @Test func everyKindIsNamedWhereAnotherWasExpected() throws {
    try withTemporaryFolder { folder in
      let place = try prepare(folder)
      for (role, file, sentence) in Self.kinds {
        #expect(FileRole(place.path(file)) == role, "\(file)")
        for (line, taken) in Self.verbs where !taken.contains(role) {
          let words = line.split(separator: " ").map { word in
            word == "@"
              ? place.path(file)
              : word.contains(#/^(images|model\.|backbone\.|o\.)/#) ? place.path("\(word)") : "\(word)"
          }
          let outcome = Outcome(words)
          #expect(outcome.code != .success && outcome.code != .bug, "\(words): \(outcome.errors)")
          let errors = outcome.errors
          #expect(
            errors.contains(sentence) || errors.contains("images in an archive: name one"),
            "\(words): \(errors)")
        }
      }
      #expect(FileRole(place.path("nothing")) == nil)
      let inspected = Outcome(["inspect", place.path("tuned.checkpoint")]).output
      #expect(inspected.contains("a checkpoint that only resumes its training (zoo train --resume)"))
      let refused = Outcome(["model", place.path("tuned.checkpoint"), "-o", place.path("o.safetensors")])
        .errors
      #expect(refused.contains("(zoo train --resume \(place.path("tuned.checkpoint")), with"), "\(refused)")
    }
  }

  @Test func whatIsInspectedAndVerifiedIsAnAnswer() throws {
    try withTemporaryFolder { folder in
      let place = try prepare(folder)
      for (_, file, _) in Self.kinds {
        #expect(Outcome(["inspect", place.path(file)]).code == .success)
        let verified = Outcome(["verify", place.path(file)])
        #expect(
          verified.code == .success || verified.code == .data || verified.code == .missing,
          "\(verified.errors)")
      }
      let inside = Outcome([
        "explain", place.path("model.safetensors"), place.path("images.zip/images/circles"),
      ])
      #expect(
        inside.errors.contains("it is a folder in an archive; name an image inside it"), "\(inside.errors)")
      let none = Outcome([
        "explain", place.path("model.safetensors"), place.path("images.zip/images/none.png"),
      ])
      #expect(none.errors.contains("no such file is in the archive"), "\(none.errors)")
    }
  }

  /// The archive of a checkpoint can be named, and nothing else takes one.
  @Test func theSummaryOfACheckpointFindsItsArchive() throws {
    try withTemporaryFolder { folder in
      let place = try prepare(folder)
      let elsewhere = place.path("elsewhere")
      try FileManager.default.createDirectory(atPath: elsewhere, withIntermediateDirectories: true)
      try FileManager.default.moveItem(
        atPath: place.path("backbone.safetensors"), toPath: elsewhere + "/other.safetensors")
      let lost = Outcome(["summary", place.path("saved.checkpoint")])
      #expect(lost.code == .missing && lost.errors.contains("(--backbone ARCHIVE)"), "\(lost.errors)")
      let found = Outcome([
        "summary", place.path("saved.checkpoint"), "--backbone", elsewhere + "/other.safetensors",
      ])
      #expect(found.code == .success, "\(found.errors)")
      #expect(found.output.contains("head/dense"))
      let model = Outcome([
        "summary", place.path("model.safetensors"), "--backbone", elsewhere + "/other.safetensors",
      ])
      #expect(model.code == .data && model.errors.contains("not a checkpoint"), "\(model.errors)")
      #expect(Outcome(["summary", "resnet50", "--backbone", "x"]).code == .usage)
    }
  }

  /// With `--quiet` every verb prints its answer, and nothing else.
  @Test func quietIsQuietEverywhere() throws {
    try withTemporaryFolder { folder in
      let place = try prepare(folder)
      let path = place.path
      let entry = Repository.root.appending(path: "zoo/squeezenet/model.json").path
      let lines: [[String]] = [
        ["list"], ["summary", "squeezenet"], ["inspect", path("weights.h5")],
        ["fetch", "mobilenet", "--offline", "-o", path("weights.h5")],
        ["convert", path("weights.h5"), "-o", path("again.safetensors")],
        ["verify", path("model.safetensors")],
        ["diff", path("weights.h5"), path("again.safetensors")],
        [
          "draft", Repository.fixture("architectures/sequential_keras3.json"), "--preprocessing", "tf",
        ],
        ["export", path("model.safetensors"), "--to", "onnx", "-o", path("q.onnx")],
        ["check", "squeezenet"], ["fmt", entry, "--check"], ["synthesize", "squeezenet", "-o", path("q.h5")],
        ["features", path("backbone.safetensors"), path("images"), "-o", path("q.npy"), "--no-cache"],
        [
          "features", path("backbone.safetensors"), path("images"), "-o", path("shards"), "--shard", "0/1",
          "--no-cache",
        ], ["merge", path("shards"), "-o", path("q.safetensors")],
        ["listing", path("images"), "-o", path("q.jsonl")],
        ["script", "parallel", "--shards", "2", "--", "features", "a", "b", "-o", "c"],
        [
          "choose", "--data", path("images"), path("backbone.safetensors"), "--folds", "3", "--strength", "1",
          "--no-cache",
        ],
        [
          "audit", path("images"), "--backbone", path("backbone.safetensors"),
          "--no-cache",
        ],
        [
          "train", "--backbone", path("backbone.safetensors"), "--data", path("images"), "--head", "linear",
          "--epochs", "1", "--no-cache", "-o", path("q.safetensors"),
        ], ["model", path("saved.checkpoint"), "-o", path("r.safetensors")],
        ["evaluate", path("model.safetensors"), path("images"), "--no-cache", "--include-training-images"],
        ["predict", path("model.safetensors"), path("images"), "--no-cache"],
        ["explain", path("model.safetensors"), path("images/circles/0000.png"), "-o", path("q.png")],
        ["project", path("f.npy"), "-o", path("q.svg")], ["cache", "--cache", path("cache")],
        ["bench", path("backbone.safetensors"), "--seconds", "1"], ["version"],
      ]
      #expect(Set(lines.map { $0[0] }) == Set(registeredCommands.map(\.name)))
      for line in lines {
        let outcome = Outcome(line + ["-q"])
        #expect(outcome.code == .success, "\(line): \(outcome.errors)")
        let said = outcome.errors.split(separator: "\n").filter { !$0.hasPrefix("warning: ") }
        #expect(said.isEmpty, "\(line): \(outcome.errors)")
      }
    }
  }

  /// Of files that nobody named none is replaced, unless it goes with one that is replaced.
  @Test func whatNobodyNamedIsNotReplaced() throws {
    try withTemporaryFolder { folder in
      let place = try prepare(folder)
      func train(_ model: String, _ more: String...) -> Outcome {
        Outcome(
          [
            "train", "--backbone", place.path("backbone.safetensors"), "--data", place.path("images"),
            "--size", "64",
            "--head", "linear", "--epochs", "1", "--no-cache", "-o", place.path(model),
          ] + more)
      }
      #expect(train("model.safetensors").code == .success, "its own report is replaced with the model")
      let mine = Data("mine".utf8)
      for name in ["new.html", "g.npy.csv"] { try mine.write(to: folder.appending(path: name)) }
      let refused = train("new.safetensors")
      #expect(
        refused.code == .usage
          && refused.errors.contains("--report: \(place.path("new.html")) is there already"))
      func features(_ output: String) -> Outcome {
        Outcome([
          "features", place.path("backbone.safetensors"), place.path("images"), "--size", "64", "--no-cache",
          "-o",
          place.path(output),
        ])
      }
      #expect(features("g.npy").code == .usage && features("f.npy").code == .success)
      let shard = [
        "features", place.path("backbone.safetensors"), place.path("images"), "--size", "64", "--no-cache",
        "--shard", "0/1",
      ]
      #expect(Outcome(shard + ["-o", place.path("shards")]).code == .success)
      let merged = Outcome(["merge", place.path("shards"), "-o", place.path("g.npy")])
      #expect(
        merged.code == .usage && merged.errors.contains("g.npy.csv is there already"), "\(merged.errors)")
      for name in ["new.html", "g.npy.csv"] {
        #expect(try Data(contentsOf: folder.appending(path: name)) == mine)
      }
      #expect(train("new.safetensors", "--report", place.path("new.html")).code == .success)
    }
  }
}
