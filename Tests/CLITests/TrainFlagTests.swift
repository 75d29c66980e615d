import CLI
import Foundation
import TensorArchive
import TestSupport
import Testing

/// The flags of `zoo train` that say how a head learns.
@Suite struct TrainFlagTests {
  private static let start = ["train", "--backbone", "b", "--data", "d", "-o", "o"]

  /// Each is refused as a mistake of the command line, before anything is looked for.
  @Test(arguments: [
    (["--head", "dense(4, sofmax)"], "--head: head, position 10: no activation is called 'sofmax'"),
    (["--head", "dropout(0,2)"], "--head: head, position 9: '0,2' is two numbers, not 0.2"),
    (["--head", "linear", "--fit", "lbfgs", "--epochs", "3"], "--epochs: needs --fit epochs"),
    (["--head", "linear", "--fit", "lbfgs", "--optimizer", "sgd"], "--optimizer: needs --fit epochs"),
    (["--head", "linear", "--fit", "lbfgs", "--schedule", "step"], "--schedule: needs --fit epochs"),
    (["--head", "linear", "--fit", "lbfgs", "--loss", "hinge"], "--loss: needs --fit epochs"),
    (["--head", "linear", "--loss", "hing"], "--loss: loss: expected one of "),
    (["--head", "linear", "--from-logits"], "--from-logits: needs --loss"),
    (["--head", "linear", "--label-smoothing", "0.1"], "--label-smoothing: needs --loss"),
    (["--head", "linear", "--metrics", "accuracy,presision"], "--metrics: metric: expected one of "),
    (["--head", "linear", "--momentum", "0.9"], "--momentum: needs --optimizer sgd or rmsprop"),
    (["--head", "linear", "--optimizer", "sgd", "--nesterov"], "--nesterov: needs --momentum"),
    (
      ["--head", "linear", "--optimizer", "sgd", "--amsgrad"],
      "--amsgrad: needs --optimizer adam or adamw"
    ),
    (
      ["--head", "linear", "--optimizer", "sgd", "--beta-1", "0.8"],
      "--beta-1: needs --optimizer adam or adamw; found --optimizer sgd"
    ),
    (
      ["--head", "linear", "--optimizer", "adagrad", "--beta-2", "0.8"],
      "--beta-2: needs --optimizer adam"
    ),
    (
      ["--head", "linear", "--optimizer", "sgd", "--epsilon", "0.1"],
      "--epsilon: needs --optimizer adam or"
    ),
    (
      ["--head", "linear", "--initial-accumulator-value", "1"],
      "--initial-accumulator-value: needs --optimizer adagrad; found --optimizer adam"
    ),
    (["--head", "linear", "--beta-1", "1"], "--beta-1: expected a number from 0.0 to 0.999999, found '1'"),
    (["--head", "linear", "--fit", "lbfgs", "--beta-1", "0.8"], "--beta-1: needs --fit epochs"),
    (["--head", "linear", "--fit", "lbfgs", "--weight-col", "w"], "--weight-col: needs --fit epochs"),
    (
      ["--head", "linear", "--weight-col", "w", "--class-weights", "balanced"],
      "--weight-col and --class-weights: give one of them"
    ),
    (["--head", "linear", "--featurewise-std", "1,1,1"], "--featurewise-std: needs --featurewise-mean"),
    (
      ["--head", "linear", "--featurewise-mean", "1,1,1", "--featurewise-center"],
      "--featurewise-mean and --featurewise-center: means are either given or computed"
    ),
    (
      ["--head", "linear", "--featurewise-center", "--preprocessing", "tf"],
      "--featurewise-center and --preprocessing: give one of them"
    ),
    (
      ["--head", "linear", "--featurewise-mean", "1,1,1", "--featurewise-std", "1,0,1"],
      "--featurewise-std: expected numbers above 0, found 0.0"
    ),
    (["--head", "linear", "--featurewise-mean", "1,1"], "--featurewise-mean: expected 3 numbers"),
    (["--head", "linear", "--clipnorm", "1", "--clipvalue", "1"], "--clipnorm, --clipvalue and "),
    (["--head", "linear", "--decay-rate", "0.5"], "--decay-rate: needs --schedule exponential or "),
    (
      ["--head", "linear", "--schedule", "step", "--final-learning-rate", "0"],
      "--final-learning-rate: needs --schedule cosine or polynomial; found --schedule step"
    ),
    (
      ["--head", "linear", "--schedule", "cosine", "--decay-power", "2"],
      "--decay-power: needs --schedule polynomial; found --schedule cosine"
    ),
    (["--head", "linear", "--decay-cycle"], "--decay-cycle: needs --schedule polynomial; found none"),
    (
      ["--head", "linear", "--schedule", "polynomial", "--decay-cycle"],
      "--decay-cycle: needs --decay-epochs; add it"
    ),
    (["--head", "linear", "--fit", "lbfgs", "--decay-power", "2"], "--decay-power: needs --fit epochs"),
    (
      ["--head", "linear", "--epochs", "5", "--warmup-epochs", "5"],
      "--warmup-epochs: expected fewer than the 5 epochs, found 5"
    ),
    (["--batch-size", "8"], "--batch-size: unknown option; did you mean --batch?"),
    (["--target_size", "224"], "--target_size: unknown option; did you mean --size?"),
    (["--lr", "0.1"], "--lr: unknown option; did you mean --learning-rate?"),
    (["--patience", "3"], "--patience: unknown option; did you mean --early-stopping?"),
    (["--head", "linear", "--class-weights", "cats:2"], "--class-weights: expected balanced, "),
    (["--head", "linear", "--class-weights", "1,-2"], "--class-weights: expected balanced, "),
  ])
  func mistakesAreNamed(words: [String], message: String) {
    let outcome = Outcome(Self.start + words)
    #expect(outcome.code == .usage)
    #expect(outcome.errors.hasPrefix("error: \(message)"), "\(outcome.errors)")
  }

