/// An object's header: messages, in one block or in several that continue each other (HDF5 File Format Specification,
/// IV.A.1).
struct ObjectHeader {
  let address: Int
  private(set) var messages: [HeaderMessage] = []

  private var visits = Visits()
  private var continuations: [(address: Int, byteCount: Int)] = []

  init(at address: Int, in space: AddressSpace) throws(FormatError) {
    self.address = address
    try visits.enter(address, "object header")
    // As much as any header begins with.
    let head = try space.structure("object header", at: address, count: min(34, space.end - address))
    if head.rest.starts(with: "OHDR".utf8) {
      try readVersion2(head, in: space)
    } else {
      try readVersion1(head, in: space)
    }
  }

  func first(_ kind: MessageKind) -> HeaderMessage? { messages.first { $0.kind == kind } }

  func all(_ kind: MessageKind) -> [HeaderMessage] { messages.filter { $0.kind == kind } }

  private mutating func readVersion1(_ head: Cursor, in space: AddressSpace) throws(FormatError) {
    var prefix = head
    guard try prefix.byte() == 1 else { throw head.damaged("it does not begin like one") }
    try prefix.skip(7)
    let byteCount = try prefix.integer(4)
    var block = try space.structure("object header", at: address + 16, count: byteCount)
    try readMessages(&block, MessageForm(version: 1), in: space)
    try followContinuations(in: space) { (block) throws(FormatError) in block }
  }

  private mutating func readVersion2(_ start: Cursor, in space: AddressSpace) throws(FormatError) {
    // Signature, version, flags; times, bounds and size as the flags say.
    var head = start
    try head.skip(4)
    _ = try head.version(2...2)
    let flags = try head.byte()
    guard flags & 0xC0 == 0 else { throw head.damaged("its flags are \(flags)") }
    if flags & 0x20 != 0 { try head.skip(16) }
    if flags & 0x10 != 0 { try head.skip(4) }
    let byteCount = try head.integer(1 << Int(flags & 3))
    let form = MessageForm(version: 2, hasCreationOrder: flags & 4 != 0)
    try space.require(byteCount, at: address, "object header")
    var whole = try space.structure("object header", at: address, count: head.position + byteCount + 4)
    try whole.skip(head.position)
    var block = try whole.sealed()
    try readMessages(&block, form, in: space)
    try followContinuations(form, in: space) { (block) throws(FormatError) in
      var block = block
      try block.signature("OCHK")
      return try block.sealed()
    }
  }

  private mutating func followContinuations(
    _ form: MessageForm = MessageForm(version: 1), in space: AddressSpace,
    opening: (Cursor) throws(FormatError) -> Cursor
  ) throws(FormatError) {
    var done = 0
    while done < continuations.count {
      let next = continuations[done]
      done += 1
      try visits.enter(next.address, "object header")
      var block = try opening(try space.structure("object header", at: next.address, count: next.byteCount))
      try readMessages(&block, form, in: space)
    }
  }

  private mutating func readMessages(
    _ block: inout Cursor, _ form: MessageForm, in space: AddressSpace
  ) throws(FormatError) {
    // What is too short for a message is a gap.
    while block.remaining >= form.headByteCount {
      let (kind, flags, byteCount) = try form.readHead(&block)
      let body = try block.part(byteCount, "header message")
      guard let kind = MessageKind(rawValue: kind) else {
        guard flags & 0x80 == 0 else { throw .refused("an object header with a message of kind \(kind)") }
        continue
      }
      if kind == .continuation {
        var fields = body
        continuations.append((try fields.requiredAddress(), try fields.length()))
      } else {
        // What a message takes while it is kept.
        try space.ledger.charge(MemoryLayout<HeaderMessage>.stride)
        messages.append(HeaderMessage(kind: kind, isShared: flags & 2 != 0, body: body))
      }
    }
  }
}

/// How messages begin in one version of object headers.
private struct MessageForm {
  let version: Int
  var hasCreationOrder = false

  var headByteCount: Int { version == 1 ? 8 : hasCreationOrder ? 6 : 4 }

  func readHead(_ block: inout Cursor) throws(FormatError) -> (kind: UInt16, flags: UInt8, byteCount: Int) {
    let kind = UInt16(try block.integer(version == 1 ? 2 : 1))
    let byteCount = try block.integer(2)
    let flags = try block.byte()
    try block.skip(headByteCount - (version == 1 ? 5 : 4))
    return (kind, flags, byteCount)
  }
}
