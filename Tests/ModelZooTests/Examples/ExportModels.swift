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
  print(summary.input.name, summary.input.shape, summary.output.name, summary.output.shape, export.labels)
}
