/// What a message of an object header is about, as far as we ask (HDF5 File Format Specification, IV.A.2).
enum MessageKind: UInt16 {
  case dataspace = 0x01
  case linkInfo = 0x02
  case datatype = 0x03
  case oldFillValue = 0x04
  case fillValue = 0x05
  case link = 0x06
  case externalFiles = 0x07
  case dataLayout = 0x08
  case filterPipeline = 0x0B
  case attribute = 0x0C
  case continuation = 0x10
  case symbolTable = 0x11
  case attributeInfo = 0x15
  case cacheImage = 0x18
}

/// One message of an object header.
struct HeaderMessage {
  let kind: MessageKind
  /// Whether the body only says where the message is.
  let isShared: Bool
  let body: Cursor

  /// The message itself, which may lie in a header of its own: a committed datatype.
  func resolved(in space: AddressSpace) throws(FormatError) -> Cursor {
    isShared ? try Self.shared(kind, body, in: space) : body
  }

  /// The message of that kind to which `reference` points.
  static func shared(_ kind: MessageKind, _ reference: Cursor, in space: AddressSpace) throws(FormatError)
    -> Cursor
  {
    var fields = reference
    let version = try fields.version(1...3)
    let place = try fields.byte()
    if version == 1 { try fields.skip(6 + fields.sizes.lengths) }
    guard version < 3 || place == 2 else {
      throw .refused("messages that objects share by way of the file's table of shared messages")
    }
    let header = try ObjectHeader(at: try fields.requiredAddress(), in: space)
    guard let message = header.first(kind), !message.isShared else {
      throw fields.damaged("what it shares is not there")
    }
    return message.body
  }
}
