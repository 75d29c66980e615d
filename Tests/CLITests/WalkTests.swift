import CLI
import Foundation
import TestSupport
import Testing

/// The verbs in the order of the walk, on small images: what they say, and what they refuse.
@Suite struct WalkTests {
  /// A folder with a weight file, its archive and generated images.
  private struct Place {
    let folder: URL

    init(_ folder: URL) throws {
      self.folder = folder
      let steps = [
        ["synthesize", "squeezenet", "-o", path("weights.h5")],
        ["convert", path("weights.h5"), "-o", path("backbone.safetensors")],
        ["synthesize", "images", "--count", "4", "-o", path("images")],
      ]
      for words in steps {
        let outcome = Outcome(words)
        try #require(outcome.code == .success, "\(outcome.errors)")
      }
    }

    func path(_ name: String) -> String { folder.appending(path: name).path }

    func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }

    /// `zoo train` on a terminal.
    func watch(_ more: String..., environment: [String: String] = [:]) -> Outcome {
      let words = [
        "train", "--backbone", path("backbone.safetensors"), "--data", path("images"), "--head",
        "dense(3, softmax)", "--size", "64", "--epochs", "2", "--no-report", "-o", path("model.safetensors"),
      ]
      return Outcome(words + more, isTerminal: true, environment: environment)
    }

