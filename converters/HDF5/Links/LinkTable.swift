/// Where a link leads.
enum LinkTarget: Sendable {
  /// To the object header at an address.
  case hard(Int)
  case soft, external, userDefined
}

/// The children of a group, in the file's order.
struct LinkTable: Sendable {
  private(set) var names: [[UInt8]] = []
  private var targets: [[UInt8]: LinkTarget] = [:]

  /// No children.
  init() {}

  /// The children of the group with that header, wherever its kind of group keeps them.
  init(of header: ObjectHeader, in space: AddressSpace) throws(FormatError) {
    if let info = header.first(.linkInfo) {
      for message in header.all(.link) { try add(LinkMessage(message.body), in: space) }
      try addDense(info.body, in: space)
    } else if let table = header.first(.symbolTable) {
      var fields = table.body
      let (tree, heap) = (try fields.requiredAddress(), try fields.requiredAddress())
      let names = try LocalHeap(at: heap, in: space)
      try BTree1.forEachSymbol(at: tree, in: space) { (entry) throws(FormatError) in
        try add(try LinkMessage(entry: entry, names), in: space)
      }
    }
  }

  subscript(name: some StringProtocol) -> LinkTarget? { targets[Array(name.utf8)] }

  /// Many links lie in a heap of their own, and a tree knows where.
  private mutating func addDense(_ info: Cursor, in space: AddressSpace) throws(FormatError) {
    var fields = info
    _ = try fields.version(0...0)
    if try fields.byte() & 1 != 0 { try fields.skip(8) }
    guard let heapAddress = try fields.optionalAddress() else { return }
    let heap = try FractalHeap(at: heapAddress, in: space)
    let tree = try BTree2(at: try fields.requiredAddress(), type: 5, in: space)
    try tree.forEachRecord { (record) throws(FormatError) in
      var record = record
      try record.skip(4)
      try add(try LinkMessage(try heap.object(record)), in: space)
    }
  }

  private mutating func add(_ link: LinkMessage, in space: AddressSpace) throws(FormatError) {
    let limits = space.limits
    guard names.count < limits.memberCount else {
      throw .beyond(what: "children", limit: limits.memberCount, found: names.count + 1)
    }
    guard (1...limits.nameByteCount).contains(link.name.count) else {
      throw .beyond(what: "bytes of a child's name", limit: limits.nameByteCount, found: link.name.count)
    }
    // What an entry takes while it is kept.
    try space.ledger.charge(128 + link.name.count)
    guard targets.updateValue(link.target, forKey: link.name) == nil else {
      throw .damaged("two children are called '\(String(decoding: link.name, as: UTF8.self))'")
    }
    names.append(link.name)
  }
}