  /// Images that are new in every epoch are computed in every epoch; what costs less is said, and costs less.
  @Test func whatEndlessAugmentationCostsIsSaid() throws {
    try withPlace { start, path in
      let start =
        start + [
          "--head", "linear", "--epochs", "3", "--no-report", "--cache", path("cache"),
        ]
      let said =
        "features of 54 images are computed in 3 epochs, and none is cached; --variants 2 computes 36"
      let turned = ["--rotation-range", "10"]
      for (words, isSaid, found) in [
        (turned, true, nil), (turned, true, nil), (turned + ["--variants", "2"], false, nil),
        (turned + ["--variants", "2"], false, 36), (["--horizontal-flip"], false, nil),
        (["--horizontal-flip"], false, 36), ([], false, 18),
      ] as [([String], Bool, Int?)] {
        let outcome = Outcome(start + words)
        #expect(outcome.code == .success, "\(outcome.errors)")
        #expect(outcome.errors.contains(said) == isSaid, "\(words): \(outcome.errors)")
        let line = found.map { "Features: \($0) from the cache, 0 computed" } ?? "from the cache"
        #expect(outcome.errors.contains(line) == (found != nil), "\(words): \(outcome.errors)")
        let sum = "0 computed, 36 in all: one for each variant of an image.\n"
        #expect(outcome.errors.contains(sum) == (found == 36), "\(words): \(outcome.errors)")
      }
      #expect(!Outcome(start + turned + ["--quiet"]).errors.contains("computed anew"))
    }
  }

