import Files

/// Reads image files, no larger than the limits say.
package enum ImageFile {
  package static func read(_ path: String, limits: DecodingLimits = .standard) throws(ImageError) -> [UInt8] {
    try read(ImageLocation(path: path), limits: limits)
  }

  package static func read(
    _ location: ImageLocation, limits: DecodingLimits = .standard
  ) throws(ImageError) -> [UInt8] {
    let path = location.path
    let file = try open(path)
    guard file.byteCount <= limits.fileByteCount else {
      throw .fileTooLarge(path: path, byteCount: file.byteCount, limits: limits)
    }
    do throws(FileError) {
      let bytes = try file.bytes(at: 0, count: file.byteCount)
      try file.requireUnchanged()
      return bytes
    } catch {
      throw .unreadable(path: path, reason: "its size changed while it was read")
    }
  }

  /// A regular file: pipes and devices may never end.
  private static func open(_ path: String) throws(ImageError) -> FileBytes {
    guard !FileFacts.isFolder(path) else {
      throw .unreadable(path: path, reason: "it is a folder; name an image inside it")
    }
    do throws(FileError) { return try FileBytes(path: path) } catch {
      if let cause = SystemError.opening(path) { throw .unreadable(path, cause) }
      throw .unreadable(path: path, reason: "not a regular file")
    }
  }
}
