/// What `EpochPrinter` writes of an epoch: lines, and bars that are drawn over and over with Keras's control characters.
package struct EpochText: Sendable {
  private let text: String

  /// The styles that bars have.
  private static let styles: Set<String> = ["0", "1", "32", "37"]

  package init(_ text: String) { self.text = text }

  /// What of it goes to a stream.
  ///
  /// - Parameters:
  ///   - redraws: whether what was written can be written over; otherwise of a bar only its last state stays.
  ///   - isStyled: whether bold and coloured text may be.
  package func shown(redraws: Bool, isStyled: Bool) -> String {
    guard redraws || text.hasSuffix("\n") else { return "" }
    let kept: Set<Unicode.Scalar> = redraws ? ["\n", "\r", "\u{8}"] : ["\n"]
    let drawn = redraws ? text : String(text.unicodeScalars.filter { $0 != "\r" && $0 != "\u{8}" })
    let parts = drawn.split(separator: "\u{1B}[", omittingEmptySubsequences: false).map(String.init)
    return parts.dropFirst().reduce(parts[0].printable(keeping: kept)) { whole, part in
      guard let end = part.firstIndex(of: "m"), Self.styles.contains(String(part[..<end])) else {
        return whole + ("\u{1B}[" + part).printable(keeping: kept)
      }
      let style = isStyled ? "\u{1B}[\(part[...end])" : ""
      return whole + style + String(part[part.index(after: end)...]).printable(keeping: kept)
    }
  }
}
