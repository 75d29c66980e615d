package import Catalog
import Foundation
package import Tensors
import Testing

/// A small model, its weights, an input and what Keras makes of it: see `Fixtures/layers/make.py`.
package struct LayerCase: Sendable, CustomTestStringConvertible {
  package let name: String
  /// What `model.to_json()` gives.
  package let architecture: String
  private let tensors: [String: Tensor]

  package var testDescription: String { name }
  package var input: Tensor { get throws { try tensor("input") } }
  package var output: Tensor { get throws { try tensor("output") } }

  /// The weights by their names in an archive.
  package var parameters: [String: TensorView] { tensors.compactMapValues { TensorView($0) } }

  /// The graph that a draft of the architecture makes, as it reads when it is written.
  package func graph() throws -> LayerGraph {
    let text = try EntryDraft.entry(fromKeras: architecture, EntryFacts(preprocessing: .rescale))
    return try CatalogEntry(json: text).graph()
  }

  private func tensor(_ name: String) throws -> Tensor { try #require(tensors[name]) }

  package static let all: [LayerCase] = (try? read()) ?? []

  /// Reads a plain safetensors file of little-endian floats.
  private static func read() throws -> [LayerCase] {
    let data = try Data(contentsOf: URL(fileURLWithPath: Repository.fixture("layers/cases.safetensors")))
    let size = (0..<8).reduce(0) { $0 | Int(data[$1]) << (8 * $1) }
    let start = 8 + size
    var header = try #require(
      JSONSerialization.jsonObject(with: data[8..<start]) as? [String: [String: Any]])
    let metadata = try #require(header.removeValue(forKey: "__metadata__") as? [String: String])
    var tensors: [String: [String: Tensor]] = [:]
    for (name, record) in header {
      let parts = name.split(separator: ":", maxSplits: 1).map(String.init)
      let offsets = try #require(record["data_offsets"] as? [Int])
      let scalars = stride(from: start + offsets[0], to: start + offsets[1], by: 4).map { position in
        Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(data[position + $1]) << (8 * UInt32($1)) })
      }
      let shape = TensorShape(try #require(record["shape"] as? [Int]))
      tensors[parts[0], default: [:]][parts[1]] = Tensor(shape: shape, scalars: scalars)
    }
    let cases = try #require(
      JSONSerialization.jsonObject(with: Data((metadata["cases"] ?? "").utf8)) as? [String: Any])
    return try cases.sorted { $0.key < $1.key }.map { name, architecture in
      LayerCase(
        name: name,
        architecture: String(
          decoding: try JSONSerialization.data(withJSONObject: architecture), as: UTF8.self),
        tensors: tensors[name] ?? [:])
    }
  }
}
