import Foundation
import ModelZoo

func featuresInShards(
  _ backbone: Backbone, _ dataset: Dataset, in folder: URL, to file: URL
) async throws -> Int {
  for index in 0..<4 {
    let shard = try await backbone.writeShard(Shard(index, of: 4), of: dataset, to: folder).value
    print(shard.path, shard.rowCount)
  }
  return try await FeatureShards(folder: folder).merge(to: file).value.rows.files.count
}

func trainedOnFeatures(archive: URL, features folder: URL) throws -> TrainedModel {
  let set = try FeatureSet(contentsOf: folder)
  print(set.count, set.rowShape, set.rows.classNames)
  let backbone = try Backbone(contentsOf: archive, of: set)
  let split = try FeatureSplit(training: set, holdback: ValidationSplit(fraction: 0.5, seed: 7))
  let head = Head { Dense(set.rows.classNames.count, activation: .softmax) }
  return try backbone.train(head, on: split, options: TrainingOptions(seed: 7))
}