  private func withPlace(_ body: (_ start: [String], _ path: (String) -> String) throws -> Void) throws {
    try withTemporaryFolder { folder in
      func path(_ name: String) -> String { folder.appending(path: name).path }
      for words in [
        ["synthesize", "squeezenet", "-o", path("weights.h5")],
        ["convert", path("weights.h5"), "-o", path("backbone.safetensors")],
        ["synthesize", "images", "--count", "6", "-o", path("images")],
      ] {
        try #require(Outcome(words).code == .success)
      }
      let start = [
        "train", "--backbone", path("backbone.safetensors"), "--data", path("images"), "--size", "64",
        "--batch", "4", "-o", path("model.safetensors"),
      ]
      try body(start, path)
    }
  }

  @Test func theOptimizersNumbersReachTheTraining() throws {
    try withPlace { start, path in
      let cases = [
        (
          "adam --beta-1 0.8 --beta-2 0.99 --epsilon 0.001 --amsgrad",
          "adam(learning_rate=0.02, beta_1=0.8, beta_2=0.99, epsilon=0.001, amsgrad=true)"
        ),
        (
          "adamw --beta-1 0.7 --epsilon 0.5",
          "adamw(learning_rate=0.02, beta_1=0.7, beta_2=0.999, epsilon=0.5, amsgrad=false, weight_decay=0.004)"
        ),
        (
          "adagrad --initial-accumulator-value 0.5 --epsilon 0.01",
          "adagrad(learning_rate=0.02, initial_accumulator_value=0.5, epsilon=0.01)"
        ),
        (
          "RMSprop --rho 0.8 --epsilon 0.1 --centered",
          "rmsprop(learning_rate=0.02, rho=0.8, momentum=0.0, epsilon=0.1, centered=true)"
        ),
      ]
      for (words, description) in cases {
        let flags = "--head linear --epochs 1 --learning-rate 0.02 --optimizer \(words)"
        let outcome = Outcome(start + flags.split(separator: " ").map(String.init))
        #expect(outcome.code == .success, "\(outcome.errors)")
        let report = try String(contentsOfFile: path("model.html"), encoding: .utf8)
        #expect(report.contains(description), "\(description)")
      }
    }
  }

  /// Nothing is better by a thousand million, so that patience alone decides.
  @Test func whatWaitsForImprovementIsToldHow() throws {
    try withPlace { start, _ in
      for (flags, epochs) in [
        ("--early-stopping 2", 3), ("--early-stopping 2 --baseline -1", 2),
        ("--early-stopping 2 --start-from-epoch 2", 5),
      ] {
        let losses = try history(start, flags)["loss"]
        #expect(losses?.count == epochs, "\(flags)")
      }
      let plateau = "--reduce-lr-on-plateau 1 --reduce-lr-factor 0.9 --min-lr 0.00085 --reduce-lr-cooldown 2"
      let rates = [0.001, 0.001, 0.0009, 0.0009, 0.00085, 0.00085]
      let found = try history(start, plateau)["learning_rate"] ?? []
      #expect(Closeness(found.map(Float.init), rates.map(Float.init)).isWithin(relative: 1e-6), "\(found)")
    }
  }

  private struct Trained: Decodable { var history: [String: [Double]] }

  /// What every epoch of a training of six measured.
  private func history(_ start: [String], _ flags: String) throws -> [String: [Double]] {
    let words = "--head linear --epochs 6 --no-report --json --min-delta 1e9 --monitor loss \(flags)"
    let outcome = Outcome(start + words.split(separator: " ").map(String.init))
    #expect(outcome.code == .success, "\(outcome.errors)")
    return try JSONDecoder().decode(Trained.self, from: Data(outcome.output.utf8)).history
  }

  @Test func thePolynomialReachesTheTraining() throws {
    try withPlace { start, _ in
      let flags =
        "--head linear --epochs 6 --schedule polynomial --decay-epochs 2 --decay-power 2 --decay-cycle "
        + "--final-learning-rate 1e-5 --reduce-lr-on-plateau 1"
      let outcome = Outcome(start + flags.split(separator: " ").map(String.init))
      let schedule = "polynomial_decay(0.001, steps=10, end=1e-05, power=2.0, cycle=true)"
      #expect(outcome.code != .success && outcome.errors.contains("the schedule \(schedule)"))
    }
  }

