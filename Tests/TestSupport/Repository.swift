package import Foundation

/// The repository the tests were compiled from.
package enum Repository {
  /// The top folder.
  package static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The path of a committed fixture: `Tests/Fixtures/<case>/<file>`.
  package static func fixture(_ relative: String) -> String {
    root.appending(path: "Tests/Fixtures").appending(path: relative).path
  }

  /// Whether golden files are to be rewritten instead of compared (`UPDATE_GOLDEN=1`).
  package static var updatesGoldenFiles: Bool { ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" }
}
