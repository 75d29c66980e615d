import CLI
import Foundation
import ModelZoo
import TestSupport
import Testing

/// The flags that say where images are and what they are.
@Suite struct DataFlagTests {
  private func withPlace(_ body: (TrainingPlace) throws -> Void) throws {
    try withTemporaryFolder { try body(TrainingPlace($0)) }
  }

  @Test func aSubsetOfKerasSplit() throws {
    try withPlace { place in
      let lines = try place.features(
        "--validation-split", "0.4", "--split", "generator", "--subset", "validation", "--classes",
        "stripes,circles")
      #expect(
        lines == [
          "file,label,class", "stripes/0000.png,0,stripes", "stripes/0001.png,0,stripes",
          "circles/0000.png,1,circles", "circles/0001.png,1,circles",
        ])
      #expect(try place.features("--class-mode", "none").first == "file")
      let alone = Outcome([
        "features", place.path("backbone.safetensors"), "x", "--subset", "training", "-o", "f.npy",
      ])
      #expect(
        alone.code == .usage && alone.errors.contains("--subset: needs --validation-split, the fraction"))
    }
  }

  /// A mistyped output may not cost the weights, nor the list of images.
  @Test func aModelDoesNotTakeThePlaceOfWhatItIsTrainedFrom() throws {
    try withPlace { place in
      let before = try Data(contentsOf: URL(fileURLWithPath: place.path("backbone.safetensors")))
      let outcome = Outcome([
        "train", "--backbone", place.path("backbone.safetensors"), "--data", place.path("images"), "--head",
        "linear", "-o", place.path("./backbone.safetensors"),
      ])
      #expect(outcome.code == .usage && outcome.errors.contains("; name another file"))
      #expect(try Data(contentsOf: URL(fileURLWithPath: place.path("backbone.safetensors"))) == before)
    }
  }

  /// The head alone would take half a terabyte.
  @Test func aHeadOfOtherOutputsIsRefusedBeforeItIsMade() throws {
    try withPlace { place in
      let outcome = place.train("images", head: "dense(268435456, softmax)")
      #expect(outcome.code == .data && outcome.errors.contains("found a last layer with 268435456 outputs"))
    }
  }

  @Test func premadeFoldersAreUsedAsTheyAre() throws {
    try withPlace { place in
      for part in ["train", "val", "test"] {
        try FileManager.default.createDirectory(
          atPath: place.path("set"), withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: place.path("images"), toPath: place.path("set/\(part)"))
      }
      let outcome = place.train("set")
      #expect(outcome.code == .success, "\(outcome.errors)")
      let lines = outcome.output.split(separator: "\n")
      #expect(lines.filter { $0 == "Found 15 images belonging to 3 classes." }.count == 3)
      #expect(lines.contains { $0.hasPrefix("test_accuracy: ") && $0.contains(" - test_loss: ") })
      #expect(outcome.errors.contains("its folders are parts of a data set"))
      for part in ["validation", "test"] {
        let sentence = "15 of 15 \(part) images are copies of training images"
        #expect(outcome.errors.contains(sentence), "\(outcome.errors)")
      }
      #expect(place.train("set", "--validation-split", "0.2").code == .usage)
    }
  }

  /// The tutorials' test folders hold images of unknown classes, in one sub-folder or in none.
  @Test(arguments: ["test/unknown", "test"])
  func testImagesWithoutClassesAreNotMeasured(unknown: String) throws {
    try withPlace { place in
      try FileManager.default.createDirectory(
        atPath: place.path("set/test"), withIntermediateDirectories: true)
      for part in ["train", "val"] {
        try FileManager.default.copyItem(atPath: place.path("images"), toPath: place.path("set/\(part)"))
      }
      let target = place.path("set/\(unknown)")
      try? FileManager.default.removeItem(atPath: target)
      try FileManager.default.copyItem(atPath: place.path("images/circles"), toPath: target)
      let outcome = place.train("set")
      #expect(outcome.code == .success, "\(outcome.errors)")
      #expect(
        outcome.errors.contains("set/test: not evaluated, because its classes are not those of the training"))
      let asked = place.train("images", "--test-data", place.path("set/test"))
      #expect(asked.code == .data && asked.errors.contains("need the same classes"))
      #expect(!asked.output.contains("Epoch"))
    }
  }

  @Test func aManifestNamesImagesAndClasses() throws {
    try withPlace { place in
      let rows = (0..<5).flatMap { ["circles/000\($0).png,round", "stripes/000\($0).png,straight"] }
      let text = (["image,kind"] + rows + ["gone.png,round"]).joined(separator: "\n")
      try Data(text.utf8).write(to: place.folder.appending(path: "list.csv"))
      let outcome = place.train(
        "list.csv", "--x-col", "image", "--y-col", "kind", "--directory", place.path("images"),
        "--class-mode", "binary", "--color-mode", "grayscale", "--keep-aspect-ratio",
        head: "dense(1, sigmoid)")
      #expect(outcome.code == .success, "\(outcome.errors)")
      #expect(outcome.output.hasPrefix("Found 10 images belonging to 2 classes.\n"))
      #expect(
        outcome.errors.contains(
          "left out 1 of 11 rows, whose files are missing or no images; the first is gone.png; tried \(place.path("images/gone.png"))"
        ))
      let refused = place.train("images", "--sep", ";")
      #expect(refused.code == .usage && refused.errors.contains("--sep: needs a manifest"))
      let wrong = place.train("list.csv", "--sep", "ab")
      #expect(wrong.code == .usage && wrong.errors.contains("expected one character, such as ; or |, or tab"))
      let predicted = Outcome(["predict", place.path("model.safetensors"), place.path("images/circles")])
      #expect(predicted.code == .success && predicted.output.contains("straight"))
    }
  }

  /// In a step along the gradient, twice the weight is twice the learning rate, to the bit.
  @Test func aManifestWeighsImages() throws {
    try withPlace { place in
      let names = (0..<5).flatMap { number in ["circles", "stripes"].map { ("\($0)/000\(number).png", $0) } }
      func list(_ weight: (String) -> String) throws {
        let rows = names.map { "\($0.0),\($0.1),\(weight($0.1))" }
        let text = (["filename,class,w"] + rows).joined(separator: "\n")
        try Data(text.utf8).write(to: place.folder.appending(path: "list.csv"))
      }
      func probabilities(_ rate: String, _ more: [String]) throws -> (lines: String, said: String) {
        let words = [
          "train", "--backbone", place.path("backbone.safetensors"), "--data", place.path("list.csv"),
          "--directory", place.path("images"), "--head", "unit_normalization, dense(2, softmax)", "--size",
          "64", "--epochs",
          "3",
          "--batch", "4", "--optimizer", "sgd", "--learning-rate", rate, "--validation-split", "0.2",
          "-o", place.path("model.safetensors"), "--no-report",
        ]
        let outcome = Outcome(words + more)
        try #require(outcome.code == .success, "\(outcome.errors)")
        let said = Outcome(["predict", place.path("model.safetensors"), place.path("images"), "--csv"])
          .output
        return (outcome.output, said)
      }
      try list { _ in "2" }
      let plain = try probabilities("0.125", [])
      let weighted = try probabilities("0.0625", ["--weight-col", "w"])
      #expect(plain.said == weighted.said && plain.said.contains("circles"))
      #expect(plain.lines != weighted.lines, "the losses of training and validation are twice as large")
      #expect(try probabilities("0.0625", []).said != weighted.said)
      try list { $0 == "circles" ? "0" : "1" }
      let oneSided = try probabilities("0.125", ["--weight-col", "w"]).said
      let first = oneSided.split(whereSeparator: \.isNewline).dropFirst().filter { $0.hasSuffix(",1") }
      #expect(first.count == 15 && first.allSatisfy { $0.contains(",stripes,") }, "\(oneSided)")
      try list { $0 == "circles" ? "-1" : "1" }
      let negative = place.train("list.csv", "--directory", place.path("images"), "--weight-col", "w")
      #expect(
        negative.code == .data
          && negative.errors.contains("line 2: expected a number of 0 or more for 'w', found '-1'"))
      let absent = place.train("list.csv", "--directory", place.path("images"), "--weight-col", "v")
      #expect(absent.code != .success && absent.errors.contains("no column 'v'"), "\(absent.errors)")
      let folder = place.train("images", "--weight-col", "w")
      #expect(folder.code == .usage && folder.errors.contains("--weight-col: needs a manifest"))
    }
  }

  @Test func statisticsOfTheTrainingImagesNormalise() throws {
    try withPlace { place in
      let flags = ["--validation-split", "0.4", "--rescale", "1/255"]
      func preprocessing(_ more: [String]) throws -> Preprocessing {
        let words = [
          "train", "--backbone", place.path("backbone.safetensors"), "--data", place.path("images"),
          "--head",
          "linear", "--size", "64", "--epochs", "1", "--no-report", "-o", place.path("model.safetensors"),
        ]
        let outcome = Outcome(words + flags + more)
        try #require(outcome.code == .success, "\(outcome.errors)")
        return try TrainedModel(contentsOf: place.path("model.safetensors")).backbone.recipe.preprocessing
      }
      let folder = try Dataset(folder: place.path("images"))
      let learnt = try folder.split(validation: 0.4, rule: .drawn, seed: 0).training
      try #require(learnt.items.count == 9)
      let recipe = ImageRecipe(height: 64, width: 64, preprocessing: .tf)
      let wanted = try Preprocessing.featurewise(
        of: learnt.items.map(\.path), recipe: recipe, rescale: 1 / 255)
      let all = try Preprocessing.featurewise(of: folder.items.map(\.path), recipe: recipe, rescale: 1 / 255)
      #expect(wanted != all)
      #expect(try preprocessing(["--featurewise-std-normalization"]) == wanted)
      let centered = try preprocessing(["--featurewise-center"])
      #expect(centered.mean == wanted.mean && centered.deviation == [1, 1, 1] && centered.divisor == 255)
      let given = try preprocessing(["--featurewise-mean", "0.5,0.25,0.125", "--featurewise-std", "0.5,1,2"])
      #expect(given.mean == [0.5, 0.25, 0.125] && given.deviation == [0.5, 1, 2].map { $0 + 1e-6 })
      #expect(given.divisor == 255 && given.label == "featurewise")
    }
  }

  @Test func labelsThatDoNotSuitAreRefused() throws {
    try withPlace { place in
      let three = place.train("images", "--class-mode", "binary")
      #expect(three.code == .data && three.errors.contains("binary labels need two classes, found 3"))
      let none = place.train("images", "--class-mode", "none")
      #expect(none.code == .data && none.errors.contains("a head learns classes"))
      let absent = place.train("images", "--classes", "circle,stripes")
      #expect(absent.code == .missing && absent.errors.contains("did you mean circles?"))
      let alpha = place.train("images", "--color-mode", "rgba")
      #expect(alpha.code == .usage && alpha.errors.contains("expected one of rgb, grayscale, found 'rgba'"))
    }
  }

  @Test func featuresAreKeptListedAndCleared() throws {
    try withPlace { place in
      let cache = ["--cache", place.path("cache")]
      #expect(!place.train("images").errors.contains("from the cache"))
      #expect(place.train("images", "--cache", place.path("cache")).code == .success)
      let second = place.train(
        "images", "--cache", place.path("cache"), head: "dropout(0.1), dense(3, softmax)")
      #expect(second.errors.contains("Features: 15 from the cache, 0 computed."), "\(second.errors)")
      let listed = Outcome(["cache", "--verify"] + cache)
      #expect(listed.code == .success && listed.output.contains(": 15 rows, "))
      #expect(listed.output.contains("; its end, pooling avg; 64 x 64, nearest, rgb; caffe"))
      let machine = Outcome(["cache", "--json"] + cache).output
      #expect(machine.contains("\"rows\": 15") && machine.contains("\"damaged\": 0"))
      #expect(Outcome(["cache", "--shrink", "1 GB"] + cache).output.hasSuffix(": removed 0.00 B\n"))
      #expect(Outcome(["cache", "--clear"] + cache).output.contains("removed 3"))
      #expect(Outcome(["cache"] + cache).output.contains(": 0 rows, 0.00 B"))
      #expect(Outcome(["cache", "--clear", "--shrink", "1x"] + cache).code == .usage)
      #expect(place.train("images", "--no-cache", "--cache", "x").code == .usage)
      #expect(Outcome(["cache"]).code == .usage)
    }
  }

  /// Slower arithmetic with fewer rounding errors: other last digits, the same answers, and those of the library.
  @Test func predictsWithoutFastAlgorithms() throws {
    try withPlace { place in
      let head = "unit_normalization, dense(3, softmax)"
      try #require(place.train("images", "--interpolation", "bilinear", head: head).code == .success)
      func predict(_ more: String...) throws -> [String] {
        let words = [
          "predict", place.path("model.safetensors"), place.path("images"), "--csv", "--top", "1",
        ]
        let outcome = Outcome(words + more)
        try #require(outcome.code == .success, "\(outcome.errors)")
        #expect(!outcome.errors.contains("nearest"))
        return outcome.output.split(whereSeparator: \.isNewline).dropFirst().map(String.init)
      }
      let (fast, exact) = (try predict(), try predict("--exact"))
      #expect(fast.count == 15 && exact.count == 15)
      #expect(fast != exact)
      for (line, other) in zip(fast, exact) {
        let (left, right) = (line.split(separator: ","), other.split(separator: ","))
        #expect(left[0] == right[0] && left[1] == right[1])
        #expect(abs(try #require(Double(left[2])) - (try #require(Double(right[2])))) < 1e-4)
      }
      let model = try TrainedModel(contentsOf: place.path("model.safetensors"), isExact: true)
      let wanted = try model.predict(Dataset(images: [place.path("images")])).predictions
      #expect(exact == wanted.map { "\($0.file),\($0.label),\($0.probability),1" })
      // Features kept by one arithmetic are not taken for the other's.
      #expect(try predict("--cache", place.path("cache")) == fast)
      #expect(try predict("--cache", place.path("cache"), "--exact") == exact)
    }
  }

  @Test func resizingToTheNearestPixelIsSaidWhereItIsChosen() throws {
    try withPlace { place in
      func errors(_ more: String...) -> String {
        Outcome(
          [
            "features", place.path("backbone.safetensors"), place.path("images"), "--size", "64", "-o",
            place.path("f.npy"),
          ] + more
        ).errors
      }
      let notice =
        "Images are resized to the nearest pixel, as in flow_from_directory; bilinear interpolation is more accurate "
        + "(--interpolation bilinear)"
      #expect(errors().contains(notice))
      #expect(!errors("--interpolation", "bilinear").contains("nearest"))
      #expect(!errors("--quiet").contains("nearest"))
      #expect(place.train("images").errors.contains(notice))
      // What a model was trained with is not to be chosen again.
      let predicted = Outcome(["predict", place.path("model.safetensors"), place.path("images")])
      #expect(predicted.code == .success && !predicted.errors.contains("nearest"))
      let recorded = try TrainedModel(contentsOf: place.path("model.safetensors")).backbone.recipe
      #expect(recorded.interpolation == .nearest)
    }
  }

  @Test func whatTutorialsGetWrongIsSaid() throws {
    try withPlace { place in
      let rescaled = place.train("images", "--rescale", "1/255")
      #expect(rescaled.code == .success)
      #expect(
        rescaled.errors.contains("rescale=1/255 does not replace preprocess_input: leave it out"))
      #expect(rescaled.errors.contains("bilinear interpolation is more accurate (--interpolation bilinear)"))
      let right = place.train("images", "--interpolation", "bilinear", "--validation-split", "0.4")
      #expect(right.code == .success)
      for wrong in ["rescale", "nearest", "copies"] {
        #expect(!right.errors.contains(wrong), "\(right.errors)")
      }
      let odd = place.train(
        "images", "--no-shuffle", "--batch", "4", "--steps-per-epoch", "5", "--validation-split", "0.4",
        "--validation-steps", "1", head: "dropout(0), dense(3, softmax)")
      #expect(odd.code == .success)
      for said in [
        "layer dropout: a rate of 0 drops nothing", "whole batches have one class only",
        "steps per epoch: expected 3 at most, for 9 images in batches of 4; found 5",
        "only the first 4 images are evaluated, of 2 of the 3 classes",
      ] {
        #expect(odd.errors.contains(said), "\(odd.errors)")
      }
      let comma = place.train("images", head: "dropout(0,2), dense(3, softmax)")
      #expect(comma.code == .usage && comma.errors.contains("write the decimal point: 0.2"))
      let unknown = place.train("images", "--unfreeze", "fire99")
      #expect(unknown.code != .success && unknown.errors.contains("fire99"))
      let lonely = place.train("images", "--freeze-batch-norm")
      #expect(lonely.code == .usage && lonely.errors.contains("needs --unfreeze or --unfreeze-blocks"))
      #expect(place.train("images", "--rescale", "1/0").code == .usage)
      #expect(place.train("images", "--rescale", "1/255", "--preprocessing", "tf").code == .usage)
    }
  }

  @Test func trainingImagesAreChangedAsAsked() throws {
    try withPlace { place in
      let outcome = place.train(
        "images", "--rotation-range", "20", "--zoom-range", "0.2", "--brightness-range", "0.8,1.2",
        "--horizontal-flip", "--fill-mode", "reflect", "--random-crop", "0.5,1", "--color-jitter",
        "0.1,0.1,0.1,0.05", "--variants", "2", "--epochs", "2")
      #expect(outcome.code == .usage && outcome.errors.contains("--epochs: given more than once"))
      let trained = place.train(
        "images", "--rotation-range", "20", "--zoom-range", "0.2", "--horizontal-flip", "--variants", "2")
      #expect(trained.code == .success, "\(trained.errors)")
      let zoom = place.train("images", "--zoom-range", "1.5,0.5")
      #expect(
        zoom.code == .usage
          && zoom.errors.contains("expected two numbers such as 0.8,1.2, or one such as 0.2"))
      #expect(place.train("images", "--zoom-range", "1").code == .data)
    }
  }
}

extension TrainingPlace {
  func train(_ data: String, _ more: String..., head: String = "dense(3, softmax)") -> Outcome {
    Outcome(
      [
        "train", "--backbone", path("backbone.safetensors"), "--data", path(data), "--head", head,
        "--size", "64", "--epochs", "1", "-o", path("model.safetensors"),
      ] + more)
  }

  fileprivate func features(_ more: String...) throws -> [String] {
    let outcome = Outcome(
      [
        "features", path("backbone.safetensors"), path("images"), "--size", "64", "-o", path("f.npy"),
      ] + more)
    try #require(outcome.code == .success, "\(outcome.errors)")
    return try String(contentsOfFile: path("f.npy.csv"), encoding: .utf8).split(whereSeparator: \.isNewline)
      .map(
        String.init)
  }
}
