import Foundation
import TensorArchive

/// The archive that a head was trained on: what a checkpoint, which does not have the network itself, says of it.
struct BackboneReference: Codable {
  /// The network's name.
  let network: String
  /// Where it was, as it was named.
  let path: String
  /// The digest that it is known by.
  let sha256: String

  /// The archive of `backbone`; nil for one that has no digest.
  init?(_ backbone: Backbone) {
    guard let digest = backbone.digest else { return nil }
    (network, path, sha256) = (backbone.identifier, backbone.path, digest)
  }

  /// The archive for the checkpoint at `checkpoint`: `given`, or else the first with the right digest of: that of the same name
  /// beside the checkpoint, that where it was in training, any other beside the checkpoint.
  ///
  /// - Throws: ``ModelZooError/otherBackbone(checkpoint:archive:expected:found:)``,
  ///   ``ModelZooError/backboneNotFound(checkpoint:network:path:digest:)``, and what opening `given` throws.
  func archive(for checkpoint: String, given: String?) throws -> Archive {
    if let given {
      let archive = try Archive(contentsOf: given)
      guard archive.digest == sha256 else {
        throw ModelZooError.otherBackbone(
          checkpoint: checkpoint, archive: given, expected: sha256, found: archive.digest ?? "no digest")
      }
      return archive
    }
    for path in places(beside: checkpoint) {
      if let archive = try? Archive(contentsOf: path), archive.digest == sha256 { return archive }
    }
    throw ModelZooError.backboneNotFound(
      checkpoint: checkpoint, network: network, path: path, digest: sha256)
  }

  private func places(beside checkpoint: String) -> [String] {
    let folder = URL(fileURLWithPath: checkpoint).deletingLastPathComponent()
    let name = URL(fileURLWithPath: path).lastPathComponent
    let others = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    let names = others.filter { !$0.hasPrefix(".") && $0 != name }.sorted()
    let beside = ([name] + names).map { folder.appending(path: $0).path }
    return [beside[0], path] + beside.dropFirst()
  }
}
