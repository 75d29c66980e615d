import HDF5

/// Builds HDF5 files by hand, structure by structure, for tests that need what no library would write.
struct FileBuilder {
  private(set) var bytes = [UInt8](repeating: 0, count: 48)

  /// Adds a structure on the next multiple of 8 and says where.
  mutating func append(_ structure: [UInt8]) -> Int {
    bytes += [UInt8](repeating: 0, count: (8 - bytes.count % 8) % 8)
    defer { bytes += structure }
    return bytes.count
  }

  /// Adds an object header of version 2.
  mutating func header(_ messages: [Message]) -> Int {
    let body = messages.flatMap(\.bytes)
    return append(Self.sealed(Array("OHDR".utf8) + [2, 2] + little(body.count, 4) + body))
  }

  /// Adds a group.
  mutating func group(_ links: [(name: String, address: Int)], _ others: [Message] = []) -> Int {
    let info = Message(kind: 2, body: [0, 0] + nowhere + nowhere)
    return header([info] + links.map { .link($0.name, to: $0.address) } + others)
  }

  /// Adds a dataset.
  mutating func dataset(_ extents: [Int], type: [UInt8] = float32, layout: [UInt8], _ others: [Message] = [])
    -> Int
  {
    header([.dataspace(extents), Message(kind: 3, body: type), Message(kind: 8, body: layout)] + others)
  }

  /// The whole file, whose root group has its header at `root`.
  ///
  /// - Parameter surplus: bytes of nothing at the end.
  func file(root: Int, surplus: Int = 0) -> [UInt8] {
    let end = bytes.count + surplus
    let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]
    let head: [UInt8] = signature + [2, 8, 8, 0]
    let superblock = Self.sealed(
      head + little(0, 8) + nowhere + little(end, 8) + little(root, 8))
    return superblock + bytes[48...] + [UInt8](repeating: 0, count: surplus)
  }

  /// The structure with its checksum.
  static func sealed(_ structure: [UInt8]) -> [UInt8] {
    structure + little(Int(Checksum.lookup3(structure[...])), 4)
  }
}

/// A message of an object header.
struct Message {
  let kind: UInt8
  var flags: UInt8 = 0
  let body: [UInt8]

  var bytes: [UInt8] { [kind] + little(body.count, 2) + [flags] + body }

  static func link(_ name: String, to address: Int) -> Message {
    Message(kind: 6, body: [1, 0, UInt8(name.utf8.count)] + Array(name.utf8) + little(address, 8))
  }

  static func dataspace(_ extents: [Int]) -> Message { Message(kind: 1, body: extent(extents)) }

  static func attribute(_ name: String, type: [UInt8], _ extents: [Int], _ value: [UInt8]) -> Message {
    let space = extent(extents)
    let counts: [UInt8] = little(name.utf8.count + 1, 2) + little(type.count, 2) + little(space.count, 2)
    let head: [UInt8] = [3, 0] + counts + [0] + Array(name.utf8) + [0]
    return Message(kind: 12, body: head + type + space + value)
  }

  /// More of the header at another place.
  static func continuation(_ address: Int, _ count: Int) -> Message {
    Message(kind: 16, body: little(address, 8) + little(count, 8))
  }

  /// Filters by their numbers, each with its values.
  static func filters(_ filters: [(Int, [Int])]) -> Message {
    var body: [UInt8] = [2, UInt8(filters.count)]
    for (number, values) in filters {
      body += little(number, 2) + little(0, 2) + little(values.count, 2)
      for value in values { body += little(value, 4) }
    }
    return Message(kind: 11, body: body)
  }
}

/// The address of nothing.
let nowhere = [UInt8](repeating: 0xFF, count: 8)

/// A number in so many bytes.
func little(_ value: Int, _ count: Int) -> [UInt8] {
  (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
}

func extent(_ extents: [Int]) -> [UInt8] {
  let head: [UInt8] = [2, UInt8(extents.count), 0, extents.isEmpty ? 0 : 1]
  return head + extents.flatMap { little($0, 8) }
}

/// Little-endian `float32`.
let float32: [UInt8] = [0x11, 0x20, 0x1F, 0, 4, 0, 0, 0, 0, 0, 32, 0, 23, 8, 0, 23, 127, 0, 0, 0]
/// A 16-bit number whose exponent has another bias than IEEE's.
let float16WithBias: [UInt8] = [0x11, 0x20, 0x0F, 0, 2, 0, 0, 0, 0, 0, 16, 0, 10, 5, 0, 10, 16, 0, 0, 0]
/// Strings of any length.
let variableStrings: [UInt8] = [0x19, 1, 0, 0, 16, 0, 0, 0, 0x13, 0, 0, 0, 1, 0, 0, 0]

func contiguous(_ address: Int, _ count: Int) -> [UInt8] { [3, 1] + little(address, 8) + little(count, 8) }

/// Chunks found by a version 1 B-tree.
func chunked(_ extents: [Int], tree: Int) -> [UInt8] {
  let head: [UInt8] = [3, 2, UInt8(extents.count + 1)] + little(tree, 8)
  return head + (extents + [4]).flatMap { little($0, 4) }
}

/// A node of a version 1 B-tree of chunks; `chunks` have a size, a mask, a place and an address.
func chunkNode(level: Int, _ chunks: [(count: Int, mask: Int, place: [Int], address: Int)]) -> [UInt8] {
  var node: [UInt8] = Array("TREE".utf8) + [1, UInt8(level)] + little(chunks.count, 2) + nowhere + nowhere
  for chunk in chunks {
    node += little(chunk.count, 4) + little(chunk.mask, 4)
    for position in chunk.place + [0] { node += little(position, 8) }
    node += little(chunk.address, 8)
  }
  let axes = (chunks.first?.place.count ?? 0) + 1
  return node + little(0, 8) + [UInt8](repeating: 0xFF, count: 8 * axes)
}

/// A global heap with objects by number, each of a stated size and of bytes; filled up to 4,096 bytes.
func globalHeap(_ objects: [(number: Int, count: Int, bytes: [UInt8])]) -> [UInt8] {
  var body: [UInt8] = []
  for object in objects {
    body += little(object.number, 2) + little(1, 2) + little(0, 4) + little(object.count, 8)
    body += object.bytes + [UInt8](repeating: 0, count: (8 - object.bytes.count % 8) % 8)
  }
  let size = max(4096, 16 + body.count + 16)
  let free = size - 16 - body.count
  let head: [UInt8] = Array("GCOL".utf8) + [1, 0, 0, 0] + little(size, 8)
  let rest: [UInt8] = little(0, 8) + little(free, 8) + [UInt8](repeating: 0, count: free - 16)
  return head + body + rest
}

/// A string of any length: how many bytes, in which heap, which object.
func reference(_ count: Int, heap: Int, _ number: Int) -> [UInt8] {
  little(count, 4) + little(heap, 8) + little(number, 4)
}
