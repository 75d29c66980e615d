/// Where a dataset's elements lie (HDF5 File Format Specification, IV.A.2.i).
enum DataLayout {
  /// In the header itself.
  case compact(ArraySlice<UInt8>)
  /// In one run; nowhere when nothing was ever written. Old versions leave the size to be computed.
  case contiguous(address: Int?, byteCount: Int?)
  /// In pieces of one shape, which an index finds.
  case chunked(extents: [Int], elementByteCount: Int, index: ChunkIndex)

  init(_ body: Cursor) throws(FormatError) {
    var fields = body
    switch try fields.version(1...5) {
    case 1, 2: try self.init(version1: &fields)
    case 3: try self.init(version3: &fields)
    default: try self.init(version4: &fields)
    }
  }

  private init(version1 fields: inout Cursor) throws(FormatError) {
    let rank = Int(try fields.byte())
    let kind = try fields.byte()
    try fields.skip(5)
    let address = kind == 0 ? nil : try fields.optionalAddress()
    var extents: [Int] = []
    for _ in 0..<rank { extents.append(try fields.integer(4)) }
    switch kind {
    case 0: self = .compact(try fields.take(try fields.integer(4)))
    case 1: self = .contiguous(address: address, byteCount: nil)
    case 2: self = try Self.chunked(extents, .bTree1(root: address), fields)
    default: throw fields.damaged("a layout of class \(kind)")
    }
  }

  private init(version3 fields: inout Cursor) throws(FormatError) {
    let kind = try fields.byte()
    guard kind == 2 else {
      try self.init(kind, simple: &fields)
      return
    }
    let rank = Int(try fields.byte())
    let root = try fields.optionalAddress()
    var extents: [Int] = []
    for _ in 0..<rank { extents.append(try fields.integer(4)) }
    self = try Self.chunked(extents, .bTree1(root: root), fields)
  }

  private init(version4 fields: inout Cursor) throws(FormatError) {
    let kind = try fields.byte()
    guard kind == 2 else {
      try self.init(kind, simple: &fields)
      return
    }
    let flags = try fields.byte()
    guard flags & 0xFC == 0 else { throw fields.damaged("chunks with the flags \(flags)") }
    let rank = Int(try fields.byte())
    let extentByteCount = Int(try fields.byte())
    var extents: [Int] = []
    for _ in 0..<rank { extents.append(try fields.integer(extentByteCount)) }
    self = try Self.chunked(extents, try ChunkIndex(&fields, flags: flags), fields)
  }

  /// What versions 3 and later have alike.
  private init(_ kind: UInt8, simple fields: inout Cursor) throws(FormatError) {
    switch kind {
    case 0: self = .compact(try fields.take(try fields.integer(2)))
    case 1: self = .contiguous(address: try fields.optionalAddress(), byteCount: try fields.length())
    case 3: throw .refused("a virtual dataset, whose elements lie in other files")
    default: throw fields.damaged("a layout of class \(kind)")
    }
  }

  /// The last axis of chunks is that of an element's bytes.
  private static func chunked(
    _ extents: [Int], _ index: ChunkIndex, _ fields: Cursor
  ) throws(FormatError) -> DataLayout {
    guard let elementByteCount = extents.last, extents.allSatisfy({ $0 > 0 }) else {
      throw fields.damaged("chunks of the extents \(extents)")
    }
    return .chunked(extents: extents.dropLast(), elementByteCount: elementByteCount, index: index)
  }
}

/// How the chunks of a dataset are found.
enum ChunkIndex {
  case bTree1(root: Int?)
  /// There is only one; its size and which filters it was spared, where they are not those of every chunk.
  case single(address: Int?, packed: (byteCount: Int, mask: UInt32)?)
  /// All lie one behind the other.
  case implicit(address: Int?)
  case fixedArray(address: Int?)
  case extensibleArray(address: Int?)
  case bTree2(address: Int?)

  init(_ fields: inout Cursor, flags: UInt8) throws(FormatError) {
    // Chunks that stick out were not packed: no library but the newest writes this.
    guard flags & 1 == 0 else { throw .refused("chunks that are packed only where they are whole") }
    let kind = try fields.byte()
    switch kind {
    case 1:
      let packed = flags & 2 != 0 ? (try fields.length(), UInt32(try fields.unsigned(4))) : nil
      self = .single(address: try fields.optionalAddress(), packed: packed)
    case 2: self = .implicit(address: try fields.optionalAddress())
    case 3:
      try fields.skip(1)
      self = .fixedArray(address: try fields.optionalAddress())
    case 4:
      try fields.skip(5)
      self = .extensibleArray(address: try fields.optionalAddress())
    case 5:
      try fields.skip(6)
      self = .bTree2(address: try fields.optionalAddress())
    default: throw fields.damaged("chunks found by an index of kind \(kind)")
    }
  }
}
