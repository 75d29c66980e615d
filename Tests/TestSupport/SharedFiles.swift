package import Foundation

/// Where the photographs and real weight files are, when this machine has them: `$ZOO_SHARED`, else a folder
/// `shared` beside the repository. They are not ours to redistribute, so tests that need them skip without.
package enum SharedFiles {
  package static let root: URL? = {
    let named = ProcessInfo.processInfo.environment["ZOO_SHARED"].map { URL(fileURLWithPath: $0) }
    let beside = Repository.root.deletingLastPathComponent().appending(path: "shared")
    return [named, beside].compactMap(\.self).first { FileManager.default.fileExists(atPath: $0.path) }
  }()

  /// Whether the shared files are here, for `@Test(.enabled(if: SharedFiles.arePresent, "…"))`.
  package static var arePresent: Bool { root != nil }

  /// What a skipped test says.
  package static let message = "needs the shared photographs and weights: set ZOO_SHARED"

  /// A file or folder below the shared root; throws when there is none.
  package static func path(_ relative: String) throws -> String {
    guard let root else { throw CocoaError(.fileNoSuchFile) }
    return root.appending(path: relative).path
  }
}
