/// A version 2 B-tree (HDF5 File Format Specification, III.A.2): records of one size, in the order of their keys.
struct BTree2 {
  private let space: AddressSpace
  private let type: UInt8
  private let recordByteCount: Int
  private let depth: Int
  private let root: Int?
  private let rootCount: Int
  private let recordCount: Int
  private let levels: [Level]

  /// What a node on one level, counted from the leaves, can hold.
  private struct Level {
    let nodeRecords: Int
    /// Records in a node and all below it; the largest number when that leaves `Int`.
    let treeRecords: Int
    /// Bytes of one pointer to a node below.
    let pointerByteCount: Int
  }

  /// Reads the header at `address` of a tree of records of that `type`.
  init(at address: Int, type: UInt8, in space: AddressSpace) throws(FormatError) {
    (self.space, self.type) = (space, type)
    let count = 22 + space.sizes.offsets + space.sizes.lengths
    var fields = try space.sealedStructure("version 2 B-tree", at: address, count: count)
    try fields.signature("BTHD")
    _ = try fields.version(0...0)
    let found = try fields.byte()
    let nodeByteCount = try fields.integer(4)
    recordByteCount = try fields.integer(2)
    depth = try fields.integer(2)
    try fields.skip(2)
    root = try fields.optionalAddress()
    rootCount = try fields.integer(2)
    recordCount = try fields.length()
    guard found == type else { throw fields.damaged("its records are of type \(found)") }
    guard recordByteCount > 0, depth < 32, nodeByteCount > recordByteCount + 10 else {
      throw fields.damaged("\(depth) levels of nodes of \(nodeByteCount) bytes")
    }
    levels = Self.levels(depth, nodeByteCount, recordByteCount, space.sizes.offsets)
  }

  private static func levels(
    _ depth: Int, _ nodeByteCount: Int, _ recordByteCount: Int, _ addressByteCount: Int
  ) -> [Level] {
    let leaf = (nodeByteCount - 10) / recordByteCount
    var levels = [Level(nodeRecords: leaf, treeRecords: leaf, pointerByteCount: 0)]
    for level in 0..<depth {
      let below = levels[level].treeRecords
      let pointer = addressByteCount + byteCount(of: leaf) + (level > 0 ? byteCount(of: below) : 0)
      let records = max(0, nodeByteCount - 10 - pointer) / (recordByteCount + pointer)
      let (product, overflow) = below.multipliedReportingOverflow(by: records + 1)
      let total =
        overflow ? Int.max : product.addingReportingOverflow(records).overflow ? Int.max : product + records
      levels.append(Level(nodeRecords: records, treeRecords: total, pointerByteCount: pointer))
    }
    return levels
  }

  /// How many bytes a number takes that is `limit` at most.
  private static func byteCount(of limit: Int) -> Int {
    (Int.bitWidth - max(1, limit).leadingZeroBitCount - 1) / 8 + 1
  }

  /// Calls `visit` with every record, in order.
  func forEachRecord(_ visit: (Cursor) throws(FormatError) -> Void) throws(FormatError) {
    guard let root, recordCount > 0 else { return }
    var visits = Visits()
    var found = 0
    try forEach(at: root, count: rootCount, level: depth, &visits) { (record) throws(FormatError) in
      found += 1
      try visit(record)
    }
    guard found == recordCount else {
      throw .damaged("a version 2 B-tree says it has \(recordCount.grouped) records and has \(found.grouped)")
    }
  }

  private func forEach(
    at address: Int, count: Int, level: Int, _ visits: inout Visits,
    _ visit: (Cursor) throws(FormatError) -> Void
  ) throws(FormatError) {
    try visits.enter(address, "B-tree node")
    let shape = levels[level]
    guard count <= shape.nodeRecords else { throw .damaged("a B-tree node of \(count.grouped) records") }
    let pointers = level > 0 ? (count + 1) * shape.pointerByteCount : 0
    var node = try space.sealedStructure(
      "B-tree node", at: address, count: 10 + count * recordByteCount + pointers)
    try node.signature(level > 0 ? "BTIN" : "BTLF")
    _ = try node.version(0...0)
    guard try node.byte() == type else { throw node.damaged("it is one of another tree") }
    var records = try node.part(count * recordByteCount)
    var children = try node.part(pointers)
    for index in 0...count {
      if level > 0 {
        var pointer = try children.part(shape.pointerByteCount)
        let child = try pointer.requiredAddress()
        let childCount = try pointer.integer(Self.byteCount(of: levels[0].nodeRecords))
        try forEach(at: child, count: childCount, level: level - 1, &visits, visit)
      }
      if index < count { try visit(try records.part(recordByteCount)) }
    }
  }
}
