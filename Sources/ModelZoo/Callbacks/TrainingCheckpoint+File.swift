import TensorArchive
import Tensors
public import Training

extension TrainingCheckpoint {
  static let section = "checkpoint"

  /// Writes the checkpoint as an archive, with a checksum for every tensor; whatever happens, `path` names the old
  /// file or the whole new one.
  ///
  /// - Throws: `ArchiveError`.
  public func write(to path: String) throws {
    var views: [String: TensorView] = [:]
    for (name, tensor) in tensors { views[name] = TensorView(tensor) }
    let sections = try sections.merging([Self.section: json]) { $1 }
    let manifest = Manifest(producer: Release.producer, sections: sections)
    try ArchiveWriter.write(to: path, manifest: manifest, tensors: views)
  }

  /// Reads what ``write(to:)-(String)`` wrote, every byte of it verified.
  ///
  /// - Throws: `ArchiveError` for a damaged file, `ModelZooError.noCheckpoint` for another kind of archive.
  public init(contentsOf path: String) throws {
    let archive = try Archive(contentsOf: path)
    guard archive.isCheckpoint else { throw ModelZooError.noCheckpoint(archive: path) }
    var tensors: [String: Tensor] = [:]
    for name in archive.names { tensors[name] = try archive.values(of: name) }
    try self.init(archive, tensors)
  }

  /// How far the training had come whose checkpoint an archive is: `9 epochs and 4 steps`.
  ///
  /// - Throws: ``ModelZooError/malformedSection(archive:section:reason:)``
  static func place(in archive: Archive) throws(ModelZooError) -> String {
    try TrainingCheckpoint(archive, [:]).place
  }

  private init(_ archive: Archive, _ tensors: [String: Tensor]) throws(ModelZooError) {
    var sections = archive.manifest?.sections ?? [:]
    let json = sections.removeValue(forKey: Self.section) ?? ""
    do {
      try self.init(json: json, tensors: tensors, sections: sections)
    } catch {
      throw .malformedSection(archive: archive.path, section: Self.section, reason: error.description)
    }
  }
}

extension Archive {
  /// Whether it is the checkpoint of a training.
  var isCheckpoint: Bool { manifest?.sections[TrainingCheckpoint.section] != nil }
}
