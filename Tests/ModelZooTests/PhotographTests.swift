import Foundation
import ModelZoo
import TestSupport
import Testing

/// Real weights on real photographs: SqueezeNet's published file and 808 pictures of four kinds.
@Suite(.enabled(if: SharedFiles.arePresent, Comment(rawValue: SharedFiles.message)))
struct PhotographTests {
  private func backbone(in folder: URL) throws -> Backbone {
    let weights = try SharedFiles.path("weights/squeezenet_weights_tf_dim_ordering_tf_kernels_notop.h5")
    let archive = folder.appending(path: "squeezenet.zoo.safetensors").path
    let report = try NetworkCatalog().convert(weights, to: archive)
    #expect(report.network == "squeezenet")
    return try Backbone(contentsOf: archive, options: BackboneOptions(interpolation: .bilinear))
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
      let photographs = try ImageFolder(contentsOf: SharedFiles.path("data/animals"))
      let split = photographs.split(validation: 0.2, seed: 1)
      let train = try backbone.features(of: PictureList(split.training))
      let heldOut = try backbone.features(of: PictureList(split.validation))
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

  @Test func aHeadOnFrozenFeaturesTellsFourKindsApart() throws {
    try withTemporaryFolder { folder in
      let backbone = try backbone(in: folder)
      let photographs = try ImageFolder(contentsOf: SharedFiles.path("data/animals"))
      #expect(photographs.foundLine == "Found 808 images belonging to 4 classes.")
      let options = TrainingOptions(epochs: 30, seed: 1, validationSplit: 0.2)
      let head = Head {
        Dropout(0.5)
        Dense(4, activation: .softmax)
      }
      let model = try backbone.train(head, on: photographs, options: options)
      #expect(try #require(model.history["val_accuracy"].last) >= 0.95)

      let path = folder.appending(path: "animals.zoo.safetensors").path
      try model.save(to: path)
      let pictures = try PictureList([SharedFiles.path("data/predict_this")])
      let predictions = try TrainedModel(contentsOf: path).predict(pictures).predictions
      let labels = predictions.map { ($0.file.split(separator: "/").last ?? "", $0.label) }
      for (file, label) in labels where !file.hasPrefix("elephant") {
        #expect(label == (file.hasPrefix("cat") ? "cats" : "dogs"), "\(file)")
      }
      #expect(labels.count == 5)
    }
  }
}
