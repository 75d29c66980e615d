/// What people find where a weight file should be: a page, a pointer, a note.
struct TextSignature {
  let kind: FileSignature.Kind

  /// Nil when the first bytes are no text.
  init?(_ head: [UInt8]) {
    let sample = head.prefix(512)
    let printable = sample.allSatisfy { $0 >= 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
    guard printable else { return nil }
    let text = String(decoding: head, as: UTF8.self)
    let start = text.drop { $0.isWhitespace }.lowercased().prefix(512)
    if text.hasPrefix("version https://git-lfs.github.com/spec/") {
      kind = Self.pointer(text)
    } else if start.hasPrefix("<!doctype html") || start.contains("<html") {
      kind = .html
    } else if start.hasPrefix("{") || start.hasPrefix("[") {
      kind = .json
    } else {
      let firstLine = text.split(whereSeparator: \.isNewline).first ?? ""
      kind = .text(firstLine: String(firstLine.prefix(80)))
    }
  }

  private static func pointer(_ text: String) -> FileSignature.Kind {
    let fields = text.split(whereSeparator: \.isNewline).map { $0.split(separator: " ", maxSplits: 1) }
    func value(_ name: String) -> String? {
      fields.first { $0.count == 2 && $0[0] == name }.map { String($0[1]) }
    }
    return .gitLFSPointer(oid: value("oid") ?? "not given", size: value("size").flatMap { Int($0) })
  }
}
