/// An attribute with its type and extent.
struct OpenAttribute {
  let info: HDF5AttributeInfo
  private let datatype: Datatype
  private let value: Cursor
  private let space: AddressSpace

  init(_ message: AttributeMessage, in space: AddressSpace) throws(FormatError) {
    self.space = space
    let dataspace: Dataspace
    (datatype, dataspace, value) = try message.opened(in: space)
    let limits = space.limits
    let count = dataspace.elementCount ?? .max
    guard count <= limits.stringCount else {
      throw .beyond(what: "elements of an attribute", limit: limits.stringCount, found: count)
    }
    let (byteCount, overflow) = count.multipliedReportingOverflow(by: datatype.byteCount)
    let limit = min(limits.attributeByteCount, value.remaining)
    guard !overflow, byteCount <= limit else {
      throw .beyond(what: "bytes of an attribute", limit: limit, found: overflow ? .max : byteCount)
    }
    info = HDF5AttributeInfo(content: Self.content(of: datatype), count: count)
  }

  private static func content(of type: Datatype) -> HDF5AttributeInfo.Content {
    switch type.typeClass {
    case .string: .fixedStrings(size: type.byteCount)
    case .variableLength where type.isVariableString: .variableStrings
    case .float: .float
    case .integer: .integer
    default: .other
    }
  }

  /// All elements as text; none for an array without elements, whatever its type.
  func strings() throws(FormatError) -> [String] {
    guard info.count > 0 else { return [] }
    var strings: [String] = []
    var fields = value
    for _ in 0..<info.count {
      let bytes =
        switch info.content {
        case .fixedStrings(let size): try fixedString(&fields, size: size)
        case .variableStrings: try variableString(&fields)
        default: throw .wrongKind(expected: "strings", found: "\(info.content)")
        }
      // What a string takes: short ones lie in the array itself.
      try space.ledger.charge(16 + (bytes.count > 15 ? 32 + bytes.count : 0))
      strings.append(String(decoding: bytes, as: UTF8.self))
    }
    return strings
  }

  /// Fixed strings have no terminator when they are full.
  private func fixedString(_ fields: inout Cursor, size: Int) throws(FormatError) -> ArraySlice<UInt8> {
    let text = try fields.take(size).prefix { $0 != 0 }
    guard datatype.isSpacePadded else { return text }
    return text[..<((text.lastIndex { $0 != 0x20 } ?? text.startIndex - 1) + 1)]
  }

  /// Strings of any length are a length and a place in a global heap.
  private func variableString(_ fields: inout Cursor) throws(FormatError) -> ArraySlice<UInt8> {
    var reference = try fields.part(datatype.byteCount)
    let count = try reference.integer(4)
    guard let heap = try reference.optionalAddress(), heap != 0 else { return [] }
    let number = try reference.integer(4)
    guard count > 0 else { return [] }
    return try space.globalHeap(at: heap).object(number, count: count).prefix { $0 != 0 }
  }
}
