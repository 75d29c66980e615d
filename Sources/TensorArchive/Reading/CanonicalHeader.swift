/// Reads a header that is laid out as writers lay it out: a metadata object of strings, tensors of three known fields.
///
/// Nothing here reports a problem: for whatever it does not expect it returns nil, and a parser that takes its time, and
/// knows how to complain, has its turn. Starting that one up costs more than reading a header.
struct CanonicalHeader {
  private let bytes: [UInt8]
  private var index = 0

  /// What ``HeaderJSON`` would make of `header`, or nil.
  static func read(_ header: [UInt8]) -> HeaderJSON? {
    var reader = CanonicalHeader(bytes: header)
    return reader.header()
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private mutating func header() -> HeaderJSON? {
    var json = HeaderJSON()
    var names: Set<String> = []
    let isWhole = object { reader, name in
      guard names.insert(name).inserted else { return false }
      if name == metadataName {
        json.metadata = reader.strings()
        return json.metadata != nil
      }
      guard let fields = reader.fields() else { return false }
      json.tensors.append(HeaderJSON.Tensor(name: name, fields: fields))
      return true
    }
    skipBlanks()
    return isWhole && index == bytes.count ? json : nil
  }

  private mutating func strings() -> [String: String]? {
    var strings: [String: String] = [:]
    let isWhole = object { reader, name in
      guard let text = reader.string() else { return false }
      return strings.updateValue(text, forKey: name) == nil
    }
    return isWhole ? strings : nil
  }

  private mutating func fields() -> HeaderJSON.Fields? {
    var type: String?
    var lists: [String: [Int]] = [:]
    let isWhole = object { reader, name in
      if name == "dtype" {
        guard type == nil else { return false }
        type = reader.string()
        return type != nil
      }
      guard name == "shape" || name == "data_offsets", let list = reader.integers() else { return false }
      return lists.updateValue(list, forKey: name) == nil
    }
    guard isWhole, let type, let shape = lists["shape"], let offsets = lists["data_offsets"] else {
      return nil
    }
    return HeaderJSON.Fields(dtype: type, shape: shape, data_offsets: offsets)
  }

  /// Reads an object, each member's value by `value`, which says whether it could.
  private mutating func object(_ value: (inout CanonicalHeader, String) -> Bool) -> Bool {
    guard take("{") else { return false }
    if take("}") { return true }
    repeat {
      guard let name = string(), take(":"), value(&self, name) else { return false }
    } while take(",")
    return take("}")
  }

  private mutating func integers() -> [Int]? {
    guard take("[") else { return nil }
    var integers: [Int] = []
    if take("]") { return integers }
    repeat {
      guard let integer = integer() else { return nil }
      integers.append(integer)
    } while take(",")
    return take("]") ? integers : nil
  }

  private mutating func integer() -> Int? {
    skipBlanks()
    let start = index
    while let byte = current, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { index += 1 }
    let digits = bytes[start..<index]
    guard (1...18).contains(digits.count), digits.count == 1 || digits.first != UInt8(ascii: "0") else {
      return nil
    }
    return digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
  }

  private mutating func string() -> String? {
    guard take("\"") else { return nil }
    var text: [UInt8] = []
    while let byte = current {
      index += 1
      switch byte {
      case UInt8(ascii: "\""): return String(validating: text, as: UTF8.self)
      case UInt8(ascii: "\\"):
        guard let character = escaped() else { return nil }
        text.append(character)
      default: text.append(byte)
      }
    }
    return nil
  }

  /// What stands behind a backslash; characters given by number are not expected.
  private mutating func escaped() -> UInt8? {
    defer { index += 1 }
    return switch current {
    case UInt8(ascii: "\""): UInt8(ascii: "\"")
    case UInt8(ascii: "\\"): UInt8(ascii: "\\")
    case UInt8(ascii: "n"): UInt8(ascii: "\n")
    case UInt8(ascii: "t"): UInt8(ascii: "\t")
    default: nil
    }
  }

  private var current: UInt8? { index < bytes.count ? bytes[index] : nil }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    skipBlanks()
    guard current == UInt8(ascii: character) else { return false }
    index += 1
    return true
  }

  private mutating func skipBlanks() {
    while let byte = current, byte == 0x20 || (0x09...0x0D).contains(byte) { index += 1 }
  }
}
