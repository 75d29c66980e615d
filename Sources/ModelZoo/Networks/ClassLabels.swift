public import Catalog

/// The names of classes in a text file.
public enum ClassLabels {
  /// Reads names, a line each; blank lines at the end do not count.
  ///
  /// - Throws: `CatalogError` for a file that cannot be read or is no UTF-8 text of a sane size.
  public static func read(contentsOf path: String) throws(CatalogError) -> [String] {
    let text = try EntryCatalog.text(of: path)
    var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init)
    while lines.last?.allSatisfy(\.isWhitespace) ?? false { lines.removeLast() }
    return lines
  }
}
