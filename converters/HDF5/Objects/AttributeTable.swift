/// The attributes of one object, by name, not yet opened.
struct AttributeTable {
  private var messages: [[UInt8]: AttributeMessage] = [:]

  init(_ header: ObjectHeader, in space: AddressSpace) throws(FormatError) {
    for message in header.all(.attribute) {
      try add(try message.resolved(in: space), in: space)
    }
    guard let info = header.first(.attributeInfo) else { return }
    try addDense(info.body, in: space)
  }

  /// In alphabetical order.
  var names: [String] { messages.keys.map { String(decoding: $0, as: UTF8.self) }.sorted() }

  subscript(name: String) -> AttributeMessage? { messages[Array(name.utf8)] }

  /// Many attributes lie in a heap of their own, and a tree knows where.
  private mutating func addDense(_ info: Cursor, in space: AddressSpace) throws(FormatError) {
    var fields = info
    _ = try fields.version(0...0)
    if try fields.byte() & 1 != 0 { try fields.skip(2) }
    guard let heapAddress = try fields.optionalAddress() else { return }
    let heap = try FractalHeap(at: heapAddress, in: space)
    let tree = try BTree2(at: try fields.requiredAddress(), type: 8, in: space)
    try tree.forEachRecord { (record) throws(FormatError) in
      var record = record
      let identifier = try record.part(8)
      guard try record.byte() & 2 == 0 else { throw .refused("attributes that objects share") }
      try add(try heap.object(identifier), in: space)
    }
  }

  private mutating func add(_ body: Cursor, in space: AddressSpace) throws(FormatError) {
    let message = try AttributeMessage(body)
    // What an entry takes while it is kept.
    try space.ledger.charge(2 * MemoryLayout<AttributeMessage>.stride + message.name.count)
    guard messages.updateValue(message, forKey: message.name) == nil else {
      throw body.damaged("the name of an attribute is there twice")
    }
    guard messages.count <= space.limits.memberCount else {
      throw .beyond(what: "attributes", limit: space.limits.memberCount, found: messages.count)
    }
  }
}
