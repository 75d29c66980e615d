import Foundation
import ModelZoo
import TestSupport
import Testing
import TorchWeights
import WeightConversion

/// Trained models for PyTorch: with a head that is the network's classifier, or without theirs, and then with what was trained of the network.
@Suite struct TorchHeadTests {
  @Test func headsThatAreNoClassifierAreLeftOutWhereThatIsAsked() throws {
    try withTemporaryFolder { folder in
      func path(_ name: String) -> String { folder.appending(path: name).path }
      let photos = folder.appending(path: "photos")
      try DrawnImages.write(to: photos, perClass: 2)
      let target = try ConversionTarget("mobilenet_v2_0.35", of: .embedded, graph: "timm")
      try SyntheticStateDictionary(target, #require(target.weightSets.first), seed: 3).write(to: path("w"))
      let catalog = try NetworkCatalog()
      try catalog.convert(path("w"), to: path("a.zoo.safetensors"))
      let backbone = try Backbone(contentsOf: path("a.zoo.safetensors"), options: BackboneOptions(size: 64))
      let data = try Dataset(folder: photos)

      func saved(_ head: Head, _ name: String, tuned: Bool) throws -> String {
        var options = TrainingOptions(fit: .epochs(1, optimizer: .adam(learningRate: 0.01)), seed: 3)
        if tuned { options.fineTuning = FineTuning(.from("block_16_project"), learningRate: 0.01) }
        try backbone.train(head, on: data, options: options).save(to: path(name))
        return path(name)
      }
      let one = Head { Dense(3, activation: .softmax) }
      let two = Head {
        Dense(4, activation: .relu)
        Dense(3, activation: .softmax)
      }
      let plain = try Archive(contentsOf: path("w"))
      for tuned in [false, true] {
        let whole = try catalog.torchExport(of: saved(one, "one\(tuned).zoo.safetensors", tuned: tuned))
        #expect(whole.missingModules == [] && whole.notes.contains { $0.contains("3 outputs") })
        #expect(
          Set(whole.tensors.map(\.name)) == Set(plain.names + ["classifier.weight", "classifier.bias"]))
        let other = try saved(two, "two\(tuned).zoo.safetensors", tuned: tuned)
        #expect {
          _ = try catalog.torchExport(of: other)
        } throws: { error in
          "\(error)".contains("leave the head out") && "\(error)".contains("trained with it") == tuned
        }
        let alone = try catalog.torchExport(of: other, leavesOutHead: true)
        #expect(alone.missingModules == ["classifier"])
        try ModelExport(contentsOf: other).write(to: path("b"), as: .torch(leavesOutHead: true))
        let written = try Archive(contentsOf: path("b"))
        #expect(Set(written.names) == Set(plain.names))
        let differing = try plain.names.filter { !$0.hasSuffix("num_batches_tracked") }.filter { name in
          try plain.values(of: name).scalars != written.values(of: name).scalars
        }
        #expect(differing.isEmpty != tuned)
        #expect(
          differing.allSatisfy {
            $0.hasPrefix("blocks.6.0.") || $0.hasPrefix("conv_head") || $0.hasPrefix("bn2")
          })
      }
    }
  }
}
