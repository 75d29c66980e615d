import TensorArchive
import Tensors
public import Training

extension TrainingCheckpoint {
  private static let section = "checkpoint"

  /// Writes the checkpoint as an archive, with a checksum for every tensor; whatever happens, `path` names the old
  /// file or the whole new one.
  ///
  /// - Throws: `ArchiveError`.
  public func write(to path: String) throws {
    var views: [String: TensorView] = [:]
    for (name, tensor) in tensors { views[name] = TensorView(tensor) }
    let manifest = Manifest(producer: Release.producer, sections: [Self.section: try json])
    try ArchiveWriter.write(to: path, manifest: manifest, tensors: views)
  }

  /// Reads what ``write(to:)-(String)`` wrote, every byte of it verified.
  ///
  /// - Throws: `ArchiveError` for a damaged file, `ModelZooError.noCheckpoint` for another kind of archive.
  public init(contentsOf path: String) throws {
    let archive = try Archive(contentsOf: path)
    guard let json = archive.manifest?.sections[Self.section] else {
      throw ModelZooError.noCheckpoint(archive: path)
    }
    var tensors: [String: Tensor] = [:]
    for name in archive.names { tensors[name] = try archive.values(of: name) }
    do {
      try self.init(json: json, tensors: tensors)
    } catch {
      throw ModelZooError.malformedSection(
        archive: path, section: Self.section, reason: error.description)
    }
  }
}
