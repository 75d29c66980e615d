import Foundation
import ModelZoo
import TestSupport
import Testing

struct TrainedModelTests {
  private func train(
    in folder: URL, head: Head = Head { Dense(3, activation: .softmax) },
    options: TrainingOptions = TrainingOptions(fit: .epochs(120, batchSize: 8), seed: 3)
  ) throws -> TrainedModel {
    let path = try SyntheticArchive.write("squeezenet", to: folder)
    let photos = folder.appending(path: "photos")
    try DrawnImages.write(to: photos, perClass: 8)
    let backbone = try Backbone(contentsOf: path, options: BackboneOptions(size: 64))
    let split = try Dataset(folder: photos.path).split(validation: 0.25, seed: 3)
    return try backbone.train(head, on: split, options: options)
  }

  @Test func learnsSavesLoadsAndPredicts() throws {
    try withTemporaryFolder { folder in
      let model = try train(in: folder)
      #expect(model.labels == DrawnImages.classes)
      #expect(model.history.keys == ["accuracy", "loss", "val_accuracy", "val_loss"])
      #expect(try #require(model.history["val_accuracy"].last) >= 0.9)
      let path = folder.appending(path: "model.zoo.safetensors").path
      try model.save(to: path)
      let loaded = try TrainedModel(contentsOf: path)
      #expect(loaded.labels == model.labels)
      #expect(loaded.history == model.history)
      #expect(loaded.head.parameters == model.head.parameters)
      #expect(loaded.backbone.recipe == model.backbone.recipe)
      let images = try Dataset(images: [folder.appending(path: "photos").path])
      let (predictions, skipped) = try loaded.predict(images)
      #expect(try predictions == model.predict(images).predictions)
      #expect(skipped.isEmpty)
      let right = predictions.filter { $0.file.hasPrefix($0.label + "/") }
      #expect(right.count >= predictions.count - 1)
      for prediction in predictions {
        #expect(prediction.scores.count == 3)
        #expect(abs(prediction.scores.map(\.probability).reduce(0, +) - 1) < 1e-5)
      }
    }
  }

