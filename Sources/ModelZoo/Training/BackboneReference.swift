import Foundation
import TensorArchive

/// The archive that a head was trained on: what a checkpoint, which does not have the network itself, says of it.
struct BackboneReference: Codable {
  /// The network's name.
  let network: String
  /// The name of its file, without folders.
  let file: String
  /// The digest that it is known by.
  let sha256: String

  /// The archive of `backbone`; nil for one that has no digest.
  init?(_ backbone: Backbone) {
    guard let digest = backbone.digest else { return nil }
    let file = URL(fileURLWithPath: backbone.path).lastPathComponent
    (network, self.file, sha256) = (backbone.identifier, file, digest)
  }

  /// The archive for the checkpoint at `checkpoint`: `given`, or else the first with the right digest of: that of the recorded name
  /// beside the checkpoint or in the folder above, any other beside the checkpoint. No path of a file is followed.
  ///
  /// - Throws: ``ModelZooError/otherBackbone(checkpoint:archive:expected:found:)``,
  ///   ``ModelZooError/backboneNotFound(checkpoint:network:file:digest:)``, and what opening `given` throws.
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
      checkpoint: checkpoint, network: network, file: file, digest: sha256)
  }

  private func places(beside checkpoint: String) -> [String] {
    let folder = URL(fileURLWithPath: checkpoint).deletingLastPathComponent()
    let name = URL(fileURLWithPath: file).lastPathComponent
    let others = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    let names = others.filter { !$0.hasPrefix(".") && $0 != name }.sorted()
    let above = folder.deletingLastPathComponent().appending(path: name).path
    return [folder.appending(path: name).path, above] + names.map { folder.appending(path: $0).path }
  }
}
