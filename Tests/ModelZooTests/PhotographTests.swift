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
