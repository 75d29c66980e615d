import Foundation
import ModelZoo
import TestSupport
import Testing

/// Functional models of functions, `keras.ops` and TensorFlow's, against what Keras predicts for an image of 13x11 pixels
/// (`Tests/Fixtures/functions/make.py`).
@Suite struct FunctionModelTests {
  private static let files =
    ["activations", "joined", "windows", "shapes", "pooled", "endless"].flatMap {
      ["\($0).keras.gz", "\($0).h5.gz"]
    }
    + ["tf_activations", "tf_windows", "tf_pooled"].map { "\($0).h5.gz" }

  private func image() throws -> Bitmap {
    let pixels = (0..<13 * 11 * 3).map { index in
      let (row, column, channel) = (index / 33, index / 3 % 11, index % 3)
      return UInt8((37 * row + 11 * column + 71 * channel + row * column) % 256)
    }
    return try Bitmap(width: 11, height: 13, pixels: pixels)
  }

  @Test(arguments: files) func predictsAsKerasDoes(file: String) throws {
    let data = try Data(contentsOf: URL(fileURLWithPath: Repository.fixture("functions/expected.json")))
    let name = String(file.prefix { $0 != "." })
    let wanted = try #require(JSONDecoder().decode([String: [Float]].self, from: data)[name])
    try withTemporaryFolder { folder in
      let archive = folder.appending(path: "model.zoo.safetensors").path
      let report = try NetworkCatalog().convert(Repository.fixture("functions/\(file)"), to: archive)
      #expect(report.recognition.isOwnGraph)
      let scores = try TrainedModel(contentsOf: archive, isExact: true).predict(image()).scores
      let found = scores.sorted { Int($0.label) ?? 0 < Int($1.label) ?? 0 }.map(\.probability)
      let closeness = Closeness(found, wanted)
      #expect(closeness.isWithin(.features), "\(file): \(closeness)")
    }
  }
}
