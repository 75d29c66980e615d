import Foundation
import ModelZoo
import TestSupport
import Testing

struct NetworkCatalogTests {
  @Test func knowsTheNetworksInNumbers() throws {
    let catalog = try NetworkCatalog()
    let counts = try catalog.networks().map { ($0.identifier, $0.parameterCount, $0.trainableParameterCount) }
    let expected = [
      ("inception_v3", 21_802_784, 21_768_352), ("resnet50", 23_587_712, 23_534_592),
      ("vgg16", 14_714_688, 14_714_688), ("xception", 20_861_480, 20_806_952),
    ]
    for (identifier, total, trainable) in expected {
      #expect(counts.contains { $0 == (identifier, total, trainable) }, "\(identifier)")
    }
  }

  @Test func printsAKerasSummary() throws {
    let lines = try NetworkCatalog().network("vgg16").summary()
    #expect(lines.first == #"Model: "vgg16""#)
    #expect(lines.contains(" Total params: 14,714,688 (56.13 MB)"))
  }

  @Test func refusesAFileThatIsNoWeightFile() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "a.h5").path
      try "Download from somewhere".write(toFile: path, atomically: true, encoding: .utf8)
      let archive = folder.appending(path: "a.zoo.safetensors").path
      let error = #expect(throws: KerasWeightsError.self) { try NetworkCatalog().convert(path, to: archive) }
      #expect(error?.family == .malformed)
      #expect(error?.description.hasPrefix(path) == true)
      #expect(!FileManager.default.fileExists(atPath: archive))
    }
  }
}
