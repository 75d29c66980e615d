public import Catalog

/// The names of classes in a text file.
public enum ClassLabels {
  /// Reads names, one per line; blank lines at the end are ignored.
  ///
  /// - Throws: `CatalogError` for a file that cannot be read or is not a UTF-8 text of reasonable size, and for a name that
  ///   is blank or repeated.
  public static func read(contentsOf path: String) throws(CatalogError) -> [String] {
    let text = try EntryCatalog.text(ofNames: path)
    var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init)
    while lines.last?.allSatisfy(\.isWhitespace) ?? false { lines.removeLast() }
    var known: [String: Int] = [:]
    for (index, name) in lines.enumerated() {
      let found =
        name.allSatisfy(\.isWhitespace)
        ? "none in line \(index + 1)"
        : known[name].map { "\(name) in line \($0 + 1) and in line \(index + 1)" }
      if let found {
        throw .anotherFile(
          path: path, expected: "one class name per line, no two the same", found: found)
      }
      known[name] = index
    }
    return lines
  }
}
