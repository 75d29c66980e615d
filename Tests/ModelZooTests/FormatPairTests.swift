import Catalog
import Foundation
import ModelZoo
import TestSupport
import Testing
import TorchWeights
import WeightConversion

/// A network that goes from an archive into one format, back, into another and back again is the same, bit for bit.
@Suite struct FormatPairTests {
  private static let weights: [ExportFormat] = [.kerasH5(era: "keras3"), .kerasWeights, .npz]
  private static let models: [ExportFormat] = [.keras, .onnx(ONNXOptions())]

  @Test(arguments: weights + [.keras], weights + models)
  func networksOfKeras(first: ExportFormat, second: ExportFormat) throws {
    try withTemporaryFolder { folder in
      try Self.check(SyntheticArchive.write("mobilenet_0.25", to: folder), [first, second], in: folder)
    }
  }

  @Test(arguments: [ExportFormat.torch(), .npz], [ExportFormat.torch(), .npz] + models)
  func networksOfPyTorch(first: ExportFormat, second: ExportFormat) throws {
    try withTemporaryFolder { folder in
      try Self.check(Self.archiveOfPyTorch(folder), [first, second], in: folder)
    }
  }

  @Test(arguments: models, models) func graphsOfTheirOwn(first: ExportFormat, second: ExportFormat) throws {
    try withTemporaryFolder { folder in
      try Self.check(Self.archiveOfPyTorch(folder), [first, second], in: folder)
    }
  }

  /// What has a graph of its own takes it along in whole models alone: weights say of what they are, and are refused.
  @Test(arguments: models, weights)
  func weightsOfAnUnknownGraphAreRefused(first: ExportFormat, second: ExportFormat) throws {
    try withTemporaryFolder { folder in
      func path(_ name: String) -> String { folder.appending(path: name).path }
      try ModelExport(contentsOf: Self.archiveOfPyTorch(folder)).write(to: path("a"), as: first)
      let report = try NetworkCatalog().convert(path("a"), to: path("a.zoo.safetensors"))
      let export = try ModelExport(contentsOf: path("a.zoo.safetensors"))
      try export.write(to: path("b"), as: second)
      let error = #expect(throws: ConversionError.self) {
        try NetworkCatalog().convert(path("b"), to: path("b.zoo.safetensors"))
      }
      #expect(
        error?.description.contains("its weights are of \(report.recognition.network), whose graph") == true)
      #expect(!FileManager.default.fileExists(atPath: path("b.zoo.safetensors")))
      #expect(throws: TorchWeightsError.self) { try export.write(to: path("c"), as: .torch()) }
    }
  }

  /// NumPy leaves out what says so when it saves arrays again: then the graph can be named.
  @Test func theGraphOfArraysCanBeNamed() throws {
    try withTemporaryFolder { folder in
      func path(_ name: String) -> String { folder.appending(path: name).path }
      let archive = try Self.archiveOfPyTorch(folder)
      try ModelExport(contentsOf: archive).write(to: path("a.npz"), as: .npz)
      var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path("a.npz"))))
      let text = "zoo: network squeezenet, graph torchvision"
      #expect(bytes.suffix(text.utf8.count).elementsEqual(text.utf8))
      bytes.removeLast(text.utf8.count)
      bytes.replaceSubrange((bytes.count - 2)..., with: [0, 0])
      try Data(bytes).write(to: URL(fileURLWithPath: path("b.npz")))
      for (graph, isSame) in [("torchvision", true), (nil, false)] {
        let report = try NetworkCatalog().convert(
          path("b.npz"), to: path("b.zoo.safetensors"), options: ConversionOptions(graph: graph))
        #expect((report.recognition.graph == "torchvision") == isSame)
      }
    }
  }

  private static func archiveOfPyTorch(_ folder: URL) throws -> String {
    let target = try ConversionTarget("squeezenet", of: .embedded, graph: "torchvision")
    let (weights, archive) = (
      folder.appending(path: "w").path, folder.appending(path: "w.zoo.safetensors").path
    )
    try SyntheticStateDictionary(target, #require(target.weightSets.first), seed: 3).write(to: weights)
    try NetworkCatalog().convert(weights, to: archive)
    return archive
  }

  /// Names of layers are kept but for signs that a format has not; what an ONNX model has is named by its operators.
  private static func check(_ archive: String, _ formats: [ExportFormat], in folder: URL) throws {
    let options = BackboneOptions(height: 64, width: 64, isExact: true)
    let pixels = (0..<64 * 64 * 3).map { (index: Int) -> UInt8 in UInt8(index * (index % 89) % 251) }
    let image = try Bitmap(width: 64, height: 64, pixels: pixels)
    let wanted = try values(of: archive)
    let features = try Backbone(contentsOf: archive, options: options).features(of: image)
    var (place, isRenamed) = (archive, false)
    for (index, format) in formats.enumerated() {
      let file = folder.appending(path: "\(index).\(format.fileExtension)").path
      try ModelExport(contentsOf: place, options: options).write(to: file, as: format)
      place = folder.appending(path: "\(index).zoo.safetensors").path
      try NetworkCatalog().convert(file, to: place)
      if case .onnx = format { isRenamed = true }
      let found = try values(of: place)
      func names(_ tensors: [String: Bits]) -> [String] {
        tensors.keys.map { String($0.map { $0 == "/" ? "_" : $0 }) }.sorted()
      }
      if !isRenamed { #expect(names(found) == names(wanted)) }
      #expect(counts(found) == counts(wanted))
      let same = try Backbone(contentsOf: place, options: options).features(of: image) == features
      #expect(same)
    }
  }

  private struct Bits: Hashable {
    var shape: [Int]
    var numbers: [UInt32]
  }

  private static func values(of archive: String) throws -> [String: Bits] {
    let archive = try Archive(contentsOf: archive)
    return try Dictionary(
      uniqueKeysWithValues: archive.names.map { name in
        let tensor = try archive.values(of: name)
        return (name, Bits(shape: tensor.shape.dimensions, numbers: tensor.scalars.map(\.bitPattern)))
      })
  }

  /// How often each tensor is there, whatever its name.
  private static func counts(_ tensors: [String: Bits]) -> [Bits: Int] {
    Dictionary(grouping: tensors.values) { $0 }.mapValues(\.count)
  }
}
