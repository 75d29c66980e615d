package import Tensors

extension ArchiveWriter {
  /// Writes an archive of tensors that lie in memory.
  package static func write(
    to path: String, manifest: Manifest, tensors: [String: TensorView]
  ) throws {
    let declarations = tensors.map {
      TensorDeclaration(name: $0.key, scalarType: $0.value.scalarType, shape: $0.value.shape)
    }
    try write(to: path, manifest: manifest, tensors: declarations) { writer in
      for declaration in writer.tensors {
        guard let view = tensors[declaration.name] else { continue }
        try view.withBytes { try writer.append($0, of: declaration.name) }
      }
    }
  }

  /// Writes an archive of the tensors of `archive` that are to be kept, and some more. Every tensor is held to the checksum
  /// that was read when `archive` was opened: what was changed since is an error, never copied.
  ///
  /// `path` may be the archive's own. No more than one tensor need be in memory at a time.
  ///
  /// - Parameter type: what floating-point numbers of the archive are stored as; nil: as they are. See
  ///   ``TensorDeclaration/stored(as:)``.
  package static func write(
    to path: String, manifest: Manifest, copying archive: Archive, as type: ScalarType? = nil,
    keeping isKept: (String) -> Bool = { _ in true }, adding extras: [String: TensorView] = [:],
    progress: (Int) -> Void = { _ in }
  ) throws {
    let declarations =
      archive.tensors.filter { isKept($0.name) }.map { $0.stored(as: type) }
      + extras.map {
        TensorDeclaration(name: $0.key, scalarType: $0.value.scalarType, shape: $0.value.shape)
      }
    try write(to: path, manifest: manifest, tensors: declarations) { writer in
      for declaration in writer.tensors {
        let view = try extras[declaration.name] ?? archive.tensor(named: declaration.name)
        try view.withBytes { try writer.append($0, of: declaration.name, from: view.scalarType) }
        progress(view.shape.elementCount)
      }
    }
  }
}
