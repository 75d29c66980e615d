/// What no name in an archive may be.
enum MemberName {
  /// Why no honest archive has a member of this name: it leads out of the folder that the archive would be unpacked in, or no file
  /// can have it; nil for any other.
  static func problem(with name: String) -> String? {
    let bytes = name.utf8
    guard let first = bytes.first, !bytes.contains(0) else {
      return "a name was expected, this is none that a file can have"
    }
    let isAbsolute = isSlash(first) || bytes.dropFirst().first == UInt8(ascii: ":")
    return isAbsolute || leadsOut(bytes)
      ? "a name inside the archive was expected, this one leads out of it" : nil
  }

  /// Whether a part of a path is two dots.
  private static func leadsOut(_ path: String.UTF8View) -> Bool {
    var (count, dots) = (0, 0)
    for byte in path {
      if isSlash(byte) {
        if count == 2, dots == 2 { return true }
        (count, dots) = (0, 0)
      } else {
        count += 1
        if byte == UInt8(ascii: ".") { dots += 1 }
      }
    }
    return count == 2 && dots == 2
  }

  private static func isSlash(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "/") || byte == UInt8(ascii: "\\")
  }
}
