import Catalog
import Errors
import Foundation
import KerasWeights
import ModelZoo
import TensorArchive
import TestSupport
import Tensors
import Testing
import TorchWeights
import WeightConversion

/// What comes of PyTorch goes back as it came: the same names, shapes and numbers; what PyTorch cannot compute is refused.
@Suite struct TorchExportTests {
  /// With a classifier, and of VGG with one that reads flattened features.
  @Test(arguments: [
    ("mobilenet_v3_small", "torchvision"), ("efficientnet_b0", "torchvision"),
    ("convnext_tiny", "torchvision"),
    ("squeezenet", "torchvision"), ("inception_v3", "torchvision"), ("densenet121", "torchvision"),
    ("vgg16", "torchvision"), ("resnet18", "torchvision"), ("vgg11_bn", "timm"),
    ("mobilenet_v3_small", "timm"), ("efficientnet_b0", "timm"), ("convnext_tiny", "timm"),
    ("xception", "timm"), ("efficientnet_v2_b0", "timm"), ("mobilenet_v2_0.35", "timm"),
    ("mobilenet", "timm"),
  ])
  func everyTensorComesBack(identifier: String, graph: String) throws {
    let target = try ConversionTarget(identifier, of: .embedded, graph: graph)
    let set = try #require(target.weightSets.first)
    try withTemporaryFolder { folder in
      let (weights, archive, back) = ("\(folder.path)/w", "\(folder.path)/a", "\(folder.path)/b")
      try SyntheticStateDictionary(target, set, seed: 3, classes: 7).write(to: weights)
      let catalog = try NetworkCatalog()
      let report = try catalog.convert(weights, to: archive)
      #expect(report.recognition.classCount == 7 && report.recognition.graph == graph)
      let export = try catalog.torchExport(of: archive)
      try export.write(to: back)
      let (first, second) = (try Archive(contentsOf: weights), try Archive(contentsOf: back))
      #expect(Set(first.names) == Set(second.names) && export.missingModules == [])
      #expect(export.tensors.count == second.names.count)
      for name in first.names {
        let (own, other) = (try first.tensor(named: name), try second.tensor(named: name))
        #expect(own.shape == other.shape && own.scalarType == other.scalarType, "\(name)")
        #expect(own.withBytes { $0.elementsEqual(other) }, "\(identifier): \(name)")
      }
    }
  }

  /// How pixels are scaled stands in a whole model, also where its graph is one of Keras's that scales them otherwise.
  @Test(arguments: [("squeezenet", "squeezenet_changed"), ("vgg16", "vgg16_changed")])
  func preprocessingComesBack(identifier: String, name: String) throws {
    try withTemporaryFolder { folder in
      func path(_ name: String) -> String { folder.appending(path: name).path }
      let catalog = try NetworkCatalog()
      let target = try ConversionTarget(identifier, of: .embedded, graph: "torchvision")
      try SyntheticStateDictionary(target, #require(target.weightSets.first), seed: 3).write(to: path("w"))
      try catalog.convert(path("w"), to: path("a.zoo.safetensors"))
      let summary = try ModelExport(contentsOf: path("a.zoo.safetensors")).write(
        to: path("b.keras"), as: .keras)
      #expect(summary.notes.contains { $0.contains("'torch', which its metadata say") })
      let report = try catalog.convert(path("b.keras"), to: path("b.zoo.safetensors"))
      #expect(report.recognition.network == name)
      let backbone = try Backbone(
        contentsOf: path("b.zoo.safetensors"), options: BackboneOptions(height: 64, width: 64))
      #expect(backbone.recipe.preprocessing == .torch)
    }
  }

  /// A file, its archive and what is exported of that are one network; cut at a layer it gives that layer's features.
  @Test func filesAreComparedAndCut() throws {
    let target = try ConversionTarget("squeezenet", of: .embedded, graph: "torchvision")
    try withTemporaryFolder { folder in
      let (weights, archive, cut, back) = (
        "\(folder.path)/w", "\(folder.path)/a", "\(folder.path)/c", "\(folder.path)/b"
      )
      try SyntheticStateDictionary(target, #require(target.weightSets.first), seed: 3).write(to: weights)
      let catalog = try NetworkCatalog()
      let conversion = try catalog.conversion(of: weights)
      let proof = try catalog.writeProved(conversion, to: archive).proof
      #expect(proof.tensorCount == 50 && proof.features.largestShare == 0)
      try catalog.torchExport(of: archive).write(to: back)
      for file in [archive, back] {
        let found = try catalog.compare(weights, with: file)
        #expect(found.isEqual && found.tensors.allSatisfy { $0.match == .parameter }, "\(found.summary)")
        #expect(found.tensors.contains { $0.first?.storedShape != $0.first?.shape })
      }
      let layer = "fire4/concat"
      let report = try catalog.convert(weights, to: cut, options: ConversionOptions(layer: layer))
      #expect(report.recognition.network == "squeezenet_cut" && report.recognition.tensorCount == 20)
      let image = try Bitmap(width: 2, height: 2, pixels: [9, 80, 200, 7, 30, 99, 250, 1, 60, 77, 5, 128])
      let own = try Backbone(contentsOf: cut).features(of: image)
      let whole = try Backbone(contentsOf: archive, options: BackboneOptions(layer: layer))
      #expect(try own == whole.features(of: image) && own.scalars.contains { $0 != 0 })
    }
  }

  /// A network alone says which modules are missing.
  @Test func aMissingClassifierIsSaid() throws {
    let target = try ConversionTarget("mobilenet_v2", of: .embedded, graph: "torchvision")
    try withTemporaryFolder { folder in
      let (weights, archive) = ("\(folder.path)/w", "\(folder.path)/a")
      try SyntheticStateDictionary(target, #require(target.weightSets.first), seed: 3).write(to: weights)
      let catalog = try NetworkCatalog()
      try catalog.convert(weights, to: archive)
      let export = try catalog.torchExport(of: archive)
      #expect(export.missingModules == ["classifier.1"])
      #expect(export.notes.contains { $0.contains("torch.nn.Identity()") })
    }
  }

  /// Keras's graphs of the same networks: zeros on one side, another epsilon, the stride elsewhere.
  @Test(arguments: [
    ("mobilenet_v2_1.3", "neither torchvision nor timm has a network of this name"),
    ("densenet121", "epsilon"),
  ])
  func graphsOfKerasAreRefused(identifier: String, words: String) throws {
    try withTemporaryFolder { folder in
      let (weights, archive) = ("\(folder.path)/w", "\(folder.path)/a")
      try SyntheticWeightFile(ConversionTarget(identifier, of: .embedded), weightSet: nil, seed: 3).write(
        to: weights)
      let catalog = try NetworkCatalog()
      try catalog.convert(weights, to: archive)
      #expect {
        _ = try catalog.torchExport(of: archive)
      } throws: { error in
        error is TorchWeightsError && "\(error)".contains(words)
          && (error as? any ZooError)?.family == .unsupported
      }
    }
  }
}

extension RawSpan {
  /// Whether the bytes are those of `other`.
  fileprivate func elementsEqual(_ other: TensorView) -> Bool {
    other.withBytes { bytes in
      unsafe bytes.byteCount == byteCount
        && withUnsafeBytes { own in unsafe bytes.withUnsafeBytes { unsafe own.elementsEqual($0) } }
    }
  }
}