    func train(_ more: String..., head: String = "dense(3, softmax)") -> Outcome {
      let fixed = [
        "train", "--backbone", path("backbone.safetensors"), "--data", path("images"), "--head", head,
        "--size", "64", "--epochs", "2",
      ]
      return Outcome(fixed + more)
    }
  }

  private func withPlace(_ body: (Place) throws -> Void) throws {
    try withTemporaryFolder { try body(Place($0)) }
  }

  @Test func trainsAndSaysWhatItDid() throws {
    try withPlace { place in
      let outcome = place.train("--validation-split", "0.25", "-o", place.path("model.safetensors"))
      #expect(outcome.code == .success, "\(outcome.errors)")
      let lines = outcome.output.split(separator: "\n")
      #expect(
        lines.prefix(3) == [
          "Found 12 images belonging to 3 classes.", "Using 9 images for training.",
          "Using 3 images for validation.",
        ])
      let last = try #require(lines.dropLast().last)
      #expect(last.contains("squeezenet, dense(3, softmax), 3 classes, 2 epochs, val_accuracy "))
      let inspected = Outcome(["inspect", place.path("model.safetensors")]).output
      #expect(inspected.contains("  a trained model: dense(3, softmax), 3 classes, 2 epochs, val_accuracy "))
      #expect(inspected.contains("  classes: circles, noise, stripes\n"))
    }
  }

  /// Whatever is said of a model is said of the head that it has.
  @Test func saysWhichEpochWasRestored() throws {
    try withPlace { place in
      let outcome = place.train(
        "--validation-split", "0.25", "--learning-rate", "1e-9", "--monitor", "val_accuracy",
        "--early-stopping",
        "9", "--restore-best", "-o", place.path("model.safetensors"))
      #expect(outcome.code == .success, "\(outcome.errors)")
      let words = "2 epochs, of which epoch 1 was restored, val_accuracy "
      #expect(outcome.output.contains(words), "\(outcome.output)")
      #expect(Outcome(["inspect", place.path("model.safetensors")]).output.contains(words))
      let page = try String(contentsOfFile: place.path("model.html"), encoding: .utf8)
      #expect(page.contains("The head of epoch 1, the best one, was restored; these are its numbers."))
    }
  }

  @Test func showsATrainingLiveWhereSomebodyWatches() throws {
    try withPlace { place in
      let live = #/\rEpoch 1/2 .*1/1 - .*loss: \d+\.\d{4}/#
      #expect(place.watch().errors.contains(live))
      let plain = [
        place.watch("--verbose", "2"), place.watch(environment: ["NO_COLOR": "1"]),
        place.train("--no-report", "-o", place.path("model.safetensors")),
      ]
      for outcome in plain {
        #expect(!outcome.errors.contains(live))
        #expect(outcome.output.contains(#/Epoch 2/2\n1/1 - 0s - \d+.?s/step - accuracy: .* - loss: /#))
      }
      #expect(!place.watch("--verbose", "0").output.contains("Epoch"))
      let bar = #/Epoch 2/2\n\r\x1b\[1m1/1\x1b\[0m \x1b\[32m━{20}\x1b\[0m\x1b\[37m\x1b\[0m .* - accuracy: /#
      #expect(place.watch("--verbose", "1").output.contains(bar))
      #expect(!place.watch("--verbose", "1").errors.contains(live))
      #expect(place.watch("--verbose", "1", "--json").errors.contains(bar))
      let uncoloured = place.watch("--verbose", "1", environment: ["NO_COLOR": "1"]).output
      #expect(
        uncoloured.contains(#/Epoch 2/2\n\r1/1 ━{20} .* - accuracy: /#) && !uncoloured.contains("\u{1B}"))
      let piped = place.train("--verbose", "1", "--no-report", "-o", place.path("model.safetensors")).output
      #expect(piped.contains(#/Epoch 2/2\n1/1 ━{20} .* - accuracy: /#))
      #expect(!piped.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
    }
  }

  @Test func writesLogsCheckpointsAndMistakes() throws {
    try withPlace { place in
      let outcome = place.train(
        "--no-report", "-o", place.path("model.safetensors"), "--csv-log", place.path("log.csv"),
        "--tensorboard", place.path("board"), "--checkpoint", place.path("some/{epoch:02d}.checkpoint"),
        "--stop-at-accuracy", "1", "--reduce-lr-on-plateau", "1")
      #expect(outcome.code == .success, "\(outcome.errors)")
      #expect(try String(contentsOfFile: place.path("log.csv"), encoding: .utf8).hasPrefix("epoch,accuracy,"))
      #expect(place.exists("some/01.checkpoint") && place.exists("board/train"))
      let again = place.train(
        "--no-report", "-o", place.path("again.safetensors"), "--stop-at-accuracy", "1",
        "--reduce-lr-on-plateau", "1", "--resume", place.path("some/01.checkpoint"))
      #expect(again.errors.contains("resuming after 1 epoch\n"))
      let models = ["model.safetensors", "again.safetensors"].map { place.path($0) }
      let contents = try models.map { try Data(contentsOf: URL(fileURLWithPath: $0)) }
      #expect(contents[0] == contents[1])
    }
  }

  @Test(arguments: [
    ("--restore-best", "needs --early-stopping"), ("--reduce-lr-factor 0.5", "needs --reduce-lr"),
    ("--checkpoint-best", "need --checkpoint"), ("--checkpoint-every 2", "need --checkpoint"),
    ("--fit lbfgs --early-stopping 3", "needs --fit epochs"),
    ("--fit lbfgs --csv-log x", "needs --fit epochs"),
    ("--fit lbfgs --checkpoint x", "need --fit epochs"), ("--fit lbfgs --verbose 1", "needs --fit epochs"),
    ("--min-delta 0.1", "--min-delta: needs --early-stopping or"),
    ("--min-delta 0.1 --stop-at-accuracy 0.5", "--min-delta: needs --early-stopping or"),
    ("--monitor accuracy", "--monitor: needs --early-stopping, "),
    ("--baseline 0.5", "--baseline: needs --early-stopping; add it"),
    ("--start-from-epoch 2", "--start-from-epoch: needs --early-stopping; add it"),
    (
      "--epochs 5 --early-stopping 1 --start-from-epoch 5",
      "--start-from-epoch: expected fewer than the 5 epochs, found 5"
    ),
    ("--reduce-lr-cooldown 2", "--reduce-lr-cooldown: needs --reduce-lr-on-plateau; add it"),
    ("--min-lr 0.1", "--min-lr: needs --reduce-lr-on-plateau; add it"),
    (
      "--reduce-lr-on-plateau 1 --min-lr 0.001",
      "--min-lr: expected less than the learning rate 0.001, found 0.001"
    ),
    (
      "--early-stopping 1 --monitor val_los --validation-split 0.5",
      "--monitor: expected one of accuracy, loss, val_accuracy, val_loss, found val_los; did you mean val_loss?"
    ),
    (
      "--reduce-lr-on-plateau 1 --monitor val_auc",
      "--monitor: expected one of accuracy, loss, found val_auc; give validation images or another name"
    ),
    (
      "--checkpoint c --checkpoint-best --monitor precision --metrics recall",
      "--monitor: expected one of loss, recall, found precision"
    ),
    ("--stop-at-accuracy 0.9 --metrics auc", "--monitor: expected one of auc, loss, found accuracy"),
    ("--csv-log model", "is also written by --output; name another file"),
    ("--checkpoint model", "is also written by --output; name another file"),
  ])
  func refusesWhatDoesNotBelongTogether(_ words: String, _ sentence: String) throws {
    try withTemporaryFolder { folder in
      let images = folder.appending(path: "images").path
      try #require(Outcome(["synthesize", "images", "--count", "2", "-o", images]).code == .success)
      let model = folder.appending(path: "model").path
      let more = words.split(separator: " ").map { $0 == "model" ? model : String($0) }
      let outcome = Outcome(
        ["train", "--backbone", "absent", "--data", images, "--head", "linear", "-o", model] + more)
      #expect(outcome.code == .usage)
      #expect(outcome.errors.contains(sentence), "\(outcome.errors)")
    }
  }

  /// The accuracy of the training may be what counts, validation or not, as in a callback of one's own.
  @Test func stopsAtTheAccuracyThatIsNamed() throws {
    try withPlace { place in
      func stop(_ monitor: String) -> Outcome {
        place.train(
          "--no-report", "--validation-split", "0.25", "--metrics", "auc", "--stop-at-accuracy", "0.5",
          "--monitor", monitor, "-o", place.path("model.safetensors"))
      }
      #expect(stop("accuracy").errors.contains("found accuracy"))
      #expect(stop("val_loss").errors.contains("found val_accuracy"))
      #expect(stop("val_auc").code == .success)
    }
  }

  @Test func tellsMachinesWhatWasTrained() throws {
    struct Answer: Decodable {
      var labels: [String]
      var epochs: Int
      var history: [String: [Double]]
    }
    try withPlace { place in
      let outcome = place.train("--json", "-o", place.path("model.safetensors"))
      let answer = try JSONDecoder().decode(Answer.self, from: Data(outcome.output.utf8))
      #expect(answer.labels == ["circles", "noise", "stripes"])
      #expect(answer.epochs == 2 && answer.history["loss"]?.count == 2)
      #expect(outcome.errors.contains("Found 12 images belonging to 3 classes."))
    }
  }

  @Test func refusesAnOutputBeforeTheWork() throws {
    try withPlace { place in
      let outcome = place.train("-o", place.path("absent/model.safetensors"))
      #expect(outcome.code == .missing)
      #expect(outcome.output == "" && outcome.errors.contains("make the folder first"))
    }
  }

  /// Before features are computed, which may take hours.
  @Test(arguments: ["--csv-log", "--tensorboard", "--plots", "--report", "--checkpoint"])
  func refusesEveryOtherOutputBeforeTheWork(option: String) throws {
    try withPlace { place in
      try Data("x".utf8).write(to: place.folder.appending(path: "file"))
      let outcome = place.train("-o", place.path("model.safetensors"), option, place.path("file/inside"))
      #expect(outcome.code == .missing)
      #expect(outcome.errors.contains("/file") && outcome.errors.contains(": cannot be written: a "))
      #expect(!outcome.errors.contains("Features") && !outcome.output.contains("Epoch"))
      #expect(!place.exists("model.safetensors"))
    }
  }

  @Test func warnsOfAClassWithoutImages() throws {
    try withPlace { place in
      try FileManager.default.createDirectory(
        atPath: place.path("images/void"), withIntermediateDirectories: true)
      let outcome = place.train("-o", place.path("model.safetensors"), head: "dense(4, softmax)")
      #expect(outcome.code == .success)
      #expect(
        outcome.errors.contains("class void has no images, so the head cannot learn it; remove the folder"))
    }
  }

  @Test func refusesASplitThatLeavesNothing() throws {
    try withPlace { place in
      let outcome = place.train("--validation-split", "0.1", "-o", place.path("model.safetensors"))
      #expect(outcome.code == .data)
      #expect(
        outcome.errors.contains(
          "a validation split of 0.1 of each class leaves no image for validation; found 12 in all"))
      #expect(!place.exists("model.safetensors"))
    }
  }

  @Test func neverWritesOverWhatItReads() throws {
    try withPlace { place in
      let (weights, archive) = (place.path("weights.h5"), place.path("backbone.safetensors"))
      let link = place.path("link.safetensors")
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: archive)
      for words in [
        ["convert", weights, "-o", weights], ["features", archive, place.path("images"), "-o", link],
      ] {
        let outcome = Outcome(words)
        #expect(outcome.code == .usage)
        #expect(outcome.errors.contains("; name another file"), "\(outcome.errors)")
      }
      #expect(Outcome(["verify", archive]).code == .success)
    }
  }

  @Test func imagesThatAreNotThereAreAnError() throws {
    try withPlace { place in
      let archive = place.path("backbone.safetensors")
      let absent = Outcome(["features", archive, place.path("absent.png"), "-o", place.path("f.npy")])
      #expect(absent.code == .missing)
      #expect(absent.errors.contains("absent.png: cannot be read: no such file or folder; check the path"))
      try Data("text".utf8).write(to: place.folder.appending(path: "text.png"))
      let unreadable = Outcome([
        "features", archive, place.path("text.png"), "-o", place.path("f.npy"), "--size", "64",
      ])
      #expect(unreadable.code == .data)
      #expect(unreadable.errors.contains("expected at least one that can be read, found none among 1"))
      #expect(!place.exists("f.npy") && !place.exists("f.npy.csv"))
    }
  }

  @Test func takesOneKindOfFileForNoOther() throws {
    try withPlace { place in
      let (weights, archive) = (place.path("weights.h5"), place.path("backbone.safetensors"))
      for words in [["features", weights, archive, "-o", place.path("f.npy")], ["verify", weights]] {
        let outcome = Outcome(words)
        #expect(outcome.code == .data)
        #expect(outcome.errors.contains("found an HDF5 file; convert it first"), "\(outcome.errors)")
      }
      let converted = Outcome(["convert", archive, "-o", place.path("again.safetensors")])
      #expect(converted.code == .data && converted.errors.contains("there is nothing to convert"))
      let absent = Outcome(["summary", place.path("absent.h5")])
      #expect(absent.code == .missing && absent.errors.contains("absent.h5: cannot be read: no such file"))
      #expect(Outcome(["predict", archive, "--csv", "--json", weights]).code == .usage)
    }
  }

  @Test func explainsAnImage() throws {
    try withPlace { place in
      let (model, why) = (place.path("model.safetensors"), place.path("why.png"))
      #expect(place.train("-o", model).code == .success)
      let image = place.path("images/noise/0001.png")
      let outcome = Outcome(["explain", model, image, "--class", "noise", "-o", why])
      #expect(outcome.code == .success, "\(outcome.errors)")
      #expect(outcome.output.hasPrefix("\(image): "))
      #expect(outcome.output.hasSuffix("\(why): evidence for noise\n"))
      #expect(place.exists("why.png"))
      let json = Outcome(["explain", model, image, "--json", "-o", why])
      #expect(json.output.contains("\"heat\": [\n") && json.output.contains("\"class\": "))
      let unknown = Outcome(["explain", model, image, "--class", "cats", "-o", why])
      #expect(unknown.code == .missing)
      #expect(unknown.errors.contains("class cats: not a class of the model"))
      #expect(Outcome(["explain", model, image, "-o", image]).code == .usage)
      let (other, page) = (place.path("images/circles/0001.png"), place.path("why.html"))
      let several = Outcome(["explain", model, image, other, "-o", page])
      #expect(several.code == .success, "\(several.errors)")
      let text = try String(contentsOfFile: page, encoding: .utf8)
      #expect(text.components(separatedBy: "data:image/png;base64,").count - 1 == 6)
      #expect(text.contains("Evidence for ") && text.contains("the scale of the evidence"))
      let noPage = Outcome(["explain", model, image, other, "-o", why])
      #expect(noPage.code == .usage && noPage.errors.contains("2 images make a page"))
      #expect(Outcome(["explain", model, image, other, "--json", "-o", page]).output.hasPrefix("[\n"))
    }
  }

  @Test func projectsFeatures() throws {
    try withPlace { place in
      let features = place.path("features.npy")
      let words = [
        "features", place.path("backbone.safetensors"), place.path("images"), "--size", "64", "-o",
      ]
      #expect(Outcome(words + [features]).code == .success)
      for (method, name) in [("pca", "a.svg"), ("tsne", "a.csv"), ("pca", "a.json")] {
        let outcome = Outcome(["project", features, "--method", method, "-o", place.path(name)])
        #expect(outcome.code == .success, "\(outcome.errors)")
        #expect(outcome.output.contains(" of 12 images, 3 classes, "))
        #expect(place.exists(name))
      }
      let table = try String(contentsOfFile: place.path("a.csv"), encoding: .utf8)
      #expect(table.hasPrefix("file,class,x,y\r\ncircles/0000.png,circles,"))
      #expect(table.split(separator: "\r\n").count == 13)
      #expect(Outcome(["project", features, "-o", place.path("a.gif")]).code == .usage)
      #expect(Outcome(["project", features, "--perplexity", "5", "-o", place.path("a.svg")]).code == .usage)
      let tooMany = [
        "project", features, "--method", "tsne", "--perplexity", "12", "-o", place.path("a.svg"),
      ]
      #expect(Outcome(tooMany).code == .data)
      #expect(Outcome(["project", features, "-o", features + ".csv"]).code == .usage)
    }
  }
}
