import Foundation
import ModelZoo

func printFeatures(archive: URL, photographs: URL) async throws {
  let backbone = try Backbone(contentsOf: archive, options: BackboneOptions(size: 224))
  let dataset = try Dataset(folder: photographs)
  for try await row in backbone.features(of: dataset) {
    print(row.file, row.features.shape, row.features.scalars.prefix(3))
  }
}

func collectFeatures(_ backbone: Backbone, _ dataset: Dataset, cache: URL) async throws -> FeatureTable {
  let options = ExtractionOptions(batchSize: 16, cache: try FeatureCache(folder: cache))
  let table = try await backbone.features(of: dataset, options: options)
  for image in table.skipped { print(image.error) }
  return table
}

func saveFeatures(_ backbone: Backbone, _ dataset: Dataset, to file: URL) async throws -> Int {
  let job = try backbone.writeFeatures(of: dataset, to: file)
  for await event in job.events {
    switch event {
    case .images(let done, let total): print("\(done) of \(total)")
    case .skipped(let image): print("left out:", image.error)
    case .cached(let use): print("\(use.found) from the cache, \(use.computed) computed")
    case .caveat(let found): print("note:", found)
    }
  }
  return try await job.value.rows.files.count
}

func featuresOfTwoLayers(_ backbone: Backbone, _ dataset: Dataset) async throws -> [FeatureTable] {
  for layer in try backbone.layers where layer.type == "Concatenate" {
    print(layer.name, layer.outputShape, layer.parameterCount)
  }
  let taps = try backbone.taps(at: ["fire3/concat", "fire9/concat"])
  let tables = try await taps.features(of: dataset)
  for (layer, table) in zip(taps.layers, tables) { print(layer, table.features.shape) }
  return tables
}

func drawFeatures(_ table: FeatureTable, to plot: URL) throws {
  try table.principalComponents().write(to: plot)
}
