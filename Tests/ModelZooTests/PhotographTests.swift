import Foundation
import ModelZoo
import TestSupport
import Testing

/// Real weights on real photographs: SqueezeNet's published file and 808 images of four kinds.
@Suite(.enabled(if: SharedFiles.arePresent, Comment(rawValue: SharedFiles.message)))
struct PhotographTests {
  private func archive(in folder: URL) throws -> String {
    let weights = try SharedFiles.path("weights/squeezenet_weights_tf_dim_ordering_tf_kernels_notop.h5")
    let archive = folder.appending(path: "squeezenet.zoo.safetensors").path
    let report = try NetworkCatalog().convert(weights, to: archive)
    #expect(report.recognition.network == "squeezenet")
    return archive
  }

  private func backbone(in folder: URL, threads: Int? = nil) throws -> Backbone {
    try Backbone(
      contentsOf: archive(in: folder), options: BackboneOptions(interpolation: .bilinear), threads: threads)
  }

  /// Heads of every kind, and what they are trained with.
  private static let heads: [(String, Loss?, Optimizer)] = [
    ("dropout(0.5), dense(4, softmax)", nil, .sgd(momentum: 0.9, clipping: .globalNorm(1))),
    (
      "dropout(0.5), dense(4, softmax)", Loss(.categoricalCrossEntropy, labelSmoothing: 0.1),
      .adamW(learningRate: .warmup(to: 0.001, steps: 60, then: .cosineDecay(from: 0.001, steps: 570)))
    ),
    ("dropout(0.5), dense(4, softmax)", .sparseCategoricalCrossEntropy, .adagrad(learningRate: 0.01)),
    ("dropout(0.5), dense(4)", Loss(.categoricalCrossEntropy, fromLogits: true), .rmsprop()),
    ("dropout(0.5), dense(4, sigmoid)", .binaryCrossEntropy, .adam()),
    ("dropout(0.5), dense(4, l2=0.001)", .hinge, .adam()),
    ("dropout(0.5), dense(4)", .squaredHinge, .adam()),
    ("dropout(0.5), dense(4)", .categoricalHinge, .adam(amsgrad: true)),
    ("dropout(0.5), dense(4, softmax)", .meanSquaredError, .adam()),
    ("batch_normalization, dropout(0.5), dense(4)", .meanSquaredError, .adam()),
    ("batch_normalization, dropout(0.5), dense(4, softmax, kernel_initializer=he_normal)", nil, .adam()),
    ("dropout(0.5), dense(64, relu), batch_normalization, dense(4, softmax)", nil, .adam()),
    ("dropout(0.5), dense(64, gelu), dropout(0.5), dense(4, softmax, l1=0.0001)", nil, .adam()),
  ]

