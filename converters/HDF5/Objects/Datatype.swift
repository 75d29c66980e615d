internal import Tensors

/// The type of elements (HDF5 File Format Specification, IV.A.2.d), as far as weights and their names need it.
struct Datatype {
  enum TypeClass: UInt8 {
    case integer, float, time, string, bitfield, opaque, compound, reference, enumeration, variableLength,
      array,
      complex
  }

  let typeClass: TypeClass
  /// Bytes of one element in the file.
  let byteCount: Int
  /// Ours of the same meaning, if there is one.
  private(set) var scalarType: ScalarType?
  private(set) var isBigEndian = false
  /// Whether elements are text of any length, which lies in the global heap.
  private(set) var isVariableString = false
  /// Whether strings are filled up with spaces.
  private(set) var isSpacePadded = false

  init(_ body: Cursor) throws(FormatError) {
    var fields = body
    let first = try fields.byte()
    guard (1...5).contains(first >> 4), let typeClass = TypeClass(rawValue: first & 0xF) else {
      throw .refused("version \(first >> 4) of a type of class \(first & 0xF)")
    }
    self.typeClass = typeClass
    let flags = try fields.integer(3)
    byteCount = try fields.integer(4)
    guard byteCount > 0 else { throw fields.damaged("a type of 0 bytes") }
    switch typeClass {
    case .integer: try readInteger(&fields, flags)
    case .float: try readFloat(&fields, flags)
    case .string: isSpacePadded = flags & 0xF == 2
    case .variableLength: isVariableString = flags & 0xF == 1
    case .enumeration: try readEnumeration(&fields, memberCount: flags & 0xFFFF, version: first >> 4)
    default: break
    }
  }

  private mutating func readInteger(_ fields: inout Cursor, _ flags: Int) throws(FormatError) {
    let (offset, precision) = (try fields.integer(2), try fields.integer(2))
    guard offset == 0, precision == byteCount * 8 else { return }
    isBigEndian = flags & 1 != 0
    let isSigned = flags & 8 != 0
    switch byteCount {
    case 8: scalarType = isSigned ? .int64 : .uint64
    case 4: scalarType = isSigned ? .int32 : .uint32
    case 2: scalarType = isSigned ? .int16 : .uint16
    case 1: scalarType = isSigned ? .int8 : .uint8
    default: break
    }
  }

  /// Where the parts of a floating-point number lie, by `ScalarType`: only the formats of IEEE 754, and bfloat16.
  private static let floats: [FloatFields: ScalarType] = [
    FloatFields(precision: 64, exponent: (52, 11), mantissa: 52, bias: 1023): .float64,
    FloatFields(precision: 32, exponent: (23, 8), mantissa: 23, bias: 127): .float32,
    FloatFields(precision: 16, exponent: (10, 5), mantissa: 10, bias: 15): .float16,
    FloatFields(precision: 16, exponent: (7, 8), mantissa: 7, bias: 127): .bfloat16,
  ]

  private mutating func readFloat(_ fields: inout Cursor, _ flags: Int) throws(FormatError) {
    let found = try FloatFields(&fields, sign: flags >> 8 & 0xFF)
    // The first bit of the mantissa is implied; the bytes lie one way or the other, not as a VAX has them.
    guard flags & 0x30 == 0x20, flags & 0x40 == 0, found.precision == byteCount * 8 else { return }
    isBigEndian = flags & 1 != 0
    scalarType = Self.floats[found]
  }

  /// Truth values, as h5py writes them: FALSE is 0, TRUE is 1, each a byte.
  private mutating func readEnumeration(
    _ fields: inout Cursor, memberCount: Int, version: UInt8
  ) throws(FormatError) {
    guard byteCount == 1, memberCount == 2, let base = fields.rest.first, base & 0xF == 0 else { return }
    try fields.skip(12)
    var names: [String] = []
    for _ in 0..<memberCount {
      let name = fields.rest.prefix { $0 != 0 }
      let width = version < 3 ? (name.count + 8) / 8 * 8 : name.count + 1
      names.append(String(decoding: name, as: UTF8.self))
      try fields.skip(width)
    }
    let values = [try fields.byte(), try fields.byte()]
    let members = Dictionary(zip(names, values), uniquingKeysWith: { first, _ in first })
    if members == ["FALSE": 0, "TRUE": 1] { scalarType = .bool }
  }

  /// In words, for errors.
  var description: String {
    let name =
      switch typeClass {
      case .integer, .float: "numbers of an unusual layout"
      case .time: "times"
      case .string: "strings"
      case .bitfield: "bit fields"
      case .opaque: "opaque values"
      case .compound: "compounds of several values"
      case .reference: "references"
      case .enumeration: "an enumeration"
      case .variableLength: isVariableString ? "strings of any length" : "lists of any length"
      case .array: "arrays as elements"
      case .complex: "complex numbers"
      }
    return "\(name), of \(byteCount.grouped) bytes each"
  }
}

/// Where sign, exponent and mantissa of a floating-point number lie.
private struct FloatFields: Hashable {
  let offset, precision, sign, exponentAt, exponentSize, mantissaAt, mantissaSize, bias: Int

  init(precision: Int, exponent: (Int, Int), mantissa: Int, bias: Int) {
    (offset, self.precision, sign) = (0, precision, precision - 1)
    (exponentAt, exponentSize) = exponent
    (mantissaAt, mantissaSize, self.bias) = (0, mantissa, bias)
  }

  init(_ fields: inout Cursor, sign: Int) throws(FormatError) {
    self.sign = sign
    (offset, precision) = (try fields.integer(2), try fields.integer(2))
    (exponentAt, exponentSize) = (try fields.integer(1), try fields.integer(1))
    (mantissaAt, mantissaSize) = (try fields.integer(1), try fields.integer(1))
    bias = try fields.integer(4)
  }
}
