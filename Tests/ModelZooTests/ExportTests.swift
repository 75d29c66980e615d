import Foundation
import ModelZoo
import TestSupport
import Testing

/// Networks and trained models for other programs. What those make of them, `make parity-export` compares.
@Suite("Export") struct ExportTests {
  private static func message(_ path: String) throws -> MessageReader {
    try #require(MessageReader([UInt8](Data(contentsOf: URL(fileURLWithPath: path)))[...]))
  }

  private static func metadata(_ model: MessageReader) -> [String: String] {
    Dictionary(model.messages(14).map { ($0.texts(1)[0], $0.texts(2)[0]) }) { first, _ in first }
  }

  @Test func aTrainedModelTakesItsHeadAndItsLabelsAlong() throws {
    try withTemporaryFolder { folder in
      let photographs = folder.appending(path: "photographs")
      try DrawnImages.write(to: photographs, perClass: 2)
      let archive = try SyntheticArchive.write("squeezenet", to: folder)
      let backbone = try Backbone(contentsOf: archive, options: BackboneOptions(size: 64))
      let head = Head {
        Dense(4, activation: .relu)
        Dropout(0.5)
        Dense(3, activation: .softmax)
      }
      let model = try backbone.train(
        head, on: Dataset(folder: photographs), options: TrainingOptions(fit: .epochs(1)))
      let saved = folder.appending(path: "model.zoo.safetensors").path
      try model.save(to: saved)
      let path = folder.appending(path: "model.onnx").path
      let export = try ModelExport(contentsOf: saved)
      let summary = try export.write(to: path, as: .onnx(ONNXOptions()))
      #expect(summary.kind == .probabilities && summary.output?.shape == [3] && summary.weightsPath == nil)
      #expect(summary.tensorCount == 54 && export.labels == DrawnImages.classes)
      let found = try Self.message(path)
      let texts = Self.metadata(found)
      #expect(texts["labels"] == #"["discs","noise","stripes"]"# && texts["output"] == "probabilities")
      #expect(texts["archive_sha256"] == (try Archive(contentsOf: saved)).digest)
      let graph = found.messages(7)[0]
      let kernel = try #require(graph.messages(5).first { $0.texts(8) == ["head/dense_1/kernel"] })
      let trained = try Archive(contentsOf: saved).values(of: "head/dense_1/kernel").scalars
      let written = Array(kernel.bytes(9)[0])
      #expect(
        written
          == trained.flatMap { number in
            (0..<4).map { UInt8(truncatingIfNeeded: number.bitPattern >> (8 * $0)) }
          })

      // In memory, and read from a file: the same.
      let again = folder.appending(path: "again.onnx").path
      try ModelExport(TrainedModel(contentsOf: saved)).write(to: again, as: .onnx(ONNXOptions()))
      #expect(FileManager.default.contentsEqual(atPath: path, andPath: again))
      #expect(throws: ModelZooError.modelsOwnImages(archive: saved)) {
        try ModelExport(contentsOf: saved, options: BackboneOptions(size: 96))
      }
      // Its features are asked for by a pooling.
      let features = try ModelExport(contentsOf: saved, options: BackboneOptions(pooling: .average))
      #expect(features.output == .features && features.backbone.inputShape == [64, 64, 3])
    }
  }

  @Test func weightsBesideAreSaidAndNoInputIsReplaced() throws {
    try withTemporaryFolder { folder in
      let archive = try SyntheticArchive.write("squeezenet", to: folder)
      let export = try ModelExport(contentsOf: archive, options: BackboneOptions(size: 48))
      let path = folder.appending(path: "a.onnx").path
      let summary = try export.write(to: path, as: .onnx(ONNXOptions(largestModelByteCount: 100_000)))
      #expect(summary.weightsPath == path + ".data")
      #expect(summary.byteCount > 722_496 * 4)
      #expect(try Data(contentsOf: URL(fileURLWithPath: path)).count < 100_000)
      #expect(throws: FileError.isInput(path: archive, input: archive)) {
        try export.write(to: archive, as: .onnx(ONNXOptions()))
      }
    }
  }

  @Test func aCancelledJobLeavesNothing() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "zoo-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let archive = try SyntheticArchive.write("squeezenet", to: folder)
    let export = try ModelExport(contentsOf: archive, options: BackboneOptions(size: 48))
    let path = folder.appending(path: "a.onnx").path
    struct Enough: Error {}
    #expect(throws: Enough.self) {
      try export.write(to: path, as: .onnx(ONNXOptions())) { done, total in
        if done * 2 > total { throw Enough() }
      }
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 1)
    let job = export.start(to: path, as: .onnx(ONNXOptions()))
    var last: ExportEvent?
    for await event in job.events { last = event }
    #expect(last == .values(done: 722_496, total: 722_496))
    #expect(try await job.value.path == path)
  }
}
