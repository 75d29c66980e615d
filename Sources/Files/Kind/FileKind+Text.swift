extension FileKind {
  /// What people find where a file should be: a page, a pointer, a note. Nil when the first bytes are no text.
  init?(text head: Span<UInt8>) {
    let isPrintable = (0..<min(512, head.count)).allSatisfy {
      head[$0] >= 0x20 || head[$0] == 0x09 || head[$0] == 0x0A || head[$0] == 0x0D
    }
    guard isPrintable else { return nil }
    let text = String(decoding: head.copy(0..<head.count), as: UTF8.self)
    let start = text.drop { $0.isWhitespace || $0 == "\u{FEFF}" }.lowercased().prefix(512)
    if text.hasPrefix("version https://git-lfs.github.com/spec/") {
      self = Self.pointer(text)
    } else if start.hasPrefix("<!doctype html") || start.contains("<html") {
      self = .html
    } else if start.hasPrefix("<?xml") {
      self = start.contains("<svg") ? .image(.svg) : .xml
    } else if start.hasPrefix("{") || start.hasPrefix("[") {
      self = .json
    } else {
      let firstLine = text.split(whereSeparator: \.isNewline).first ?? ""
      self = .text(firstLine: String(firstLine.prefix(80)))
    }
  }

  private static func pointer(_ text: String) -> FileKind {
    let fields = text.split(whereSeparator: \.isNewline).map { $0.split(separator: " ", maxSplits: 1) }
    func value(_ name: String) -> String? {
      fields.first { $0.count == 2 && $0[0] == name }.map { String($0[1]) }
    }
    return .gitLFSPointer(oid: value("oid") ?? "not given", size: value("size").flatMap { Int($0) })
  }
}
