import Catalog
import Foundation
import ModelZoo
import TestSupport
import Testing

/// What the tutorials' code gets wrong in silence is refused here, or said.
@Suite struct TrapTests {
  private func withBackbone(
    _ options: BackboneOptions = BackboneOptions(size: 64), _ body: (Backbone, Dataset) throws -> Void
  ) throws {
    try withTemporaryFolder { folder in
      let photographs = folder.appending(path: "photographs")
      try Materials.images(["cats", "dogs"], count: 5, in: photographs)
      let archive = try Materials.archive(of: "squeezenet", in: folder)
      try body(
        Backbone(contentsOf: archive, options: options), Dataset(folder: photographs.path))
    }
  }

  private func head(_ text: String) throws -> Head { try Head(text) }

  /// `layer.trainbale = False` freezes nothing in Keras. Here all is frozen but what is named.
  @Test func aBackboneIsFrozenUnlessLayersAreNamed() throws {
    try withBackbone { backbone, folder in
      var options = TrainingOptions(fit: .epochs(1))
      options.fineTuning = FineTuning(.from("fire99"))
      let error = #expect(throws: CatalogError.self) {
        try backbone.train(head("dense(2, softmax)"), on: folder, options: options)
      }
      #expect(error?.description.contains("fire99") == true)
      let before = try backbone.features(of: folder).features
      options.fineTuning = nil
      let frozen = try backbone.train(head("dense(2, softmax)"), on: folder, options: options)
      #expect(try frozen.backbone.features(of: folder).features == before)
      options.fineTuning = FineTuning(.lastBlocks(1))
      let tuned = try backbone.train(head("dense(2, softmax)"), on: folder, options: options)
      #expect(try tuned.backbone.features(of: folder).features != before)
      #expect(try backbone.features(of: folder).features == before)
    }
  }

  /// `Dropout(0,2)` is a rate of 0 in Python.
  @Test func aDecimalCommaIsRefused() {
    for text in ["flatten, dropout(0,2), dense(1, sigmoid)", "dropout(0, 2), dense(1, sigmoid)"] {
      let error = #expect(throws: TrainingError.self) { try Head(text) }
      #expect(error?.description.contains("'0,2' is two numbers, not 0.2; write the decimal point") == true)
    }
    #expect(throws: TrainingError.self) { try Head("dropout(2), dense(1, sigmoid)") }
  }

  @Test func aDropoutThatDropsNothingIsSaid() throws {
    #expect(
      try head("dropout(0.5), dense(8, relu), dropout(0), dense(2, softmax)").warnings == [
        "layer dropout_1: a rate of 0 drops nothing; give the fraction to drop, as in dropout(0.2), or leave the "
          + "layer out"
      ])
    #expect(try head("dropout(0.2), dense(2, softmax)").warnings.isEmpty)
  }

  /// Squared errors of features that nobody scaled.
  @Test func squaresOfUnscaledFeaturesAreSaid() throws {
    try withBackbone { backbone, folder in
      func warnings(_ text: String, _ loss: Loss?) throws -> [String] {
        backbone.warnings(training: try head(text), on: .whole(folder), options: TrainingOptions(loss: loss))
      }
      let said = try warnings("dense(2)", .meanSquaredError)
      #expect(
        said.count == 1 && said[0].contains("put unit_normalization first, with a learning rate of 0.01"))
      for (text, loss) in [
        ("unit_normalization, dense(2)", .meanSquaredError),
        ("batch_normalization, dense(2)", .meanSquaredError),
        ("dense(2, softmax)", .meanSquaredError), ("dense(2)", .hinge), ("dense(2, softmax)", nil),
      ] as [(String, Loss?)] {
        #expect(try warnings(text, loss).isEmpty, "\(text)")
      }
    }
  }

  /// `rescale=1/255` where the weights want `caffe` or `tf`.
  @Test func anotherPreprocessingIsSaid() throws {
    let rescaled = BackboneOptions(size: 64, preprocessing: .rescaled(by: 1 / 255))
    try withBackbone(rescaled) { backbone, folder in
      let warnings = try backbone.warnings(training: head("dense(2, softmax)"), on: .whole(folder))
      #expect(warnings.count == 1)
      #expect(
        warnings.first?.contains("preprocessed with 'rescale', but the weights were trained with 'caffe'")
          == true)
      #expect(warnings.first?.contains("does not replace preprocess_input: leave it out") == true)
    }
    let wanted = try NetworkCatalog().networks().map(\.preprocessing.label)
    #expect(!wanted.contains("rescale"), "no network wants rescale=1/255")
  }

  /// Keras's folder reader takes the nearest pixel, its newer reader the bilinear mean: never the same features.
  @Test func nearestAndBilinearDiffer() throws {
    try withBackbone { backbone, folder in
      let nearest = try backbone.features(of: folder).features
      try withBackbone(BackboneOptions(size: 64, interpolation: .bilinear)) { backbone, folder in
        let bilinear = try backbone.features(of: folder).features
        #expect(!Closeness(nearest.scalars, bilinear.scalars).isWithin(relative: 0.01))
      }
      #expect(backbone.recipe.interpolation == .nearest, "flow_from_directory's")
    }
  }

  /// Losses that cannot judge what the head yields; Keras trains on, with a loss of nothing.
  @Test(
    arguments: [
      (
        "dense(1, softmax)", nil,
        "1 unit, whose softmax is always 1; use dense(2, softmax), or dense(1, sigmoid)"
      ),
      (
        "dense(1, sigmoid)", Loss.categoricalCrossEntropy,
        "ends in softmax, found sigmoid; use binary_crossentropy"
      ),
      (
        "dense(2, sigmoid)", .categoricalCrossEntropy,
        "ends in softmax, found sigmoid; use binary_crossentropy"
      ),
      (
        "dense(2, softmax)", .binaryCrossEntropy,
        "ends in sigmoid, found softmax; use categorical_crossentropy"
      ),
      ("dense(2)", nil, "that of a softmax or sigmoid, which determine the loss, found linear"),
      (
        "dense(2)", .categoricalCrossEntropy,
        "found linear; end with softmax, or say that the loss is from logits"
      ),
    ] as [(String, Loss?, String)])
  func lossesThatDoNotSuitAreRefused(layers: String, loss: Loss?, sentence: String) throws {
    let head = try head(layers)
    let error = #expect(throws: TrainingError.self) { try Trainer(head: head, inputShape: [8], loss: loss) }
    #expect(error?.description.contains(sentence) == true, "\(error?.description ?? "")")
  }

  @Test func labelsThatDoNotSuitAreRefused() throws {
    try withBackbone { backbone, folder in
      let binary = TrainingOptions(fit: .epochs(1), classMode: .binary)
      #expect(throws: ModelZooError.classModeDoesNotFit(mode: .binary, outputs: 2)) {
        try backbone.train(head("dense(2, softmax)"), on: folder, options: binary)
      }
      #expect(throws: ModelZooError.headDoesNotFit(outputs: 4, classes: ["cats", "dogs"])) {
        try backbone.train(head("dense(4, softmax)"), on: folder)
      }
      #expect(throws: TrainingError.self, "features have no rows to flatten or to pool") {
        try backbone.train(head("global_average_pooling, dense(2, softmax)"), on: folder)
      }
    }
  }

  /// `training_set.n // training_set.batch_size` and its kin.
  @Test func stepsThatDoNotSuitAreSaidOrRefused() throws {
    try withBackbone { backbone, folder in
      let layers = try head("dense(1, sigmoid)")
      var options = TrainingOptions(fit: .epochs(2, batchSize: 4))
      let both = try DatasetSplit(training: folder, validation: folder)
      #expect(backbone.warnings(training: layers, on: both, options: options).isEmpty)
      options.epochs?.stepsPerEpoch = 50
      options.epochs?.validationSteps = 50
      var warnings = backbone.warnings(training: layers, on: both, options: options)
      #expect(
        warnings == [
          "steps per epoch: expected 3 at most, for 10 images in batches of 4; found 50; every epoch ends after the last image",
          "validation steps: expected 3, for 10 images in batches of 4; found 50; validation ends after the last image",
        ])
      options.epochs?.stepsPerEpoch = 2
      options.epochs?.validationSteps = 1
      warnings = backbone.warnings(training: layers, on: both, options: options)
      #expect(
        warnings == [
          "validation steps: expected 3, for 10 images in batches of 4; found 1; only the first 4 images are "
            + "evaluated, of 1 of the 2 classes"
        ])
      options.epochs?.stepsPerEpoch = 10 / 64
      #expect(throws: TrainingError.setting(name: "steps per epoch", expected: "1 or more", found: "0")) {
        try backbone.train(layers, on: folder, options: options)
      }
    }
  }

  /// `shuffle=False` on training images.
  @Test func classesOneAfterTheOtherAreSaid() throws {
    try withBackbone { backbone, folder in
      let layers = try head("dense(1, sigmoid)")
      var options = TrainingOptions(fit: .epochs(batchSize: 4))
      options.epochs?.shuffles = false
      let warnings = backbone.warnings(training: layers, on: .whole(folder), options: options)
      #expect(
        warnings.count == 1 && warnings[0].contains("whole batches have one class only; shuffle the"))
      options.epochs?.batchSize = 10
      #expect(backbone.warnings(training: layers, on: .whole(folder), options: options).isEmpty)
    }
  }

  /// `log.get('acc') > 0.99`, announced as 99.9 %.
  @Test func accuracyIsWatchedByANameThatIsMeasured() throws {
    #expect(throws: TrainingError.self) { try StopAtAccuracy(99.9) }
    try withBackbone { backbone, folder in
      let layers = try head("dense(1, sigmoid)")
      for (name, isMeasured) in [("acc", true), ("accuracy", true), ("acuracy", false), ("val_acc", false)] {
        let options = TrainingOptions(fit: .epochs(1, callbacks: [try StopAtAccuracy(0.5, monitor: name)]))
        if isMeasured {
          _ = try backbone.train(layers, on: folder, options: options)
        } else {
          #expect(throws: TrainingError.self, "\(name)") {
            try backbone.train(layers, on: folder, options: options)
          }
        }
      }
    }
  }

  /// Validation images that were learnt from, as when a path is set twice.
  @Test func imagesOnBothSidesAreFound() throws {
    try withBackbone { _, folder in
      #expect(folder.copies(of: folder).count == 10)
      let split = try folder.split(validation: 0.4, seed: 1)
      #expect(try #require(split.validation).copies(of: split.training).isEmpty)
    }
  }
}
