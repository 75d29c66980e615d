/// An attribute: a name, a type, an extent and a value (HDF5 File Format Specification, IV.A.2.m).
struct AttributeMessage {
  let name: [UInt8]
  private let version: Int
  private let flags: UInt8
  private let byteCounts: (type: Int, space: Int)
  private let rest: Cursor

  /// Reads no further than the name.
  init(_ body: Cursor) throws(FormatError) {
    var fields = body
    version = try fields.version(1...3)
    flags = try fields.byte()
    let nameByteCount = try fields.integer(2)
    byteCounts = (try fields.integer(2), try fields.integer(2))
    if version == 3 { try fields.skip(1) }
    name = Array(try fields.take(nameByteCount).prefix { $0 != 0 })
    try fields.skip(Self.padding(nameByteCount, version))
    rest = fields
  }

  /// Version 1 gives every part a multiple of 8 bytes.
  private static func padding(_ count: Int, _ version: Int) -> Int { version == 1 ? (8 - count % 8) % 8 : 0 }

  /// Type and extent, and the bytes of the value.
  func opened(in space: AddressSpace) throws(FormatError) -> (Datatype, Dataspace, Cursor) {
    var fields = rest
    let type = try fields.part(byteCounts.type)
    try fields.skip(Self.padding(byteCounts.type, version))
    let extent = try fields.part(byteCounts.space)
    try fields.skip(Self.padding(byteCounts.space, version))
    let isTypeShared = version > 1 && flags & 1 != 0
    guard version == 1 || flags & 2 == 0 else { throw .refused("an attribute whose extent is shared") }
    let datatype = try Datatype(isTypeShared ? HeaderMessage.shared(.datatype, type, in: space) : type)
    return (datatype, try Dataspace(extent), fields)
  }
}