  @Test func everyKindOfHeadTellsFourKindsApart() throws {
    try withTemporaryFolder { folder in
      let backbone = try backbone(in: folder)
      let photographs = try Dataset(folder: SharedFiles.path("data/animals"))
      let split = try photographs.split(validation: 0.2, seed: 1)
      let train = try backbone.features(of: split.training)
      let heldOut = try backbone.features(of: #require(split.validation))
      let judged = Samples(heldOut.features, .classes(heldOut.rows.labels))
      for (text, loss, optimizer) in Self.heads {
        var trainer = try Trainer(
          head: try Head(text), inputShape: backbone.featureShape, loss: loss, optimizer: optimizer, seed: 1)
        try trainer.fit(train.features, .classes(train.rows.labels), classWeights: .balanced, epochs: 30)
        let accuracy = try #require(trainer.evaluate(judged)["accuracy"])
        #expect(accuracy >= 0.95, "\(text), \(trainer.loss.kind), \(optimizer.name): \(accuracy)")
      }
    }
  }

  /// Heads that learn from rows of one length, with every loss there is, for every seed README names; a seed
  /// decides the split, too.
  @Test func rowsOfOneLengthSuitEveryLoss() throws {
    try withTemporaryFolder { folder in
      let photographs = try Dataset(folder: SharedFiles.path("data/animals"))
      let extraction = ExtractionOptions(cache: FeatureCache(folder: folder.appending(path: "cache").path))
      let backbone = try backbone(in: folder)
      for seed: UInt64 in [1, 2, 3, 7] {
        let split = try photographs.split(validation: 0.2, seed: seed)
        let train = try backbone.features(of: split.training, options: extraction)
        let heldOut = try backbone.features(of: #require(split.validation), options: extraction)
        func accuracy(_ head: String, _ loss: Loss?, rate: LearningRate) throws -> Double {
          var trainer = try Trainer(
            head: try Head(head), inputShape: backbone.featureShape, loss: loss,
            optimizer: .adam(learningRate: rate), seed: seed)
          try trainer.fit(train.features, .classes(train.rows.labels), epochs: 30)
          let judged = Samples(heldOut.features, .classes(heldOut.rows.labels))
          return try #require(trainer.evaluate(judged)["accuracy"])
        }
        for (layers, loss) in Self.losses {
          let found = try accuracy("unit_normalization, \(layers)", loss, rate: 0.01)
          #expect(found >= 0.95, "\(layers), \(loss?.kind.rawValue ?? ""), seed \(seed): \(found)")
        }
        // On features as they come, some 90 long, Keras gets no further either: 0.40 to 0.47.
        #expect(try accuracy("dense(4)", .meanSquaredError, rate: 0.001) < 0.6)
      }
    }
  }

  private static let losses: [(String, Loss?)] = [
    ("dense(4, softmax)", nil), ("dense(4, softmax)", .sparseCategoricalCrossEntropy),
    ("dense(4)", Loss(.categoricalCrossEntropy, fromLogits: true)),
    ("dense(4, sigmoid)", .binaryCrossEntropy),
    ("dense(4)", .hinge), ("dense(4)", .squaredHinge), ("dense(4)", .categoricalHinge),
    ("dense(4)", .meanSquaredError), ("dense(4, softmax)", .meanSquaredError),
    ("dense(64, relu), dense(4, softmax)", nil),
  ]

  /// Of every kind of head: the same bits for the same seed and any number of threads, others for another seed.
  @Test func oneSeedDecidesEveryKindOfHead() throws {
    try withTemporaryFolder { folder in
      let backbones = [1: try backbone(in: folder, threads: 1), 2: try backbone(in: folder, threads: 2)]
      let all = try Dataset(folder: SharedFiles.path("data/animals"))
      let photographs = try #require(all.split(validation: 0.1, seed: 1).validation)
      let extraction = ExtractionOptions(cache: FeatureCache(folder: folder.appending(path: "cache").path))
      let heads = Self.heads + Self.losses.map { ("unit_normalization, \($0.0)", $0.1, .adam()) }
      for (text, loss, optimizer) in heads {
        func parameters(seed: UInt64, threads: Int) throws -> [HeadParameter] {
          let backbone = try #require(backbones[threads])
          let options = TrainingOptions(fit: .epochs(2, optimizer: optimizer), loss: loss, seed: seed)
          let split = try photographs.split(validation: 0.2, seed: seed)
          return try backbone.train(
            try Head(text), on: split, options: options, extraction: extraction
          ).head.parameters
        }
        let first = try parameters(seed: 1, threads: 2)
        #expect(try parameters(seed: 1, threads: 1) == first, "\(text)")
        #expect(try parameters(seed: 2, threads: 2) != first, "\(text)")
      }
    }
  }

  @Test func aHeadOnFrozenFeaturesTellsFourKindsApart() throws {
    try withTemporaryFolder { folder in
      let backbone = try backbone(in: folder)
      let photographs = try Dataset(folder: SharedFiles.path("data/animals"))
      #expect(photographs.foundLine == "Found 808 images belonging to 4 classes.")
      let options = TrainingOptions(fit: .epochs(30), seed: 1)
      let head = Head {
        Dropout(0.5)
        Dense(4, activation: .softmax)
      }
      let split = try photographs.split(validation: 0.2, seed: 1)
      let model = try backbone.train(head, on: split, options: options)
      #expect(try #require(model.history["val_accuracy"].last) >= 0.95)

      let path = folder.appending(path: "animals.zoo.safetensors").path
      try model.save(to: path)
      let images = try Dataset(images: [SharedFiles.path("data/predict_this")])
      let predictions = try TrainedModel(contentsOf: path).predict(images).predictions
      let labels = predictions.map { ($0.file.split(separator: "/").last ?? "", $0.label) }
      for (file, label) in labels where !file.hasPrefix("elephant") {
        #expect(label == (file.hasPrefix("cat") ? "cats" : "dogs"), "\(file)")
      }
      #expect(labels.count == 5)
    }
  }
}
