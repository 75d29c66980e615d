/// Breaks `text` at its blanks into lines of at most `width` columns; a longer word has a line of its own.
///
/// Line breaks in `text` stay, and so do the blanks at the beginning of a paragraph, on each of its lines.
package func wrapped(_ text: String, width: Int) -> [String] {
  text.split(separator: "\n", omittingEmptySubsequences: false).flatMap { paragraph in
    let margin = String(paragraph.prefix { $0 == " " })
    return wrappedParagraph(paragraph, width: max(1, width - margin.count)).map { margin + $0 }
  }
}

private func wrappedParagraph(_ paragraph: Substring, width: Int) -> [String] {
  var lines: [String] = []
  var current = ""
  for word in paragraph.split(separator: " ") {
    if !current.isEmpty, displayWidth(of: current) + 1 + displayWidth(of: String(word)) > width {
      lines.append(current)
      current = ""
    }
    current += current.isEmpty ? String(word) : " \(word)"
  }
  return lines + [current]
}
