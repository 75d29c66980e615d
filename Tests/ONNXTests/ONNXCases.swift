import Files
import Foundation
import TensorArchive
import Tensors
import TestSupport

/// Models of `Tests/Fixtures/onnx-in/make.py`, each with what ONNX Runtime computes of one image.
enum ONNXCases {
  static let archive = try? Archive(contentsOf: Repository.fixture("onnx-in/cases.safetensors"))

  /// All models with an output, by name.
  static let names: [String] = (archive?.names ?? []).filter { $0.hasSuffix("/output") }.map {
    String($0.dropLast("/output".count))
  }.sorted()

  /// Those of single operators, and whole classifiers.
  static let operators = names.filter { !$0.hasPrefix("exported ") }
  static let classifiers = names.filter { $0.hasPrefix("exported ") }

  /// Models that are refused, each with words of the error.
  static let refused: [String: String] = {
    let url = URL(fileURLWithPath: Repository.fixture("onnx-in/refused.json"))
    return (try? JSONDecoder().decode([String: String].self, from: Data(contentsOf: url))) ?? [:]
  }()

  static func model(_ name: String) throws -> [UInt8] {
    guard let view = try archive?.tensor(named: "\(name)/model") else { throw CocoaError(.fileNoSuchFile) }
    return view.withBytes { bytes in [UInt8](count: bytes.byteCount) { $0.write(bytes, at: 0) } }
  }

  static func output(_ name: String) throws -> [Float] {
    try archive?.values(of: "\(name)/output").scalars ?? []
  }

  /// The model in a file.
  static func write(_ name: String, to folder: URL) throws -> String {
    let path = folder.appending(path: "model.bin").path
    try Data(model(name)).write(to: URL(fileURLWithPath: path))
    return path
  }
}
