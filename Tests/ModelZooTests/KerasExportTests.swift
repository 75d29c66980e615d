import Foundation
import ModelZoo
import TestSupport
import Testing

/// Weights that go back to Keras are those that came from it, bit for bit.
@Suite("Export to Keras and NumPy") struct KerasExportTests {
  /// File, archive, file: the same bytes, in the layout of every era, Theano's order of kernels among them.
  @Test(arguments: ["deepcognition-tf", "deepcognition-th", "rcmalli-tf", "keras2", "keras3"])
  func aFileComesBackAsItWas(set: String) throws {
    try withTemporaryFolder { folder in
      func path(_ name: String) -> String { folder.appending(path: name).path }
      try NetworkCatalog().syntheticWeights(of: "squeezenet", weightSet: set, seed: 3).write(to: path("a.h5"))
      try NetworkCatalog().convert(path("a.h5"), to: path("a.zoo.safetensors"))
      let export = try ModelExport(contentsOf: path("a.zoo.safetensors"))
      let summary = try export.write(to: path("b.h5"), as: .kerasH5())
      #expect(summary.tensorCount == 50 && summary.valueCount == 722_496)
      #expect(FileManager.default.contentsEqual(atPath: path("a.h5"), andPath: path("b.h5")))
    }
  }

  /// In today's forms the tensors are the same when they come back, under the same names.
  @Test(arguments: [
    (ExportFormat.kerasWeights, "b.weights.h5"), (.kerasH5(era: "keras3"), "b.h5"), (.keras, "b.keras"),
  ])
  func everyFormIsReadAgain(format: ExportFormat, name: String) throws {
    try withTemporaryFolder { folder in
      func path(_ name: String) -> String { folder.appending(path: name).path }
      let archive = try SyntheticArchive.write("mobilenet_0.25", to: folder)
      try ModelExport(contentsOf: archive).write(to: path(name), as: format)
      let report = try NetworkCatalog().convert(path(name), to: path("again.zoo.safetensors"))
      #expect(report.recognition.network == "mobilenet_0.25")
      try Self.expectEqual(Archive(contentsOf: archive), Archive(contentsOf: path("again.zoo.safetensors")))
    }
  }

  private static func expectEqual(_ first: Archive, _ second: Archive) throws {
    #expect(first.names == second.names)
    for name in first.names { #expect(try first.values(of: name) == second.values(of: name), "\(name)") }
  }

  /// A `Normalization` has a counter in Keras, which an archive leaves out: a place for it is there.
  @Test(arguments: [(ExportFormat.kerasWeights, "b.weights.h5"), (.kerasH5(era: "keras3"), "b.h5")])
  func countersHaveTheirPlace(format: ExportFormat, name: String) throws {
    try withTemporaryFolder { folder in
      func path(_ name: String) -> String { folder.appending(path: name).path }
      let archive = try SyntheticArchive.write("efficientnet_b0", to: folder)
      try ModelExport(contentsOf: archive).write(to: path(name), as: format)
      try NetworkCatalog().convert(path(name), to: path("again.zoo.safetensors"))
      try Self.expectEqual(Archive(contentsOf: archive), Archive(contentsOf: path("again.zoo.safetensors")))
      let bytes = try Data(contentsOf: URL(fileURLWithPath: path(name)))
      #expect((bytes.range(of: Data("normalization/count".utf8)) != nil) == (name == "b.h5"))
    }
  }

  @Test func aTrainedModelComesBackWithItsHead() throws {
    try withTemporaryFolder { folder in
      func path(_ name: String) -> String { folder.appending(path: name).path }
      let photographs = folder.appending(path: "photographs")
      try DrawnImages.write(to: photographs, perClass: 2)
      let dataset = try Dataset(folder: photographs)
      let archive = try SyntheticArchive.write("mobilenet_0.25", to: folder)
      let backbone = try Backbone(contentsOf: archive, options: BackboneOptions(size: 64))
      let head = Head {
        Dense(5, activation: .relu)
        Dense(3, activation: .softmax)
      }
      let model = try backbone.train(head, on: dataset, options: TrainingOptions(fit: .epochs(1)))
      try model.save(to: path("model.zoo.safetensors"))
      let export = try ModelExport(contentsOf: path("model.zoo.safetensors"))
      let summary = try export.write(to: path("model.keras"), as: .keras)
      #expect(summary.output?.shape == [3] && summary.kind == .probabilities)
      #expect(
        summary.notes == [
          "what it reads is preprocessed by 'tf', which its metadata say and Keras does not do"
        ])
      let options = ConversionOptions(preprocessing: .tf, labels: dataset.classes)
      try NetworkCatalog().convert(path("model.keras"), to: path("again.zoo.safetensors"), options: options)
      let again = try TrainedModel(contentsOf: path("again.zoo.safetensors"))
      let (expected, found) = (try model.predict(dataset).predictions, try again.predict(dataset).predictions)
      #expect(expected == found)
    }
  }

  @Test func anEraOfAnotherGraphIsRefused() throws {
    try withTemporaryFolder { folder in
      let archive = try SyntheticArchive.write("squeezenet", to: folder, variant: "plain")
      let export = try ModelExport(contentsOf: archive)
      let path = folder.appending(path: "a.h5").path
      let refusal = try #require(throws: ModelZooError.self) {
        try export.write(to: path, as: .kerasH5(era: "keras1"))
      }
      #expect("\(refusal)".contains("files of keras1 are of drop9, which computes something else"))
      #expect(throws: ModelZooError.self) { try export.write(to: path, as: .kerasH5(era: "keras9")) }
      #expect(!FileManager.default.fileExists(atPath: path))
    }
  }

  @Test func arraysLieAsNumPyMapsThem() throws {
    try withTemporaryFolder { folder in
      let archive = try SyntheticArchive.write("squeezenet", to: folder)
      let path = folder.appending(path: "a.npz").path
      let summary = try ModelExport(contentsOf: archive).write(to: path, as: .npz)
      let zip = try ZipArchive(FileBytes(path: path))
      #expect(summary.tensorCount == 50 && zip.members.count == 50)
      let member = try #require(zip["conv1/kernel.npy"])
      #expect(zip.members.first?.name == member.name)
      let bytes = try zip.contents(of: member, atMost: 1 << 20)
      let values = try Archive(contentsOf: archive).values(of: "conv1/kernel").scalars
      #expect(String(decoding: bytes[10..<100], as: UTF8.self).contains("'descr': '<f4'"))
      #expect(bytes.count == 192 + values.count * 4)
      #expect(bytes[192..<196].reversed().reduce(0) { $0 << 8 | UInt32($1) } == values[0].bitPattern)
    }
  }
}
