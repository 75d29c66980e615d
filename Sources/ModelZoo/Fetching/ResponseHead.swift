import Foundation

/// What a server says ahead of a file, as far as it matters here.
struct ResponseHead: Equatable, Sendable {
  let status: Int
  private let fields: [(name: String, value: String)]

  /// - Parameter text: a status line and header lines (RFC 9112); nil for anything else.
  init?(_ text: String) {
    let lines = text.split(whereSeparator: \.isNewline)
    guard let first = lines.first, first.hasPrefix("HTTP/") else { return nil }
    let words = first.split(separator: " ")
    guard words.count > 1, let status = Int(words[1]), (100...999).contains(status) else { return nil }
    self.status = status
    fields = lines.dropFirst().compactMap { line in
      guard let colon = line.firstIndex(of: ":") else { return nil }
      let value = line[line.index(after: colon)...]
      return (line[..<colon].lowercased(), value.trimmingCharacters(in: .whitespaces))
    }
  }

  static func == (left: Self, right: Self) -> Bool {
    left.status == right.status
      && left.fields.elementsEqual(right.fields) { $0.name == $1.name && $0.value == $1.value }
  }

  subscript(name: String) -> String? { fields.last { $0.name == name }?.value }

  /// Whether another answer follows it.
  var isInterim: Bool { status < 200 || (300..<400).contains(status) && self["location"] != nil }

  /// What the file has in all, where that is said.
  var totalByteCount: Int? {
    guard status == 206 || status == 416 else { return self["content-length"].flatMap { Int($0) } }
    return self["content-range"]?.split(separator: "/").last.flatMap { Int($0) }
  }

  /// Where in the file a part of it begins.
  var rangeStart: Int? {
    guard let range = self["content-range"], range.lowercased().hasPrefix("bytes ") else { return nil }
    return Int(range.dropFirst(6).prefix { $0.isASCII && $0.isNumber })
  }

  /// What tells this version of the file from others, for a server that is asked for the rest of it: a strong tag, or a date.
  var validator: String? {
    if let tag = self["etag"], tag.hasPrefix("\""), tag.utf8.count < 256 { return tag }
    return self["last-modified"].flatMap { $0.utf8.count < 64 ? $0 : nil }
  }
}

/// Answers as they come: heads of servers that point elsewhere, the head of the one that counts, and what is behind it.
struct ResponseStream {
  private var waiting: [UInt8] = []
  private(set) var head: ResponseHead?
  private(set) var locations: [String] = []
  private static let mostHeadBytes = 1 << 16

  /// Takes what has come; returns what of it is the file.
  ///
  /// - Throws: a sentence where it is no answer of HTTP.
  mutating func take(_ bytes: [UInt8]) throws(BadHead) -> [UInt8] {
    if head != nil { return bytes }
    waiting += bytes
    while let end = endOfHead() {
      guard let found = ResponseHead(String(decoding: waiting[..<end], as: UTF8.self)) else {
        throw BadHead()
      }
      waiting.removeSubrange(..<end)
      guard found.isInterim else {
        head = found
        defer { waiting = [] }
        return waiting
      }
      if let location = found["location"] { locations.append(location) }
    }
    guard waiting.count <= Self.mostHeadBytes else { throw BadHead() }
    return []
  }

  private func endOfHead() -> Int? {
    for place in waiting.indices where waiting[place] == 0x0A {
      if place + 1 < waiting.count, waiting[place + 1] == 0x0A { return place + 2 }
      if place + 2 < waiting.count, waiting[place + 1] == 0x0D, waiting[place + 2] == 0x0A {
        return place + 3
      }
    }
    return nil
  }

  struct BadHead: Error {}
}
