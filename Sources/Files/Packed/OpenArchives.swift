import Synchronization

/// The archives that somebody has open: whoever asks for one of them shares it, and no directory is read twice.
enum OpenArchives {
  /// By the bytes of their paths.
  private static let open = Mutex<[[UInt8]: Reference]>([:])

  /// Does not keep it open.
  private struct Reference: Sendable {
    weak var archive: PackedFiles?
  }

  /// The archive at `path`, which is opened if it is not open, or is not the same file any more; nil for what is no archive.
  ///
  /// Its descriptor is not kept where there are many: a data set may be thousands of them.
  ///
  /// - Throws: for a file that cannot be opened, which may be an archive, and for one that cannot be read.
  static func archive(_ path: String) throws(FileError) -> PackedFiles? {
    let key = Array(path.utf8)
    if let archive = open.withLock({ $0[key]?.archive }), archive.isStill(at: path) { return archive }
    guard let bytes = try PackedForm.bytes(ofFileAt: path), try PackedForm(bytes) != nil else { return nil }
    let archive = try PackedFiles(bytes)
    open.withLock { open in
      open = open.filter { $0.value.archive != nil }
      open[key] = Reference(archive: archive)
    }
    return archive
  }
}
