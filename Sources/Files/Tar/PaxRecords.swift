import Encoding

/// What POSIX's extended headers say of the next member of a tar archive: lines of a length, a key and a value.
struct PaxRecords {
  private var ownPath: [UInt8]?
  /// What a file is called whose own path GNU tar has replaced.
  private var sparsePath: [UInt8]?
  private(set) var size: Int?
  /// Whether GNU tar left the holes of a file out.
  private(set) var isSparse = false

  var path: [UInt8]? { sparsePath ?? ownPath }

  /// Whether nothing that counts is said.
  var isEmpty: Bool { path == nil && size == nil && !isSparse }

  /// Reads all lines; nil where one is none.
  init?(_ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let digits = rest.prefix { (0x30...0x39).contains($0) }
      guard digits.count <= 9, let length = Int(String(decoding: digits, as: UTF8.self)),
        length <= rest.count,
        length > digits.count + 1, rest[digits.endIndex] == 0x20
      else { return nil }
      let record = rest[digits.endIndex + 1..<rest.startIndex + length]
      guard record.last == 0x0A, let equals = record.firstIndex(of: UInt8(ascii: "=")) else { return nil }
      let value = record[equals + 1..<record.endIndex - 1]
      guard take(String(decoding: record[..<equals], as: UTF8.self), Array(value)) else { return nil }
      rest = rest[(rest.startIndex + length)...]
    }
  }

  private mutating func take(_ key: String, _ value: [UInt8]) -> Bool {
    switch key {
    case "path": ownPath = value.isEmpty ? nil : value
    case "GNU.sparse.name": (sparsePath, isSparse) = (value, true)
    case "size":
      let number = Int(String(decoding: value, as: UTF8.self))
      guard value.isEmpty || value.allSatisfy({ (0x30...0x39).contains($0) }) && number != nil else {
        return false
      }
      size = number
    default: if key.hasPrefix("GNU.sparse.") { isSparse = true }
    }
    return true
  }
}