  /// What every release wrote stays readable, and says the same.
  @Test func readsWhatTheFirstReleaseWrote() throws {
    let model = try TrainedModel(contentsOf: Repository.fixture("trained-v1/golden.zoo.safetensors"))
    #expect(
      model.head.head.description
        == "batch_normalization(momentum=0.9, epsilon=0.01), dense(6, gelu, kernel_initializer=he_normal, l2=0.001), "
        + "activation(leaky_relu), global_average_pooling, unit_normalization, dropout(0.25), dense(3, softmax)"
    )
    #expect(model.labels == ["circles", "noise", "stripes"])
    #expect(model.history["val_loss"].count == 30)
    let data = try Data(contentsOf: URL(fileURLWithPath: Repository.fixture("trained-v1/expected.json")))
    let expected = try JSONDecoder().decode([String: Float].self, from: data)
    let dataset = try Dataset(images: [Repository.fixture("trained-v1/picture.png")])
    let prediction = try #require(try model.predict(dataset).predictions.first)
    #expect(prediction.scores.count == 3)
    for score in prediction.scores {
      #expect(abs(score.probability - (expected[score.label] ?? .nan)) < 2e-6, "\(score)")
    }
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "again.zoo.safetensors").path
      try model.save(to: path)
      let again = try TrainedModel(contentsOf: path)
      #expect(again.head.head == model.head.head)
      #expect(try again.predict(dataset).predictions == model.predict(dataset).predictions)
    }
  }

  /// Images through the whole network, features on their way into a cache, features out of it, and the head alone on a table
  /// of features: one answer, to the bit, for any number of threads and any batch.
  @Test(arguments: [FeaturePooling.none, .average]) func everyWayToAnAnswerGivesTheSame(
    pooling: FeaturePooling
  ) throws {
    try withTemporaryFolder { folder in
      let archive = try SyntheticArchive.write("squeezenet", to: folder)
      let photos = folder.appending(path: "photos")
      try DrawnImages.write(to: photos, perClass: 4)
      let backbone = try Backbone(contentsOf: archive, options: BackboneOptions(size: 64, pooling: pooling))
      let layers = "dense(16, relu), batch_normalization, dropout(0.5), dense(3, softmax)"
      let head = try Head(pooling == .none ? "flatten, \(layers)" : layers)
      let dataset = try Dataset(folder: photos.path)
      let trained = try backbone.train(head, on: dataset, options: TrainingOptions(fit: .epochs(2), seed: 1))
      let path = folder.appending(path: "model.zoo.safetensors").path
      try trained.save(to: path)
      let outputs = try trained.head.predict(backbone.features(of: dataset).features)
      let evaluation = try trained.evaluation(on: dataset)
      #expect(evaluation.confusion.total == 12)
      let cache = FeatureCache(folder: folder.appending(path: "cache").path)
      for (threads, batch) in [(1, 32), (3, 5)] {
        let model = try TrainedModel(contentsOf: path, threads: threads)
        for cache in [nil, cache, cache] {
          let options = ExtractionOptions(batchSize: batch, cache: cache)
          let predictions = try model.predict(dataset, options: options).predictions
          #expect(predictions.count == 12)
          for (row, prediction) in predictions.enumerated() {
            for score in prediction.scores {
              let output = try #require(model.labels.firstIndex(of: score.label))
              #expect(score.probability == outputs.scalars[row * 3 + output])
            }
          }
          let logs = try model.evaluate(on: dataset, extraction: ExtractionOptions(cache: cache))
          #expect(logs == evaluation.logs)
        }
      }
    }
  }

  @Test func oneSeedDecidesEveryByte() throws {
    try withTemporaryFolder { folder in
      let (first, second) = (folder.appending(path: "1").path, folder.appending(path: "2").path)
      try train(in: folder).save(to: first)
      try train(in: folder).save(to: second)
      #expect(FileManager.default.contentsEqual(atPath: first, andPath: second))
    }
  }

  /// Saving over the archive the backbone was loaded from, and training a trained model's backbone again.
  @Test func aTrainedModelsBackboneTrainsAgain() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "model.zoo.safetensors").path
      try train(
        in: folder,
        head: Head {
          Dense(5, activation: .relu)
          Dense(3, activation: .softmax)
        }
      )
      .save(to: path)
      let backbone = try Backbone(contentsOf: path, options: BackboneOptions(size: 64))
      let photos = try Dataset(folder: folder.appending(path: "photos").path)
      let again = try backbone.train(Head { Dense(3, activation: .softmax) }, on: photos)
      try again.save(to: path)
      let loaded = try TrainedModel(contentsOf: path)
      #expect(loaded.head.parameters.map(\.name) == ["head/dense/kernel", "head/dense/bias"])
      #expect(loaded.head.parameters == again.head.parameters)
    }
  }

  @Test func aSigmoidTellsTwoClassesApart() throws {
    try withTemporaryFolder { folder in
      let path = try SyntheticArchive.write("squeezenet", to: folder)
      let photos = folder.appending(path: "photos")
      try DrawnImages.write(to: photos, perClass: 6)
      try FileManager.default.removeItem(at: photos.appending(path: "noise"))
      let backbone = try Backbone(contentsOf: path, options: BackboneOptions(size: 64))
      let model = try backbone.train(
        Head { Dense(1, activation: .sigmoid) }, on: Dataset(folder: photos.path),
        options: TrainingOptions(fit: .epochs(60, batchSize: 4)))
      let images = try Dataset(images: [photos.path])
      for prediction in try model.predict(images).predictions {
        #expect(prediction.file.hasPrefix(prediction.label + "/"))
        #expect(prediction.scores.count == 2)
      }
    }
  }

  @Test func aLinearFitSavesAndLoadsLikeAnyHead() throws {
    try withTemporaryFolder { folder in
      let options = TrainingOptions(
        fit: .linear(LinearFit(strength: .crossValidated(candidates: [0.1, 1], folds: 3))), seed: 3)
      let model = try train(in: folder, options: options)
      let fit = try #require(model.fit)
      #expect(fit.hasConverged)
      #expect(fit.candidates.count == 2)
      #expect(model.history.keys == ["accuracy", "loss", "val_accuracy", "val_loss"])
      #expect(try #require(model.history["val_accuracy"].last) >= 0.9)
      let path = folder.appending(path: "model.zoo.safetensors").path
      try model.save(to: path)
      let loaded = try TrainedModel(contentsOf: path)
      #expect(loaded.head.parameters == model.head.parameters)
      #expect(loaded.fit?.strength == nil)
    }
  }

  @Test func refusesALinearFitOfAnotherHead() throws {
    try withTemporaryFolder { folder in
      let head = Head {
        Dense(5, activation: .relu)
        Dense(3, activation: .softmax)
      }
      #expect(throws: TrainingError.self) {
        try train(in: folder, head: head, options: TrainingOptions(fit: .linear(LinearFit())))
      }
    }
  }

  @Test func refusesAHeadThatDoesNotFitTheClasses() throws {
    try withTemporaryFolder { folder in
      let classes = DrawnImages.classes
      #expect(throws: ModelZooError.headDoesNotFit(outputs: 4, classes: classes)) {
        try train(in: folder, head: Head { Dense(4, activation: .softmax) })
      }
      #expect(throws: ModelZooError.headDoesNotFit(outputs: 1, classes: classes)) {
        try train(in: folder, head: Head { Dense(1, activation: .sigmoid) })
      }
    }
  }

  @Test func refusesABackboneWhereAModelIsWanted() throws {
    try withTemporaryFolder { folder in
      let path = try SyntheticArchive.write("squeezenet", to: folder)
      #expect(throws: ModelZooError.noHead(archive: path)) { try TrainedModel(contentsOf: path) }
    }
  }
}
