import Foundation
import ModelZoo
import TestSupport
import Testing

/// ONNX models in every form of their operators are converted and give what ONNX Runtime computes, number by number.
@Suite struct ONNXOperatorTests {
  private func image() throws -> Bitmap {
    let pixels = (0..<10 * 7 * 3).map { index in
      let (row, column, channel) = (index / 21, index / 3 % 7, index % 3)
      return UInt8((37 * row + 11 * column + 71 * channel + row * column) % 256)
    }
    return try Bitmap(width: 7, height: 10, pixels: pixels)
  }

  @Test func allAreThere() {
    #expect(
      ONNXCases.operators.count >= 200 && ONNXCases.classifiers.count >= 8 && ONNXCases.refused.count >= 13)
  }

  @Test(arguments: ONNXCases.operators) func computesAsTheRuntimeDoes(name: String) throws {
    try withTemporaryFolder { folder in
      let archive = folder.appending(path: "model.zoo.safetensors").path
      let options = ConversionOptions(layer: name.hasSuffix("whole") ? nil : "last")
      let model = try ONNXCases.write(name, to: folder)
      let report = try NetworkCatalog().convert(model, to: archive, options: options)
      #expect(report.recognition.isOwnGraph)
      let backbone = try Backbone(
        contentsOf: archive, options: BackboneOptions(height: 10, width: 7, pooling: .none, isExact: true))
      let found = try backbone.features(of: image()).scalars
      let wanted = try ONNXCases.output(name)
      let closeness = Closeness(found, wanted)
      let isClose = zip(found, wanted).allSatisfy { abs($0 - $1) <= 1e-4 + 1e-4 * abs($1) }
      #expect(found.count == wanted.count && isClose, "\(name): \(closeness)")
    }
  }

  /// What PyTorch and Keras export comes back with its classifier; scores without an activation are made probabilities of.
  @Test(arguments: ONNXCases.classifiers) func classifiersPredict(name: String) throws {
    try withTemporaryFolder { folder in
      let archive = folder.appending(path: "model.zoo.safetensors").path
      let catalog = try NetworkCatalog()
      let model = try ONNXCases.write(name, to: folder)
      let conversion = try catalog.conversion(of: model)
      #expect(conversion.recognition.classCount == 4)
      let (_, proof) = try catalog.writeProved(conversion, to: archive)
      #expect(proof.tensorCount == conversion.recognition.tensorCount)
      let scores = try TrainedModel(contentsOf: archive, isExact: true).predict(image()).scores
      let found = scores.sorted { Int($0.label) ?? 0 < Int($1.label) ?? 0 }.map(\.probability)
      var wanted = try ONNXCases.output(name)
      if abs(wanted.reduce(0, +) - 1) > 1e-3 {
        let most = wanted.max() ?? 0
        let powers = wanted.map { Float(exp(Double($0 - most))) }
        wanted = powers.map { $0 / powers.reduce(0, +) }
      }
      #expect(zip(found, wanted).allSatisfy { abs($0 - $1) <= 1e-4 }, "\(name): \(found), \(wanted)")
      let comparison = try catalog.compare(model, with: archive)
      #expect(comparison.isEqual, "\(name)")
    }
  }

  @Test(arguments: ONNXCases.refused.keys.sorted()) func whatNoLayerComputesIsRefused(name: String) throws {
    let words = try #require(ONNXCases.refused[name])
    try withTemporaryFolder { folder in
      let model = try ONNXCases.write("refused \(name)", to: folder)
      let error = #expect(throws: ONNXModelError.self) { try NetworkCatalog().conversion(of: model) }
      #expect(error?.description.contains(words) ?? false, "\(name): \(error?.description ?? "")")
      #expect(error?.family == .unsupported)
    }
  }
}
