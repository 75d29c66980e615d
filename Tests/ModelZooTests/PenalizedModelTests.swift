import Foundation
import ModelZoo
import TensorArchive
import TestSupport
import Testing

/// A whole model of Keras whose parameters cost something in training, trained as a whole from where its file has it
/// (`Tests/Fixtures/whole-models/penalized.py`).
@Suite struct PenalizedModelTests {
  private struct Expected: Decodable {
    var loss: [Double]
    /// Every tensor, by Keras's path: `penalized/stem/kernel`.
    var tensors: [String: [Float]]
  }

  /// Keras's names of the classifier's layers, and what they are called behind a network.
  private static let names = [
    "hidden": "head/dense", "hidden_bn": "head/batch_normalization", "scores": "head/dense_1",
  ]

  private func writeImages(to folder: URL) throws {
    for image in 0..<6 {
      var pixels = Data("P6 16 16 255\n".utf8)
      for place in 0..<16 * 16 * 3 {
        let (row, column, channel) = (place / 48, place / 3 % 16, place % 3)
        pixels.append(UInt8((37 * row + 11 * column + 71 * channel + row * column + 53 * image) % 256))
      }
      let group = folder.appending(path: "\(image / 2)")
      try FileManager.default.createDirectory(at: group, withIntermediateDirectories: true)
      try pixels.write(to: group.appending(path: "\(image).ppm"))
    }
  }

  @Test func endsWhereKerasEnds() throws {
    let data = try Data(contentsOf: URL(filePath: Repository.fixture("whole-models/penalized.json")))
    let expected = try JSONDecoder().decode(Expected.self, from: data)
    try withTemporaryFolder { folder in
      let images = folder.appending(path: "images")
      try writeImages(to: images)
      try withConverted("whole-models/penalized.h5", ConversionOptions()) { archive, _ in
        let model = try TrainedModel(contentsOf: archive, isExact: true)
        #expect("\(model.head.head)".contains("l1=0.002, l2=0.01, bias_l2=0.05"), "\(model.head.head)")
        var epochs = EpochOptions(
          count: 3, batchSize: 4, optimizer: .sgd(learningRate: 0.02, momentum: 0.9))
        epochs.shuffles = false
        var options = TrainingOptions(fit: .epochs(epochs))
        options.fineTuning = FineTuning(.all)
        let warnings = Locked<[String]>([])
        let split = try DatasetSplit(training: Dataset(folder: images.path))
        let trained = try model.startTraining(on: split, options: options).wait { event in
          if case .warning(let sentence) = event { warnings.value.append(sentence) }
        }
        #expect(
          warnings.value.contains {
            $0.hasPrefix(
              "layer dense_1: what the file says of its training is not applied: kernel_constraint MaxNorm;")
          }, "\(warnings.value)")
        let losses = Closeness(trained.history["loss"].map(Float.init), expected.loss.map(Float.init))
        #expect(losses.isWithin(relative: 1e-4, absolute: 1e-4), "\(losses)")
        let path = folder.appending(path: "trained.zoo.safetensors").path
        try trained.save(to: path)
        let file = try Archive(contentsOf: path)
        for (path, wanted) in expected.tensors {
          let parts = path.split(separator: "/").map(String.init)
          let found = try file.values(of: "\(Self.names[parts[1]] ?? parts[1])/\(parts[2])").scalars
          let closeness = Closeness(found, wanted)
          #expect(closeness.isWithin(relative: 1e-4, absolute: 1e-4), "\(path): \(closeness)")
        }
      }
    }
  }
}
