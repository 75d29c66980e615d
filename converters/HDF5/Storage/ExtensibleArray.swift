/// An extensible array (HDF5 File Format Specification, III.I): what finds the chunks of a dataset that can grow along one
/// axis. The first elements lie in an index block, more in data blocks that it points to, all others in data blocks of
/// super blocks.
struct ExtensibleArray {
  private let space: AddressSpace
  private let address: Int
  private let elementByteCount: Int
  private let indexElements: Int
  private let smallestBlock: Int
  private let fewestPointers: Int
  private let pageCapacity: Int
  private let offsetByteCount: Int
  private let superBlockCount: Int
  private let indexBlock: Int?

  init(at address: Int, in space: AddressSpace) throws(FormatError) {
    (self.space, self.address) = (space, address)
    var fields = try space.sealedStructure(
      "extensible array", at: address, count: 16 + 6 * space.sizes.lengths + space.sizes.offsets)
    try fields.signature("EAHD")
    _ = try fields.version(0...0)
    try fields.skip(1)
    elementByteCount = Int(try fields.byte())
    let bits = Int(try fields.byte())
    indexElements = Int(try fields.byte())
    smallestBlock = Int(try fields.byte())
    fewestPointers = Int(try fields.byte())
    let pageBits = Int(try fields.byte())
    try fields.skip(6 * space.sizes.lengths)
    indexBlock = try fields.optionalAddress()
    guard elementByteCount >= space.sizes.offsets, smallestBlock.nonzeroBitCount == 1,
      fewestPointers.nonzeroBitCount == 1, (1...48).contains(bits), (1..<32).contains(pageBits),
      smallestBlock.trailingZeroBitCount <= bits
    else { throw fields.damaged("its parameters contradict each other") }
    pageCapacity = 1 << pageBits
    offsetByteCount = (bits + 7) / 8
    superBlockCount = 1 + bits - smallestBlock.trailingZeroBitCount
  }

  /// Super blocks that the index block does without: it points to their data blocks itself.
  private var directSuperBlocks: Int { min(superBlockCount, 2 * fewestPointers.trailingZeroBitCount) }

  /// Data blocks of super block `number`, and elements of each.
  private func shape(of number: Int) -> (blocks: Int, elements: Int) {
    (1 << (number / 2), smallestBlock << ((number + 1) / 2))
  }

  /// Calls `visit` with the index and the bytes of every element that was ever written.
  func forEachElement(_ visit: (Int, Cursor) throws(FormatError) -> Void) throws(FormatError) {
    guard let indexBlock else { return }
    let offsets = space.sizes.offsets
    let pointers = 2 * (fewestPointers - 1)
    let others = superBlockCount - directSuperBlocks
    let count = 10 + offsets + indexElements * elementByteCount + (pointers + others) * offsets
    var fields = try space.sealedStructure("extensible array", at: indexBlock, count: count)
    try checkHead(&fields, "EAIB")
    var elements = try fields.part(indexElements * elementByteCount)
    var dataBlocks = try fields.part(pointers * offsets)
    var superBlocks = try fields.part(others * offsets)
    for index in 0..<indexElements { try visit(index, try elements.part(elementByteCount)) }
    var first = indexElements
    for number in 0..<superBlockCount {
      let shape = shape(of: number)
      if number < directSuperBlocks {
        for block in 0..<shape.blocks {
          guard let place = try dataBlocks.optionalAddress() else { continue }
          guard shape.elements <= pageCapacity else {
            throw fields.damaged("a block in pages without a super block")
          }
          try forEach(
            inBlockAt: place, count: shape.elements, from: first + block * shape.elements, pages: nil, visit)
        }
      } else if let place = try superBlocks.optionalAddress() {
        try forEach(inSuperBlockAt: place, number, from: first, visit)
      }
      first += shape.blocks * shape.elements
    }
  }

  private func forEach(
    inSuperBlockAt place: Int, _ number: Int, from first: Int,
    _ visit: (Int, Cursor) throws(FormatError) -> Void
  ) throws(FormatError) {
    let shape = shape(of: number)
    let pages = shape.elements > pageCapacity ? shape.elements / pageCapacity : 0
    let bitsByteCount = shape.blocks * ((pages + 7) / 8)
    let offsets = space.sizes.offsets
    var fields = try space.sealedStructure(
      "extensible array", at: place,
      count: 10 + offsets + offsetByteCount + bitsByteCount + shape.blocks * offsets)
    try checkHead(&fields, "EASB")
    try fields.skip(offsetByteCount)
    let bits = PageBits(try fields.take(bitsByteCount))
    var blocks = try fields.part(shape.blocks * offsets)
    for block in 0..<shape.blocks {
      guard let place = try blocks.optionalAddress() else { continue }
      let written = pages == 0 ? nil : (0..<pages).map { bits[block * pages + $0] }
      try forEach(
        inBlockAt: place, count: shape.elements, from: first + block * shape.elements, pages: written, visit)
    }
  }

  /// - Parameter pages: which pages of the block were written; nil for a block that has none.
  private func forEach(
    inBlockAt place: Int, count: Int, from first: Int, pages: [Bool]?,
    _ visit: (Int, Cursor) throws(FormatError) -> Void
  ) throws(FormatError) {
    let headByteCount = 6 + space.sizes.offsets + offsetByteCount
    let inside = pages == nil ? count * elementByteCount : 0
    var fields = try space.sealedStructure("extensible array", at: place, count: headByteCount + inside + 4)
    try checkHead(&fields, "EADB")
    try fields.skip(offsetByteCount)
    var elements = try fields.part(inside)
    guard let pages else {
      for index in first..<first + count { try visit(index, try elements.part(elementByteCount)) }
      return
    }
    let pageByteCount = pageCapacity * elementByteCount + 4
    for (page, isWritten) in pages.enumerated() where isWritten {
      let start = place + headByteCount + 4 + page * pageByteCount
      try ArrayPage(at: start, count: pageCapacity, elementByteCount, in: space)
        .forEach(from: first + page * pageCapacity, visit)
    }
  }

  private func checkHead(_ fields: inout Cursor, _ signature: StaticString) throws(FormatError) {
    try fields.signature(signature)
    _ = try fields.version(0...0)
    try fields.skip(1)
    guard try fields.requiredAddress() == address else { throw fields.damaged("it belongs elsewhere") }
  }
}
