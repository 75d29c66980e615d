import Foundation
import ModelZoo

func exportFeatures(archive: URL, to file: URL) async throws -> ExportSummary {
  let backbone = try Backbone(contentsOf: archive, options: BackboneOptions(size: 224))
  let job = ModelExport(backbone).start(to: file.path, as: .onnx(ONNXOptions()))
  for await event in job.events {
    if case .values(let done, let total) = event { print("\(done) of \(total)") }
  }
  return try await job.value
}

func exportClassifier(_ model: URL, to file: URL) throws {
  let export = try ModelExport(contentsOf: model.path)
  for warning in export.warnings { print(warning) }
  let summary = try export.write(to: file.path, as: .onnx(ONNXOptions(layout: .nchw, batchSize: 1)))
  if let input = summary.input, let output = summary.output {
    print(input.name, input.shape, output.name, output.shape, export.labels)
  }
}

func exportToKeras(_ model: URL, into folder: URL) throws {
  let export = try ModelExport(contentsOf: model.path)
  try export.write(to: folder.appending(path: "model.keras").path, as: .keras)
  try export.write(to: folder.appending(path: "model.weights.h5").path, as: .kerasWeights)
  try export.write(to: folder.appending(path: "model.h5").path, as: .kerasH5(era: "keras2"))
  try export.write(to: folder.appending(path: "model.npz").path, as: .npz)
}
