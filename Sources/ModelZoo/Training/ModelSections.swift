import Catalog
import Foundation
import Images
import TensorArchive
import Tensors
import Training

/// The sections of an archive that make a trained model of a backbone; Format.md describes them.
struct ModelSections {
  static let backbone = "backbone"
  static let head = "head"
  static let labels = "labels"
  static let history = "history"

  private let path: String
  private let texts: [String: String]

  /// The sections of an archive; nil when it holds no head.
  init?(_ archive: Archive) {
    guard let texts = archive.manifest?.sections, texts[Self.head] != nil else { return nil }
    path = archive.path
    self.texts = texts
  }

  /// The sections to write for a model.
  static func of(_ model: TrainedModel) throws -> [String: String] {
    var texts = model.backbone.network.sections
    texts[backbone] = try BackboneRecord(model.backbone.recipe, model.backbone.options).json()
    texts[head] = try model.head.json
    texts[labels] = try model.labels.json()
    texts[history] = try model.history.json
    return texts
  }

  func labels() throws -> [String] { try decode([String].self, Self.labels) }

  func history() throws -> History {
    guard let text = texts[Self.history] else { return History() }
    return try History(json: text)
  }

  func backboneOptions() throws -> BackboneOptions {
    try decode(BackboneRecord.self, Self.backbone).options { reason in
      ModelZooError.malformedSection(archive: path, section: Self.backbone, reason: reason)
    }
  }

  func head(_ archive: Archive) throws -> HeadModel {
    try HeadModel(json: texts[Self.head] ?? "") { name in
      guard archive.contains(name) else { return nil }
      let view = try archive.tensor(named: name)
      return view.floats().map { Tensor(shape: view.shape, scalars: $0) }
    }
  }

  private func decode<Value: Decodable>(_ type: Value.Type, _ section: String) throws -> Value {
    do {
      return try JSONDecoder().decode(type, from: Data((texts[section] ?? "").utf8))
    } catch {
      throw ModelZooError.malformedSection(
        archive: path, section: section, reason: "expected what saving a trained model writes, found \(error)"
      )
    }
  }
}
