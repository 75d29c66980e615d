/// The version of the archive format, `major.minor`.
///
/// A reader refuses a newer major version, and ignores what it does not know in a newer minor one.
public struct FormatVersion: Hashable, Sendable, CustomStringConvertible {
  /// Changes when an older reader would misread the file.
  public let major: Int
  /// Changes when something was added that an older reader may ignore.
  public let minor: Int

  /// What this build writes, and the newest major version it reads.
  public static let current = FormatVersion(major: 1, minor: 0)

  /// Makes a version from its two numbers.
  public init(major: Int, minor: Int) {
    self.major = major
    self.minor = minor
  }

  /// Reads `major.minor`: two decimal numbers without signs or leading zeros; nil for anything else.
  public init?(_ text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, let major = Int(parts[0]), let minor = Int(parts[1]) else { return nil }
    self.init(major: major, minor: minor)
    guard major > 0, minor >= 0, description == text else { return nil }
  }

  /// `major.minor`.
  public var description: String { "\(major).\(minor)" }
}
