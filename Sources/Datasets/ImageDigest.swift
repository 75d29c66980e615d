import Files

/// One digest for a list of images: SHA-256 over a line for each, its own SHA-256, two blanks and its name, as
/// `sha256sum` prints it.
package enum ImageDigest {
  /// The digest of `items`, in their order; a file that cannot be read has a line without a digest.
  ///
  /// - Complexity: reads every file once.
  package static func sha256(of items: [Dataset.Item]) -> String {
    var list = SHA256()
    for item in items {
      let line = (item.location.sha256 ?? "") + "  \(item.name)\n"
      Array(line.utf8).withRawSpan { list.update($0) }
    }
    return list.hexadecimal
  }
}
