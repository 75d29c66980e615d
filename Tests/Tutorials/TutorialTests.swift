import Foundation
import ModelZoo
import Synchronization
import TestSupport
import Testing

/// Every tutorial's workflow at the network's full size, on weights and images from a seed: what the tutorials
/// print that does not depend on weights must come out to the digit.
@Suite(.serialized) struct TutorialTests {
  private static let keys = ["accuracy", "loss", "val_accuracy", "val_loss"]

  private func parts(
    _ names: [String: Int], of classes: [String], in folder: URL
  ) throws -> String {
    let place = folder.appending(path: "photographs")
    for (seed, part) in names.sorted(by: { $0.key < $1.key }).enumerated() {
      try Materials.images(
        classes, count: part.value, in: place.appending(path: part.key), seed: UInt64(seed))
    }
    return place.path
  }

  /// How much of the loss on the images of `folder` is left of what the untrained head had.
  private func lossLeft(by model: TrainedModel, on folder: String, seed: UInt64 = 0) throws -> Double {
    let table = try model.backbone.features(of: Dataset(folder: folder))
    let samples = Samples(table.features, .classes(table.rows.labels))
    let untrained = try Trainer(
      head: model.head.head, inputShape: model.head.inputShape, loss: model.head.loss, seed: seed)
    let losses = try [untrained, Trainer(model.head)].map { try #require($0.evaluate(samples)["loss"]) }
    #expect(losses.allSatisfy { $0.isFinite && $0 > 0 })
    return losses[1] / losses[0]
  }

  private func network(_ name: String) throws -> CatalogNetwork { try NetworkCatalog().network(name) }

  @Test func ruralOrUrbanByResNet50() throws {
    try withTemporaryFolder { folder in
      let photographs = try parts(["train": 36, "val": 10], of: ["rural", "urban"], in: folder)
      let model = try ruralOrUrban(
        weights: Materials.weights(of: "resnet50", in: folder), photographs: photographs)
      let record = try #require(model.record)
      #expect(record.split.training.foundLine == "Found 72 images belonging to 2 classes.")
      #expect(record.split.validation?.foundLine == "Found 20 images belonging to 2 classes.")
      #expect(model.backbone.inputShape == [224, 224, 3])
      #expect(model.backbone.featureShape == [2048])
      #expect(model.backbone.warnings.isEmpty)
      #expect(model.head.parameterCount == 4098)
      #expect(try network("resnet50").parameterCount == 23_587_712)
      #expect(try network("resnet50").parameterCount + model.head.parameterCount == 23_591_810)
      #expect(model.history.keys == Self.keys)
      #expect(model.history["acc"].count == 1 && model.history["val_acc"] == model.history["val_accuracy"])
      #expect(try lossLeft(by: model, on: photographs + "/train") < 0.8)
      #expect(try lossLeft(by: model, on: photographs + "/val") < 0.8)
      #expect(model.labels == ["rural", "urban"])
    }
  }

  @Test(arguments: [("resnet50", 23_591_810), ("xception", 20_865_578)])
  func ruralOrUrbanWithFlips(name: String, parameters: Int) throws {
    try withTemporaryFolder { folder in
      let photographs = try parts(["train": 12, "val": 4], of: ["rural", "urban"], in: folder)
      let archive = try Materials.archive(of: name, in: folder)
      let cache = FeatureCache(folder: folder.appending(path: "cache").path)
      let train = { (seed: UInt64, threads: Int) in
        try ruralOrUrbanFlipped(
          archive: archive, photographs: photographs, stepsPerEpoch: 2, seed: seed, cache: cache,
          threads: threads)
      }
      let model = try train(123, 2)
      #expect(model.backbone.featureShape == [2048])
      #expect(try network(name).parameterCount + model.head.parameterCount == parameters)
      #expect(model.history.keys == Self.keys)
      #expect(try lossLeft(by: model, on: photographs + "/train", seed: 123) < 1)
      let again = try train(123, 1)
      #expect(again.history == model.history && again.head.parameters == model.head.parameters)
      #expect(try train(124, 2).head.parameters != model.head.parameters)
    }
  }

  @Test func catsAndDogsByVGG16() throws {
    try withTemporaryFolder { folder in
      let photographs = try parts(["train": 8, "val": 3], of: ["cats", "dogs"], in: folder)
      try Materials.images(["unknown"], count: 4, in: URL(fileURLWithPath: photographs + "/test"))
      let (model, test) = try catsAndDogs(
        archive: Materials.archive(of: "vgg16", in: folder), photographs: photographs)
      #expect(model.backbone.featureShape == [7, 7, 512])
      #expect(model.head.parameters.first?.tensor.shape == [25_088, 1024])
      #expect(model.head.parameterCount == 26_741_761)
      #expect(model.history.keys == Self.keys && model.history["val_loss"].count == 5)
      #expect(try lossLeft(by: model, on: photographs + "/train") < 0.5)
      #expect(test.count == 4)
      for prediction in test {
        #expect(prediction.scores.map(\.label).sorted() == ["cats", "dogs"])
        #expect((0.5...1).contains(prediction.probability))
      }
    }
  }

  @Test func catsAndDogsByInceptionV3CutAtMixed7() throws {
    try withTemporaryFolder { folder in
      let photographs = try parts(["training": 10, "validation": 3], of: ["cats", "dogs"], in: folder)
      let lines = Mutex([String]())
      let model = try catsAndDogsFromAnInnerLayer(
        archive: Materials.archive(of: "inception_v3", in: folder), photographs: photographs, epochs: 6,
        log: { line in lines.withLock { $0.append(line) } })
      #expect(model.backbone.featureShape == [7, 7, 768])
      let layers = try model.head.head.summary(inputShape: model.backbone.featureShape)
      #expect(layers.map(\.parameterCount) == [0, 38_536_192, 0, 1025])
      #expect(layers.first?.outputShape == [37_632])
      let accuracies = model.history["acc"]
      #expect(accuracies.count == 6 || accuracies.last.map { $0 >= 0.999 } == true)
      #expect(accuracies.dropLast().allSatisfy { $0 < 0.999 })
      #expect(try lossLeft(by: model, on: photographs + "/training") < 0.1)
      let printed = lines.withLock(\.self)
      #expect(printed.first == "Epoch 1/6" && printed.count == 2 * accuracies.count)
      #expect(
        try #require(printed.last).contains(
          #/^1/1 - \d+s - \d+[mu]?s\/step - accuracy: .+ - loss: .+ - val_accuracy: /#))
    }
  }

  @Test func fourClassesByResNet50() throws {
    try withTemporaryFolder { folder in
      let photographs = folder.appending(path: "photographs")
      try Materials.images(["cats", "dogs", "horses", "Humans"], count: 5, in: photographs)
      let model = try fourClasses(
        archive: Materials.archive(of: "resnet50", in: folder), photographs: photographs.path, epochs: 40)
      let network = try network("resnet50")
      #expect(model.head.parameterCount == 1_181_444)
      #expect(network.parameterCount + model.head.parameterCount == 24_769_156)
      #expect(network.trainableParameterCount + model.head.parameterCount == 24_716_036)
      #expect(network.parameterCount - network.trainableParameterCount == 53_120)
      #expect(model.labels == ["Humans", "cats", "dogs", "horses"])
      #expect(model.history["val_acc"].count == 40)
      let losses = model.history["val_loss"]
      #expect(try #require(losses.last) < 0.8 * losses[0])
      #expect(try lossLeft(by: model, on: photographs.path, seed: 2) < 0.5)
      #expect(try #require(model.history["accuracy"].last) > 0.5)

      let path = folder.appending(path: "animals.zoo.safetensors").path
      try model.save(to: path)
      let loaded = try TrainedModel(contentsOf: path)
      let logs = try loaded.evaluate(on: Dataset(folder: photographs.path))
      #expect(logs.entries.map(\.name) == ["accuracy", "loss"])
      let image = photographs.appending(path: "cats/0.png").path
      let prediction = try #require(loaded.predict(Dataset(images: [image])).predictions.first)
      #expect(prediction.scores.count == 4)
      #expect(abs(prediction.scores.reduce(0) { $0 + $1.probability } - 1) < 1e-5)
    }
  }

  @Test func fourClassesByVGG16() throws {
    try withTemporaryFolder { folder in
      let photographs = folder.appending(path: "photographs")
      try Materials.images(["cats", "dogs", "horses", "Humans"], count: 5, in: photographs)
      let archive = try Materials.archive(of: "vgg16", in: folder)
      let linear = try fourClassesByALinearClassifier(archive: archive, photographs: photographs.path)
      #expect(linear.fit?.hasConverged == true)
      #expect(linear.head.parameterCount == 2052)
      #expect(linear.history.keys == Self.keys && linear.history["accuracy"] == [1])
      #expect(try #require(linear.history["val_accuracy"].last) >= 0.75)
      let machine = try fourClassesByASupportVectorMachine(
        archive: archive, photographs: photographs.path)
      #expect(machine.backbone.featureShape == [512])
      #expect(machine.head.parameterCount == 4 * 512 + 2052)
      #expect(machine.head.nonTrainableParameterCount == 1024)
      #expect(machine.history["loss"].count == 12)
      #expect(try lossLeft(by: machine, on: photographs.path, seed: 2) < 0.5)
      #expect(try #require(machine.history["accuracy"].last) >= 0.75)
    }
  }
}
