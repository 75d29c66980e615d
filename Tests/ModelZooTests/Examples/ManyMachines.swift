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
