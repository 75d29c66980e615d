/// A link: a name, and where it leads (HDF5 File Format Specification, IV.A.2.g).
struct LinkMessage {
  let name: [UInt8]
  let target: LinkTarget

  init(_ body: Cursor) throws(FormatError) {
    var fields = body
    _ = try fields.version(1...1)
    let flags = try fields.byte()
    let kind = flags & 8 != 0 ? try fields.byte() : 0
    if flags & 4 != 0 { try fields.skip(8) }
    if flags & 16 != 0 { try fields.skip(1) }
    name = Array(try fields.take(try fields.integer(1 << Int(flags & 3))))
    switch kind {
    case 0: target = .hard(try fields.requiredAddress())
    case 1: target = .soft
    case 64: target = .external
    default: target = .userDefined
    }
  }

  /// An entry of an old group's symbol table.
  init(entry: Cursor, _ names: LocalHeap) throws(FormatError) {
    var fields = entry
    name = try names.name(at: try fields.integer(fields.sizes.offsets))
    let header = try fields.optionalAddress()
    guard try fields.integer(4) != 2 else {
      target = .soft
      return
    }
    guard let header else { throw fields.damaged("an entry that points nowhere") }
    target = .hard(header)
  }
}