  @Test func everythingReachesTheTraining() throws {
    try withPlace { start, path in
      let outcome = Outcome(
        start + [
          "--head", "batch_normalization, dense(3, l2=0.01)", "--loss", "categorical_hinge", "--epochs", "3",
          "--optimizer", "adamw", "--weight-decay", "0.1", "--global-clipnorm", "1", "--schedule", "cosine",
          "--warmup-epochs", "1", "--class-weights", "circles=2,stripes=0.5", "--metrics", "acc,f1,auc",
          "--validation-split", "0.34", "--steps-per-epoch", "2", "--validation-steps", "1", "--no-shuffle",
        ])
      #expect(outcome.code == .success, "\(outcome.errors)")
      let names = ["acc", "auc", "f1_score", "loss"]
      let pattern = (names + names.map { "val_" + $0 }).map { " - \($0): [0-9.e-]+" }.joined()
      let wanted = try Regex("\n2/2 - 0s - [0-9]+[mu]?s/step\(pattern)\n")
      #expect(outcome.output.contains(wanted), "\(outcome.output)")
      let predicted = Outcome(["predict", path("model.safetensors"), path("images/circles"), "--json"])
      #expect(predicted.code == .success, "\(predicted.errors)")

      let unknown = Outcome(start + ["--head", "linear", "--class-weights", "squares=2"])
      #expect(unknown.code == .usage)
      #expect(unknown.errors.contains("expected classes out of circles, noise, stripes; found squares"))
      let few = Outcome(start + ["--head", "linear", "--class-weights", "2,1"])
      #expect(few.code == .usage && few.errors.contains("expected 3 weights"))
      let thawed = Outcome(
        start + [
          "--head", "linear", "--unfreeze-blocks", "1", "--epochs", "2", "--head-epochs", "1",
          "--backbone-learning-rate", "1e-4",
        ])
      #expect(thawed.code == .success, "\(thawed.errors)")
      #expect(
        thawed.output.contains(try Regex("Training [0-9,]+ of [0-9,]+ parameters\\.")), "\(thawed.output)")
      let linear = Outcome(start + ["--head", "linear", "--unfreeze", "all", "--fit", "lbfgs"])
      #expect(linear.code == .usage && linear.errors.contains("needs --fit epochs"), "\(linear.errors)")
      let plateau = Outcome(
        start + ["--head", "linear", "--schedule", "step", "--reduce-lr-on-plateau", "2"])
      #expect(plateau.code != .success && plateau.errors.contains("the schedule exponential_decay("))
      let fitted = Outcome(start + ["--head", "linear", "--fit", "lbfgs", "--strength", "1"])
      #expect(fitted.code == .success && fitted.output.contains(", 3 classes, L-BFGS, accuracy "))
    }
  }

  /// As behind Keras's `include_top=False`: what is flattened has rows and columns, unless a pooling is named.
  @Test func aHeadThatFlattensReadsRowsAndColumns() throws {
    try withTemporaryFolder { folder in
      let place = try TrainingPlace(folder)
      func inputs(_ more: String...) throws -> Int {
        let outcome = Outcome(
          [
            "train", "--backbone", place.path("backbone.safetensors"), "--data", place.path("images"),
            "--size",
            "64", "--head", "flatten, dense(3, softmax)", "--epochs", "1", "--no-cache", "--no-report", "-o",
            place.path("model.safetensors"),
          ] + more)
        try #require(outcome.code == .success, "\(outcome.errors)")
        let head = try Archive(contentsOf: place.path("model.safetensors"))
        return try #require(head.shape(of: "head/dense/kernel")).dimensions[0]
      }
      #expect(try inputs() == 3 * 3 * 512)
      #expect(try inputs("--pool", "avg") == 512)
    }
  }
}
