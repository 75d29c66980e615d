import Foundation
import ModelZoo
import TestSupport
import Testing

/// The tutorials' workflows on photographs with published weights, SqueezeNet's in place of theirs.
@Suite(.serialized, .enabled(if: SharedFiles.arePresent, Comment(rawValue: SharedFiles.message)))
struct RealSizeTests {
  private func withArchive(_ body: (URL, String) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let weights = try SharedFiles.path("weights/squeezenet_weights_tf_dim_ordering_tf_kernels_notop.h5")
      let archive = folder.appending(path: "squeezenet.zoo.safetensors").path
      try NetworkCatalog().convert(weights, to: archive)
      try body(folder, archive)
    }
  }

  @Test func fourClassesOfPhotographs() throws {
    try withArchive { _, archive in
      let animals = try SharedFiles.path("data/animals")
      let model = try fourClasses(archive: archive, photographs: animals)
      #expect(try #require(model.history["val_accuracy"].last) >= 0.95)
      let linear = try fourClassesByALinearClassifier(archive: archive, photographs: animals, strength: 0.3)
      #expect(try #require(linear.history["val_accuracy"].last) >= 0.95)
      let machine = try fourClassesByASupportVectorMachine(
        archive: archive, photographs: animals, layer: "fire8/concat", epochs: 12)
      #expect(try #require(machine.history["val_accuracy"].last) >= 0.9)
      let images = try Dataset(images: [SharedFiles.path("data/predict_this")])
      for prediction in try model.predict(images).predictions {
        let file = try #require(prediction.file.split(separator: "/").last)
        let isKnown = file.hasPrefix("cat") || file.hasPrefix("dog")
        #expect(!isKnown || file.hasPrefix(prediction.label.dropLast()), "\(file): \(prediction.label)")
      }
    }
  }

  /// Cats and dogs in place of rural and urban: one epoch, mirrored images.
  @Test func twoClassesOfPhotographs() throws {
    try withArchive { folder, archive in
      let photographs = folder.appending(path: "photographs")
      for name in ["cats", "dogs"] {
        let files = try Dataset(flat: SharedFiles.path("data/animals/\(name)")).items.map(\.path)
        for (index, file) in files.enumerated() {
          let part = index % 4 == 0 ? "val" : "train"
          let place = photographs.appending(path: "\(part)/\(name)")
          try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
          try FileManager.default.createSymbolicLink(
            at: place.appending(path: "\(index).jpg"), withDestinationURL: URL(fileURLWithPath: file))
        }
      }
      let model = try ruralOrUrbanFlipped(
        archive: archive, photographs: photographs.path, stepsPerEpoch: 26)
      #expect(model.labels == ["cats", "dogs"])
      #expect(try #require(model.history["val_accuracy"].last) >= 0.8)
    }
  }
}
