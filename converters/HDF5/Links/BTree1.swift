/// Version 1 B-trees (HDF5 File Format Specification, III.A.1): the children of old groups, and chunks.
enum BTree1 {
  /// Calls `visit` with every entry of a group's symbol table, in the order of names.
  static func forEachSymbol(
    at root: Int, in space: AddressSpace, _ visit: (Cursor) throws(FormatError) -> Void
  ) throws(FormatError) {
    var walk = Walk(space: space, nodeType: 0, keyByteCount: space.sizes.lengths)
    try walk.forEachLeaf(at: root, level: nil) { (_, address) throws(FormatError) in
      var node = try space.structure("symbol table node", at: address, count: 8)
      try node.signature("SNOD")
      _ = try node.version(1...1)
      try node.skip(1)
      let count = try node.integer(2)
      let entryByteCount = 2 * space.sizes.offsets + 24
      var entries = try space.structure("symbol table node", at: address + 8, count: count * entryByteCount)
      for _ in 0..<count { try visit(try entries.part(entryByteCount)) }
    }
  }

  /// Calls `visit` with the key and the address of every chunk of a dataset whose chunks have `axes` axes, that of an
  /// element's bytes included.
  static func forEachChunk(
    at root: Int, axes: Int, in space: AddressSpace, _ visit: (Cursor, Int) throws(FormatError) -> Void
  ) throws(FormatError) {
    var walk = Walk(space: space, nodeType: 1, keyByteCount: 8 + 8 * axes)
    try walk.forEachLeaf(at: root, level: nil, visit)
  }

  /// One way through a tree, from left to right.
  private struct Walk {
    let space: AddressSpace
    let nodeType: UInt8
    let keyByteCount: Int
    private var visits = Visits()

    init(space: AddressSpace, nodeType: UInt8, keyByteCount: Int) {
      (self.space, self.nodeType, self.keyByteCount) = (space, nodeType, keyByteCount)
    }

    /// Calls `visit` with the key before and the address of everything that the leaves point to.
    mutating func forEachLeaf(
      at address: Int, level expected: Int?, _ visit: (Cursor, Int) throws(FormatError) -> Void
    ) throws(FormatError) {
      try visits.enter(address, "B-tree node")
      let headByteCount = 8 + 2 * space.sizes.offsets
      var head = try space.structure("B-tree node", at: address, count: headByteCount)
      try head.signature("TREE")
      guard try head.byte() == nodeType else { throw head.damaged("it is one of another tree") }
      let level = Int(try head.byte())
      guard expected == nil || level == expected else { throw head.damaged("it is on level \(level)") }
      let count = try head.integer(2)
      let entryByteCount = keyByteCount + space.sizes.offsets
      var entries = try space.structure(
        "B-tree node", at: address + headByteCount, count: count * entryByteCount + keyByteCount)
      for _ in 0..<count {
        let key = try entries.part(keyByteCount)
        let child = try entries.requiredAddress()
        if level > 0 {
          try forEachLeaf(at: child, level: level - 1, visit)
        } else {
          try visits.enter(child, "part of a B-tree")
          try visit(key, child)
        }
      }
    }
  }
}
