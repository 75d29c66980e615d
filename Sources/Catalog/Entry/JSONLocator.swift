/// Finds the line on which a value of a JSON text stands, so that an error can name it.
///
/// The text has been read by a real parser before; this walks it again, skipping what it is not asked for.
struct JSONLocator {
  /// A step from a value to one of its parts.
  enum Step: Hashable {
    case key(String)
    case index(Int)
  }

  private let bytes: [UInt8]
  private var index = 0

  /// The line (from 1) on which the value at `path` starts, or the last part of the path that is there.
  static func line(of path: [Step], in text: String) -> Int {
    var locator = JSONLocator(bytes: Array(text.utf8))
    locator.skipBlanks()
    for step in path {
      let before = locator.index
      guard locator.enter(step) else {
        locator.index = before
        break
      }
    }
    return 1 + locator.bytes[..<min(locator.index, locator.bytes.count)].count { $0 == UInt8(ascii: "\n") }
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private var current: UInt8? { index < bytes.count ? bytes[index] : nil }

  private mutating func enter(_ step: Step) -> Bool {
    switch step {
    case .key(let key): enterMember(Array(key.utf8))
    case .index(let position): enterElement(position)
    }
  }

  private mutating func enterMember(_ key: [UInt8]) -> Bool {
    guard current == UInt8(ascii: "{") else { return false }
    index += 1
    skipBlanks()
    while current == UInt8(ascii: "\"") {
      let start = index
      skipString()
      let found = bytes[(start + 1)..<max(start + 1, index - 1)]
      skipBlanks()
      index += 1
      skipBlanks()
      if found.elementsEqual(key) { return true }
      skipValueAndComma()
    }
    return false
  }

  private mutating func enterElement(_ position: Int) -> Bool {
    guard current == UInt8(ascii: "[") else { return false }
    index += 1
    skipBlanks()
    for _ in 0..<position {
      guard current != nil, current != UInt8(ascii: "]") else { return false }
      skipValueAndComma()
    }
    return current != nil && current != UInt8(ascii: "]")
  }

  private mutating func skipValueAndComma() {
    var depth = 0
    while let byte = current {
      switch byte {
      case UInt8(ascii: "\""):
        skipString()
        continue
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        if depth == 0 { return }
        depth -= 1
      case UInt8(ascii: ",") where depth == 0:
        index += 1
        skipBlanks()
        return
      default: break
      }
      index += 1
    }
  }

  private mutating func skipString() {
    index += 1
    while let byte = current, byte != UInt8(ascii: "\"") { index += byte == UInt8(ascii: "\\") ? 2 : 1 }
    index += 1
  }

  private mutating func skipBlanks() {
    while let byte = current, byte == 0x20 || (0x09...0x0D).contains(byte) { index += 1 }
  }
}
