import CCatalog

/// A file compiled into the program.
///
/// Safe because the bytes are constants of the program: they neither move nor change nor end.
@safe struct EmbeddedFile: @unchecked Sendable {
  private let bytes: UnsafeBufferPointer<UInt8>

  /// The file's text.
  var text: String { unsafe String(decoding: bytes, as: UTF8.self) }

  /// Every file by its path.
  static let all: [String: EmbeddedFile] = {
    let table = unsafe UnsafeBufferPointer(start: catalog_files, count: catalog_file_count)
    var files: [String: EmbeddedFile] = [:]
    for index in table.indices {
      let file = unsafe table[index]
      let path = unsafe String(cString: file.path)
      files[path] = unsafe EmbeddedFile(bytes: UnsafeBufferPointer(start: file.bytes, count: file.count))
    }
    return files
  }()
}
