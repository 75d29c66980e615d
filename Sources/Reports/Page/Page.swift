import Foundation

/// One self-contained HTML page: no scripts, nothing fetched, light or dark as its reader likes it.
///
/// Whatever texts it is given appear as texts: nothing in a name of a file or a class becomes markup.
package struct Page: Sendable {
  /// A number worth a first look.
  package struct Tile: Hashable, Sendable {
    package let value: String
    package let label: String

    package init(_ value: String, _ label: String) {
      self.value = value
      self.label = label
    }
  }

  /// An image with what there is to say about it.
  package struct Figure: Hashable, Sendable {
    /// One to three images of one size, side by side.
    package let images: [Image]
    /// What stands out.
    package let headline: String
    /// What else is worth knowing, line by line.
    package let details: [String]

    package init(images: [Image], headline: String, details: [String] = []) {
      self.images = images
      self.headline = headline
      self.details = details
    }
  }

  /// A PNG file's bytes.
  package struct Image: Hashable, Sendable {
    package let png: [UInt8]
    package let width: Int
    package let height: Int
    package let alternative: String

    package init(png: [UInt8], width: Int, height: Int, alternative: String) {
      self.png = png
      self.width = width
      self.height = height
      self.alternative = alternative
    }
  }

  /// Something in a section.
  package enum Block: Sendable {
    case paragraph(String)
    /// Names with their values.
    case facts([(name: String, value: String)])
    /// A table; columns that hold numbers keep to the right.
    case table([Table.Column], rows: [[String]])
    /// A plot.
    case plot(Drawing)
    /// Blocks in two columns where there is room, from left to right; the last of an odd number takes both.
    indirect case grid([Block])
    /// Blocks one below the other, as one of a grid.
    indirect case column([Block])
    /// Something that one should know before all else.
    case warning(String)
    case figures([Figure])
    /// A text with its line breaks, as of a command line.
    case code(String)
    /// What only some readers want: behind a heading that opens it.
    indirect case fold(String, [Block])
  }

  /// Blocks under a heading.
  package struct Section: Sendable {
    package let title: String
    package let blocks: [Block]

    package init(_ title: String, _ blocks: [Block]) {
      self.title = title
      self.blocks = blocks
    }
  }

  /// What a page is about.
  package enum Kind: String, CaseIterable, Sendable {
    /// A training.
    case training
    /// Backbones that were compared.
    case choice
    /// What is suspicious in a data set.
    case audit
    /// What of images speaks for a class.
    case evidence
  }

  private let kind: Kind
  private let title: String
  private let subtitle: String
  private let tiles: [Tile]
  private let sections: [Section]
  private let footer: String

  package init(
    _ kind: Kind, title: String, subtitle: String, tiles: [Tile], sections: [Section], footer: String
  ) {
    self.kind = kind
    self.title = title
    self.subtitle = subtitle
    self.tiles = tiles
    self.sections = sections
    self.footer = footer
  }

  private static let mark = "<meta name=\"generator\" content=\"model-zoo\">"

  private static func mark(_ kind: Kind) -> String {
    "<meta name=\"model-zoo-page\" content=\"\(kind.rawValue)\">"
  }

  /// Whether a page that begins with `text` is one of these.
  package static func isOurs(_ text: String) -> Bool { text.contains(mark) }

  /// What a page is about that begins with `text`; nil for one that is none of these, or was written before pages said so.
  package static func kind(of text: String) -> Kind? {
    isOurs(text) ? Kind.allCases.first { text.contains(mark($0)) } : nil
  }

  /// The page's text.
  package func html() -> String {
    let escape = Markup.isolated
    let numbers = tiles.map { "<li><b>\(escape($0.value))</b> \(escape($0.label))</li>" }.joined()
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      \(Self.mark)
      \(Self.mark(kind))
      <meta name="color-scheme" content="light dark">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
      <title>\(Markup.escaped(title))</title>
      <style>\(PageStyle.sheet)\(Drawing.styleSheet)</style>
      </head>
      <body>
      <header>
      <h1>\(escape(title))</h1>
      <p>\(escape(subtitle))</p>
      <ul class="tiles">\(numbers)</ul>
      </header>
      <main>
      \(sections.map(\.html).joined(separator: "\n"))
      </main>
      <footer>\(escape(footer))</footer>
      </body>
      </html>

      """
  }
}

extension Page.Section {
  fileprivate var html: String {
    "<section>\n<h2>\(Markup.isolated(title))</h2>\n\(blocks.map(\.html).joined(separator: "\n"))\n</section>"
  }
}

extension Page.Block {
  fileprivate var html: String {
    let escape = Markup.isolated
    switch self {
    case .paragraph(let text): return "<p>\(escape(text))</p>"
    case .facts(let facts):
      let lines = facts.map { "<dt>\(escape($0.name))</dt><dd>\(Self.marked($0.value))</dd>" }
      return "<dl>\(lines.joined(separator: "\n"))</dl>"
    case .table(let columns, let rows): return Self.table(columns, rows)
    case .plot(let drawing):
      // Wide ones scroll on a phone rather than become too small to read.
      let widths = "max-width:\(Int(drawing.width * 1.1))px;min-width:\(Int(drawing.width * 0.6))px"
      return "<div class=\"card\"><div style=\"\(widths);margin:auto\">\(drawing.svgElement())</div></div>"
    case .grid(let blocks): return "<div class=\"grid\">\(Self.joined(blocks))</div>"
    case .column(let blocks): return "<div>\(Self.joined(blocks))</div>"
    case .warning(let text): return "<p class=\"warning\">\(escape(text))</p>"
    case .figures(let figures):
      let most = figures.map(\.images.count).max() ?? 1
      let kind = most > 2 ? "three" : most == 2 ? "two" : "one"
      return "<div class=\"figures \(kind)\">\(figures.map(\.html).joined(separator: "\n"))</div>"
    case .fold(let heading, let blocks):
      return "<details><summary>\(escape(heading))</summary>\n\(Self.joined(blocks))\n</details>"
    case .code(let text):
      return
        "<pre>\(text.split(separator: "\n", omittingEmptySubsequences: false).map(Self.words).joined(separator: "\n"))</pre>"
    }
  }

  private static func joined(_ blocks: [Self]) -> String { blocks.map(\.html).joined(separator: "\n") }

  /// A text whose digests, words of many hexadecimal digits, are in a face in which all are equally wide.
  private static func marked(_ text: String) -> String {
    let isDigest = { (word: Substring) in
      word.utf8.count >= 32 && word.allSatisfy { $0.isASCII && $0.isHexDigit }
    }
    let words = text.split(separator: " ", omittingEmptySubsequences: false)
    guard words.contains(where: isDigest) else { return Markup.isolated(text) }
    return words.map { isDigest($0) ? "<code>\($0)</code>" : Markup.isolated(String($0)) }
      .joined(separator: " ")
  }

  /// A line whose words stay whole where they fit: browsers would break one within `--early-stopping`.
  private static func words(_ line: Substring) -> String {
    line.split(separator: " ", omittingEmptySubsequences: false)
      .map { word in
        let text = Markup.escaped(String(word))
        return word.contains("-") ? "<span>\(text)</span>" : text
      }
      .joined(separator: " ")
  }

  private static func table(_ columns: [Table.Column], _ rows: [[String]]) -> String {
    let cells = { (texts: [String], tag: String) in
      zip(columns, texts).map { column, text in
        let attribute = column.alignment == .trailing ? " class=\"number\"" : ""
        return "<\(tag)\(attribute)>\(Markup.isolated(text))</\(tag)>"
      }.joined()
    }
    let head = "<thead><tr>\(cells(columns.map(\.heading), "th"))</tr></thead>"
    let lines = rows.map { "<tr>\(cells($0, "td"))</tr>" }
    return
      "<div class=\"scroll\"><table>\(head)\n<tbody>\(lines.joined(separator: "\n"))</tbody></table></div>"
  }
}

extension Page.Figure {
  fileprivate var html: String {
    let images = images.map { image in
      "<img src=\"data:image/png;base64,\(Data(image.png).base64EncodedString())\" "
        + "width=\"\(image.width)\" height=\"\(image.height)\" alt=\"\(Markup.escaped(image.alternative))\">"
    }
    // A number and its sign stay on one line.
    let lines = details.map { "<span>\(Markup.isolated($0.replacing(" %", with: "\u{A0}%")))</span>" }
    return "<figure><div class=\"images\">\(images.joined())</div>"
      + "<figcaption><b>\(Markup.isolated(headline))</b>\(lines.joined())</figcaption></figure>"
  }
}
