/// A fractal heap (HDF5 File Format Specification, III.G): the links of a large group, the attributes of an object with
/// many. Blocks double in size and are found through a table of such blocks.
final class FractalHeap {
  private let space: AddressSpace
  private let address: Int
  private let table: DoublingTable
  private let root: Int?
  /// Rows of the root's table of blocks; 0 when the root is the one block of objects.
  private let rootRows: Int
  private let hasChecksums: Bool
  private let lengthByteCount: Int
  private let hugeObjects: HugeObjects
  private let identifierByteCount: Int

  private var tables: [Int: [Int?]] = [:]
  private var blocks: [Int: Cursor] = [:]

  init(at address: Int, in space: AddressSpace) throws(FormatError) {
    (self.space, self.address) = (space, address)
    let count = 26 + 3 * space.sizes.offsets + 12 * space.sizes.lengths
    var fields = try space.sealedStructure("fractal heap", at: address, count: count)
    try fields.signature("FRHP")
    _ = try fields.version(0...0)
    identifierByteCount = try fields.integer(2)
    guard try fields.integer(2) == 0 else { throw .refused("names or attributes that are compressed") }
    hasChecksums = try fields.byte() & 2 != 0
    let largestManaged = try fields.integer(4)
    try fields.skip(space.sizes.lengths)
    let hugeTree = try fields.optionalAddress()
    try fields.skip(space.sizes.offsets + 9 * space.sizes.lengths)
    table = try DoublingTable(&fields)
    root = try fields.optionalAddress()
    rootRows = try fields.integer(2)
    lengthByteCount = min(
      (table.largestDirectBits + 7) / 8, (Int.bitWidth - largestManaged.leadingZeroBitCount - 1) / 8 + 1)
    hugeObjects = HugeObjects(tree: hugeTree, in: space)
  }

  /// The object with that identifier.
  func object(_ identifier: Cursor) throws(FormatError) -> Cursor {
    var fields = identifier
    let first = try fields.byte()
    guard first & 0xC0 == 0 else { throw fields.damaged("an identifier of version \(first >> 6)") }
    switch first >> 4 {
    case 0:
      let offset = try fields.integer(table.offsetByteCount)
      return try managed(offset: offset, count: try fields.integer(lengthByteCount))
    case 1:
      return try hugeObjects.object(fields, identifierByteCount: identifierByteCount)
    case 2:
      // Long identifiers give the length 12 bits.
      let high = identifierByteCount > 18 ? Int(try fields.byte()) | Int(first & 0xF) << 8 : Int(first & 0xF)
      return try fields.part(high + 1, "object of a fractal heap")
    default: throw fields.damaged("an identifier of kind \(first >> 4)")
    }
  }

  private func managed(offset: Int, count: Int) throws(FormatError) -> Cursor {
    let (start, block) = try block(containing: offset)
    var fields = block
    let position = offset - start
    guard position >= directHeadByteCount, count > 0 else {
      throw fields.damaged("an object of \(count) bytes at its byte \(position)")
    }
    try fields.skip(position)
    return try fields.part(count, "object of a fractal heap")
  }

  private var directHeadByteCount: Int {
    5 + space.sizes.offsets + table.offsetByteCount + (hasChecksums ? 4 : 0)
  }

  /// The block of objects that has the byte at `offset` of the heap, and the offset it begins at.
  private func block(containing offset: Int) throws(FormatError) -> (start: Int, Cursor) {
    guard var address = root else { throw .damaged("an object of a fractal heap that has none") }
    guard rootRows > 0 else { return (0, try directBlock(at: address, start: 0, count: table.startingBlock)) }
    var (start, rows) = (0, rootRows)
    while true {
      let (row, column) = table.place(of: offset - start)
      guard row < rows else { throw .damaged("a fractal heap has no byte \(offset.grouped)") }
      let entries = try indirectBlock(at: address, start: start, rows: rows)
      guard let child = entries[row * table.width + column] else {
        throw .damaged("the fractal heap has no block for its byte \(offset.grouped)")
      }
      let blockByteCount = table.blockByteCount(row: row)
      start += table.offset(row: row) + column * blockByteCount
      guard row >= table.directRows else {
        return (start, try directBlock(at: child, start: start, count: blockByteCount))
      }
      (address, rows) = (child, table.rows(spanning: row))
    }
  }

  private func directBlock(at address: Int, start: Int, count: Int) throws(FormatError) -> Cursor {
    if let known = blocks[address] { return known }
    let block = try space.structure("block of a fractal heap", at: address, count: count)
    var fields = block
    try checkHead(&fields, "FHDB", start: start)
    if hasChecksums {
      let covered = fields.position
      let stored = UInt32(try fields.unsigned(4))
      // The checksum is of the whole block, with zeros in its own place.
      let bytes = block.rest.prefix(covered) + [0, 0, 0, 0] + block.rest.dropFirst(covered + 4)
      guard !space.sizes.verifiesChecksums || Checksum.lookup3(bytes) == stored else {
        throw fields.damaged("its checksum does not agree with it")
      }
    }
    blocks[address] = block
    return block
  }

