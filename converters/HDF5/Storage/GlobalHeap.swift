/// A global heap: where strings of any length lie (HDF5 File Format Specification, III.E).
struct GlobalHeap: Sendable {
  private let heap: Cursor
  private var objects: [Int: Range<Int>] = [:]
  private let bytes: ArraySlice<UInt8>

  /// No heap is smaller.
  private static let smallest = 4096

  init(at address: Int, in space: AddressSpace) throws(FormatError) {
    let headByteCount = 8 + space.sizes.lengths
    var head = try space.structure("global heap", at: address, count: headByteCount)
    try head.signature("GCOL")
    _ = try head.version(1...1)
    try head.skip(3)
    let byteCount = try head.length()
    guard byteCount >= Self.smallest else { throw head.damaged("its size is \(byteCount)") }
    heap = try space.structure("global heap", at: address, count: byteCount)
    bytes = heap.rest
    try readObjects(from: (headByteCount + 7) / 8 * 8, space)
  }

  private mutating func readObjects(from start: Int, _ space: AddressSpace) throws(FormatError) {
    let headByteCount = 8 + (space.sizes.lengths + 7) / 8 * 8
    var fields = heap
    try fields.skip(start)
    while fields.remaining >= headByteCount {
      let index = try fields.integer(2)
      try fields.skip(6)
      let count = try fields.length()
      try fields.skip(headByteCount - 8 - space.sizes.lengths)
      // Number 0 is what is free, to the end as a rule; its size counts from its own beginning.
      guard index > 0 else {
        guard count >= headByteCount else { throw fields.damaged("free space of \(count) bytes") }
        try fields.skip(count - headByteCount)
        continue
      }
      let first = bytes.startIndex + fields.position
      guard objects.updateValue(first..<first + min(count, fields.remaining), forKey: index) == nil else {
        throw fields.damaged("it has object \(index) twice")
      }
      guard count <= fields.remaining else { throw fields.damaged("object \(index) has \(count) bytes") }
      try fields.skip(min(fields.remaining, (count + 7) / 8 * 8))
      try space.ledger.charge(MemoryLayout<Range<Int>>.stride * 2)
    }
  }

  /// The object with that number, which must have `count` bytes.
  func object(_ number: Int, count: Int) throws(FormatError) -> ArraySlice<UInt8> {
    guard let range = objects[number] else { throw heap.damaged("it has no object \(number)") }
    guard range.count == count else {
      throw heap.damaged(
        "object \(number) has \(range.count.grouped) bytes where \(count.grouped) are promised")
    }
    return bytes[range]
  }
}
