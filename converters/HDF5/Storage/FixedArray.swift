/// A fixed array (HDF5 File Format Specification, III.H): what finds the chunks of a dataset that cannot grow for ever.
struct FixedArray {
  private let space: AddressSpace
  private let elementByteCount: Int
  private let pageCapacity: Int
  private let count: Int
  private let block: Int?
  private let address: Int

  init(at address: Int, in space: AddressSpace) throws(FormatError) {
    (self.space, self.address) = (space, address)
    var fields = try space.sealedStructure(
      "fixed array", at: address, count: 12 + space.sizes.lengths + space.sizes.offsets)
    try fields.signature("FAHD")
    _ = try fields.version(0...0)
    try fields.skip(1)
    elementByteCount = Int(try fields.byte())
    let pageBits = try fields.byte()
    count = try fields.length()
    block = try fields.optionalAddress()
    guard elementByteCount >= space.sizes.offsets, (1..<32).contains(pageBits) else {
      throw fields.damaged("elements of \(elementByteCount) bytes in pages of \(pageBits) bits")
    }
    pageCapacity = 1 << Int(pageBits)
    try space.require(count, at: 0, "fixed array")
  }

  /// Calls `visit` with the index and the bytes of every element.
  func forEachElement(_ visit: (Int, Cursor) throws(FormatError) -> Void) throws(FormatError) {
    guard let block, count > 0 else { return }
    let pageCount = count > pageCapacity ? (count - 1) / pageCapacity + 1 : 0
    let headByteCount = 6 + space.sizes.offsets + (pageCount + 7) / 8
    let inside = pageCount > 0 ? 0 : count * elementByteCount
    var fields = try space.sealedStructure("fixed array", at: block, count: headByteCount + inside + 4)
    try fields.signature("FADB")
    _ = try fields.version(0...0)
    try fields.skip(1)
    guard try fields.requiredAddress() == address else { throw fields.damaged("it belongs elsewhere") }
    let bits = PageBits(try fields.take((pageCount + 7) / 8))
    var elements = try fields.part(inside)
    if pageCount == 0 { try Self.forEach(count, from: 0, elementByteCount, &elements, visit) }
    let pageByteCount = pageCapacity * elementByteCount + 4
    for page in 0..<pageCount where bits[page] {
      let first = page * pageCapacity
      try ArrayPage(
        at: block + headByteCount + 4 + page * pageByteCount, count: min(pageCapacity, count - first),
        elementByteCount, in: space
      ).forEach(from: first, visit)
    }
  }

  private static func forEach(
    _ count: Int, from first: Int, _ byteCount: Int, _ elements: inout Cursor,
    _ visit: (Int, Cursor) throws(FormatError) -> Void
  ) throws(FormatError) {
    for index in first..<first + count { try visit(index, try elements.part(byteCount)) }
  }
}

/// A page of a fixed or extensible array: elements and their checksum.
struct ArrayPage {
  private let elements: Cursor
  private let count: Int
  private let elementByteCount: Int

  init(at address: Int, count: Int, _ elementByteCount: Int, in space: AddressSpace) throws(FormatError) {
    (self.count, self.elementByteCount) = (count, elementByteCount)
    var fields = try space.sealedStructure(
      "page of chunk addresses", at: address, count: count * elementByteCount + 4)
    elements = try fields.part(count * elementByteCount)
  }

  func forEach(from first: Int, _ visit: (Int, Cursor) throws(FormatError) -> Void) throws(FormatError) {
    var elements = elements
    for index in first..<first + count { try visit(index, try elements.part(elementByteCount)) }
  }
}

/// Which pages of an array were ever written: a bit each, the highest of a byte first.
struct PageBits {
  private let bytes: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

  subscript(page: Int) -> Bool {
    bytes[bytes.startIndex + page / 8] & 0x80 >> UInt8(page % 8) != 0
  }
}
