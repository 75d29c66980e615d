import Catalog
import Files
import Foundation
import ONNX
import Tensors
import TestSupport
import Testing

/// Every layer that Keras's results are known for, as a model of its own.
///
/// The bytes are those that `Tests/Fixtures/onnx/check.py` has run in ONNX Runtime and held to Keras's results: their digests are in
/// `digests.json`. `UPDATE_GOLDEN=1` writes both anew, the models into `.build/onnx`, for that script to run.
@Suite struct LayerModelTests {
  private static let digests = Repository.fixture("onnx/digests.json")
  private static let folder = Repository.root.appending(path: ".build/onnx")

  @Test func bytesAreThoseThatWereCompared() throws {
    let updates = Repository.updatesGoldenFiles
    var found: [String: String] = [:]
    try withTemporaryFolder { temporary in
      let folder = updates ? Self.folder : temporary
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      for layer in LayerCase.all { found[layer.name] = try Self.write(layer, to: folder) }
    }
    #expect(found.count >= 80)
    if updates {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      try encoder.encode(found).write(to: URL(fileURLWithPath: Self.digests))
    }
    let known = try JSONDecoder().decode(
      [String: String].self, from: Data(contentsOf: URL(fileURLWithPath: Self.digests)))
    #expect(found == known)
  }

  /// Writes the model of a case, and returns the SHA-256 of its bytes.
  private static func write(_ layer: LayerCase, to folder: URL) throws -> String {
    let shape = TensorShape(Array(try layer.input.shape.dimensions.dropFirst()))
    let parameters = layer.parameters
    let model = try ONNXModel(
      layer.graph(), name: layer.name, input: ONNXModel.Input(shape: shape), outputName: "features",
      parameters: { parameters[$0] })
    let path = folder.appending(path: "\(layer.name).onnx")
    try ONNXWriter(model, producer: ("tests", "1"), parameters: { parameters[$0] })
      .write(to: path.path, weights: nil, progress: { _ in })
    var digest = SHA256()
    [UInt8](try Data(contentsOf: path)).withRawSpan { digest.update($0) }
    return digest.hexadecimal
  }
}
