import Foundation
import ModelZoo
import TestSupport
import Testing

struct ExplainerTests {
  private func model(
    in folder: URL, pooling: FeaturePooling = .average, keepsAspectRatio: Bool = false, head: Head? = nil
  ) throws -> (model: TrainedModel, images: Dataset) {
    let path = try SyntheticArchive.write("squeezenet", to: folder)
    let photos = folder.appending(path: "photos")
    try DrawnImages.write(to: photos, perClass: 4)
    if head?.layers.contains(Dense(1, activation: .sigmoid).headLayer) == true {
      try FileManager.default.removeItem(at: photos.appending(path: "noise"))
    }
    let images = try Dataset(folder: photos.path)
    let backbone = try Backbone(
      contentsOf: path,
      options: BackboneOptions(
        height: 64, width: 64, pooling: pooling, interpolation: .bilinear,
        keepsAspectRatio: keepsAspectRatio))
    let model = try backbone.train(
      head ?? Head { Dense(3, activation: .softmax) }, on: images,
      options: TrainingOptions(fit: .epochs(40, batchSize: 4), seed: 5))
    return (model, images)
  }

  @Test(arguments: [FeaturePooling.average, .maximum])
  func aPooledModelIsExplainedByWhatItPools(pooling: FeaturePooling) throws {
    try withTemporaryFolder { folder in
      let (model, images) = try model(in: folder, pooling: pooling)
      let plain = try Backbone(
        contentsOf: folder.appending(path: "squeezenet.zoo.safetensors").path,
        options: BackboneOptions(size: 64, pooling: .none, interpolation: .bilinear))
      let first =
        pooling == .maximum ? GlobalMaxPooling2D().headLayer : GlobalAveragePooling2D().headLayer
      let head = try HeadModel(
        Head(layers: [first] + model.head.head.layers), inputShape: plain.featureShape
      ) { name in model.head.parameters.first { $0.name == name }?.tensor }
      let explainer = try Explainer(model)
      for item in images.items.prefix(3) {
        let explanation = try explainer.explain(item.path, label: "noise")
        let features = try plain.features(of: Dataset(images: [item.path])).features
        let wanted = try head.activationMap(
          of: Tensor(shape: plain.featureShape, scalars: features.scalars), output: 1)
        #expect(explanation.heat.values == wanted.scalars)
        #expect((explanation.heat.height, explanation.heat.width) == (wanted.shape[0], wanted.shape[1]))
        let said = try model.predict(Dataset(images: [item.path])).predictions[0]
        #expect(explanation.prediction.label == said.label)
        #expect(abs(explanation.prediction.probability - said.probability) < 1e-5)
      }
    }
  }

  @Test func aSigmoidIsExplainedBothWays() throws {
    try withTemporaryFolder { folder in
      let head = Head {
        Flatten()
        Dense(1, activation: .sigmoid)
      }
      let (model, images) = try model(in: folder, pooling: .none, head: head)
      let explainer = try Explainer(model)
      let maps = try model.labels.map { try explainer.explain(images.items[0].path, label: $0) }
      for (place, heat) in zip(maps[0].heat.values, maps[1].heat.values) { #expect(place == 0 || heat == 0) }
      #expect(maps.contains { $0.hasEvidence })
      #expect(abs(maps[0].probability + maps[1].probability - 1) < 1e-6)
    }
  }

  @Test func whatTheNetworkDoesNotSeeIsNotShown() throws {
    try withTemporaryFolder { folder in
      let (model, _) = try model(in: folder, keepsAspectRatio: true)
      let wide = Bitmap(width: 90, height: 30, red: 9, green: 99, blue: 199)
      let shown = try Explainer(model).explain(wide, file: "wide").photograph
      #expect((shown.width, shown.height) == (30, 30))
    }
  }

  @Test func theOverlayKeepsProportions() throws {
    let photograph = Bitmap(width: 60, height: 30, red: 200, green: 100, blue: 0)
    let prediction = Prediction(file: "a", scores: [Prediction.Score(label: "x", probability: 1)])
    let explanation = Explanation(
      prediction: prediction, label: "x", photograph: photograph,
      heat: HeatMap(width: 2, height: 1, values: [0, 1]))
    let overlay = try explanation.overlay(longest: 20)
    #expect((overlay.width, overlay.height) == (20, 10))
    #expect(try explanation.overlay().width == 60)
    // Cold is violet on the left, hot is yellow on the right.
    let (left, right) = (Array(overlay.pixels.prefix(3)), Array(overlay.pixels.suffix(3)))
    #expect(left[2] > right[2] && right[1] > left[1])
  }

  @Test func refusesAnotherClassAndFeaturesWithoutPlaces() throws {
    try withTemporaryFolder { folder in
      let (model, images) = try model(in: folder)
      #expect(throws: ModelZooError.noSuchClass(name: "cats", classes: DrawnImages.classes)) {
        try Explainer(model).explain(images.items[0].path, label: "cats")
      }
      #expect(throws: ImageError.self) { try Explainer(model).explain("/nowhere.jpg") }
    }
  }
}
