import Foundation

/// Members that a JSON object has twice: Python takes the last of them, others the first.
package enum JSONMembers {
  /// The name of a member that the outermost object of a text has twice, with different values; nil where it has none, and for what is
  /// no object.
  ///
  /// - Complexity: O(bytes).
  package static func contradiction(in text: String) -> String? {
    let bytes = Array(text.utf8)
    var values: [String: ArraySlice<UInt8>] = [:]
    var name: ArraySlice<UInt8>?
    var (depth, start, place) = (0, 0, 0)
    while place < bytes.count {
      switch bytes[place] {
      case UInt8(ascii: "\""):
        let end = Self.end(ofStringAt: place, in: bytes)
        if depth == 1, name == nil { name = bytes[place..<end] }
        place = end
        continue
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: ":") where depth == 1: start = place + 1
      case UInt8(ascii: ",") where depth == 1, UInt8(ascii: "}") where depth == 1:
        if let found = name.map(Self.text) {
          let value = Self.trimmed(bytes[min(start, place)..<place])
          if let other = values.updateValue(value, forKey: found), other != value { return found }
        }
        name = nil
        if bytes[place] == UInt8(ascii: "}") { depth -= 1 }
      case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
      default: break
      }
      place += 1
    }
    return nil
  }

  /// The place behind a string.
  private static func end(ofStringAt start: Int, in bytes: [UInt8]) -> Int {
    var place = start + 1
    while place < bytes.count, bytes[place] != UInt8(ascii: "\"") {
      place += bytes[place] == UInt8(ascii: "\\") ? 2 : 1
    }
    return min(bytes.count, place + 1)
  }

  /// What a string stands for; how it is written, where it is none.
  private static func text(_ string: ArraySlice<UInt8>) -> String {
    let plain = String(decoding: string.dropFirst().dropLast(), as: UTF8.self)
    guard string.contains(UInt8(ascii: "\\")) else { return plain }
    return (try? JSONDecoder().decode([String].self, from: Data([0x5B] + string + [0x5D])))?.first ?? plain
  }

  private static func trimmed(_ value: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let isBlank = { (byte: UInt8) in [0x20, 0x09, 0x0A, 0x0D].contains(byte) }
    let start = value.firstIndex { !isBlank($0) } ?? value.endIndex
    let end = value.lastIndex { !isBlank($0) }.map { $0 + 1 } ?? start
    return value[start..<max(start, end)]
  }
}
