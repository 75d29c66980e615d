import Files

/// Reads image files, no larger than the limits say.
package enum ImageFile {
  package static func read(_ path: String, limits: DecodingLimits = .standard) throws(ImageError) -> [UInt8] {
    try read(ImageLocation(path: path), limits: limits)
  }

  package static func read(
    _ location: ImageLocation, limits: DecodingLimits = .standard
  ) throws(ImageError) -> [UInt8] {
    guard !location.isUnread else {
      throw .unreadable(path: location.path, reason: "its features are known, where it is is not")
    }
    if let member = try member(at: location) { return try read(member, limits) }
    let path = location.path
    let file = try open(path)
    try check(file.byteCount, limits, path)
    do throws(FileError) {
      let bytes = try file.bytes(at: 0, count: file.byteCount)
      try file.requireUnchanged()
      return bytes
    } catch {
      throw .unreadable(path: path, reason: "its size changed while it was read")
    }
  }

  private static func member(at location: ImageLocation) throws(ImageError) -> PackedMember? {
    do throws(FileError) { return try location.resolved().member } catch { throw .archive(error) }
  }

  private static func read(
    _ member: PackedMember, _ limits: DecodingLimits
  ) throws(ImageError) -> [UInt8] {
    try check(member.byteCount, limits, member.path)
    do throws(FileError) { return try member.contents() } catch { throw .archive(error) }
  }

  private static func check(
    _ byteCount: Int, _ limits: DecodingLimits, _ path: @autoclosure () -> String
  ) throws(ImageError) {
    guard byteCount <= limits.fileByteCount else {
      throw .fileTooLarge(path: path(), byteCount: byteCount, limits: limits)
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
