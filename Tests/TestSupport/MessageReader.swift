/// A Protocol Buffers message taken apart, for tests: the fields in their order, each with its number.
package struct MessageReader {
  package enum Field {
    case integer(UInt64)
    case bytes(ArraySlice<UInt8>)
    case fixed(UInt64)
  }

  package let fields: [(number: Int, field: Field)]

  package init?(_ bytes: ArraySlice<UInt8>) {
    var (rest, fields) = (bytes, [(number: Int, field: Field)]())
    while !rest.isEmpty {
      guard let tag = Self.variable(&rest) else { return nil }
      let number = Int(tag >> 3)
      switch tag & 7 {
      case 0:
        guard let value = Self.variable(&rest) else { return nil }
        fields.append((number, .integer(value)))
      case 1, 5:
        let count = tag & 7 == 1 ? 8 : 4
        guard rest.count >= count else { return nil }
        fields.append((number, .fixed(rest.prefix(count).reversed().reduce(0) { $0 << 8 | UInt64($1) })))
        rest = rest.dropFirst(count)
      case 2:
        guard let count = Self.variable(&rest), Int(count) <= rest.count else { return nil }
        fields.append((number, .bytes(rest.prefix(Int(count)))))
        rest = rest.dropFirst(Int(count))
      default: return nil
      }
    }
    self.fields = fields
  }

  private static func variable(_ bytes: inout ArraySlice<UInt8>) -> UInt64? {
    var (value, shift) = (UInt64(0), UInt64(0))
    while let byte = bytes.popFirst(), shift < 64 {
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
      shift += 7
    }
    return nil
  }

  package func texts(_ number: Int) -> [String] { bytes(number).map { String(decoding: $0, as: UTF8.self) } }

  package func messages(_ number: Int) -> [MessageReader] { bytes(number).compactMap { MessageReader($0) } }

  package func bytes(_ number: Int) -> [ArraySlice<UInt8>] {
    fields.compactMap { if $0.number == number, case .bytes(let bytes) = $0.field { bytes } else { nil } }
  }

  package func integers(_ number: Int) -> [Int] {
    fields.compactMap {
      if $0.number == number, case .integer(let value) = $0.field {
        Int(Int64(bitPattern: value))
      } else {
        nil
      }
    }
  }

  package func fixed(_ number: Int) -> [Float] {
    fields.compactMap {
      if $0.number == number, case .fixed(let bits) = $0.field {
        Float(bitPattern: UInt32(truncatingIfNeeded: bits))
      } else {
        nil
      }
    }
  }
}