  private func indirectBlock(at address: Int, start: Int, rows: Int) throws(FormatError) -> [Int?] {
    if let known = tables[address] { return known }
    let entryCount = rows * table.width
    let count = 9 + space.sizes.offsets + table.offsetByteCount + entryCount * space.sizes.offsets
    var fields = try space.sealedStructure("table of a fractal heap", at: address, count: count)
    try checkHead(&fields, "FHIB", start: start)
    var entries: [Int?] = []
    for _ in 0..<entryCount { entries.append(try fields.optionalAddress()) }
    tables[address] = entries
    return entries
  }

  private func checkHead(_ fields: inout Cursor, _ signature: StaticString, start: Int) throws(FormatError) {
    try fields.signature(signature)
    _ = try fields.version(0...0)
    let (owner, offset) = (try fields.requiredAddress(), try fields.integer(table.offsetByteCount))
    guard owner == address, offset == start else { throw fields.damaged("it belongs elsewhere") }
  }
}

/// How large a fractal heap's blocks are: rows of `width`, of which the first two have blocks of the same size and every
/// other blocks of twice the size of the one before.
struct DoublingTable {
  let width: Int
  let startingBlock: Int
  let largestDirectBits: Int
  /// Bits of an offset in the heap.
  private let offsetBits: Int
  private let widthBits: Int
  private let startingBits: Int

  init(_ fields: inout Cursor) throws(FormatError) {
    width = try fields.integer(2)
    startingBlock = try fields.length()
    let largestDirect = try fields.length()
    offsetBits = try fields.integer(2)
    try fields.skip(2)
    for size in [width, startingBlock, largestDirect] where size.nonzeroBitCount != 1 {
      throw fields.damaged("a block of \(size) bytes or a row of \(width)")
    }
    (widthBits, startingBits) = (width.trailingZeroBitCount, startingBlock.trailingZeroBitCount)
    largestDirectBits = largestDirect.trailingZeroBitCount
    guard startingBits <= largestDirectBits, largestDirectBits <= offsetBits, offsetBits <= 62 else {
      throw fields.damaged(
        "blocks of \(startingBlock) to \(largestDirect) bytes in a heap of \(offsetBits) bits")
    }
  }

  var offsetByteCount: Int { (offsetBits + 7) / 8 }
  /// How many rows have blocks of objects; those beyond have tables of blocks.
  var directRows: Int { largestDirectBits - startingBits + 2 }

  func blockByteCount(row: Int) -> Int { startingBlock << max(0, row - 1) }

  func offset(row: Int) -> Int { row == 0 ? 0 : startingBlock << (widthBits + row - 1) }

  /// The rows of a table that stands in for a block of that row.
  func rows(spanning row: Int) -> Int { row - widthBits }

  /// Where the block with the byte at `offset` is.
  func place(of offset: Int) -> (row: Int, column: Int) {
    let first = offset >> (startingBits + widthBits)
    let row = first == 0 ? 0 : Int.bitWidth - first.leadingZeroBitCount
    return (row, (offset - self.offset(row: row)) >> (startingBits + max(0, row - 1)))
  }
}

/// The objects too large for a fractal heap's blocks, each by itself in the file.
private final class HugeObjects {
  private let space: AddressSpace
  private let tree: Int?
  private var places: [Int: (address: Int, count: Int)]?

  init(tree: Int?, in space: AddressSpace) { (self.tree, self.space) = (tree, space) }

  /// The object whose identifier goes on with `fields`.
  func object(_ fields: Cursor, identifierByteCount: Int) throws(FormatError) -> Cursor {
    var fields = fields
    // Long identifiers say where the object is, short ones only give its number.
    if identifierByteCount > space.sizes.offsets + space.sizes.lengths {
      let address = try fields.requiredAddress()
      return try space.structure("object of a fractal heap", at: address, count: try fields.length())
    }
    let number = try fields.integer(min(8, fields.remaining))
    guard let place = try known()[number] else {
      throw fields.damaged("a heap has no large object \(number)")
    }
    return try space.structure("object of a fractal heap", at: place.address, count: place.count)
  }

  private func known() throws(FormatError) -> [Int: (address: Int, count: Int)] {
    if let places { return places }
    guard let tree else { throw .damaged("a fractal heap has no large objects") }
    var found: [Int: (address: Int, count: Int)] = [:]
    try BTree2(at: tree, type: 1, in: space).forEachRecord { (record) throws(FormatError) in
      var record = record
      let (address, count) = (try record.requiredAddress(), try record.length())
      found[try record.length()] = (address, count)
    }
    places = found
    return found
  }
}
