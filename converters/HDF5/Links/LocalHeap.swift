/// The names of an old group's children (HDF5 File Format Specification, III.D).
struct LocalHeap {
  private let address: Int
  private let bytes: ArraySlice<UInt8>

  init(at address: Int, in space: AddressSpace) throws(FormatError) {
    self.address = address
    let (lengths, offsets) = (space.sizes.lengths, space.sizes.offsets)
    var fields = try space.structure("local heap", at: address, count: 8 + 2 * lengths + offsets)
    try fields.signature("HEAP")
    _ = try fields.version(0...0)
    try fields.skip(3)
    let byteCount = try fields.length()
    try fields.skip(lengths)
    bytes = try space.structure("local heap", at: try fields.requiredAddress(), count: byteCount).rest
  }

  /// The name that begins at `offset` and ends with a zero.
  func name(at offset: Int) throws(FormatError) -> [UInt8] {
    guard offset >= 0, offset < bytes.count,
      let end = bytes[(bytes.startIndex + offset)...].firstIndex(of: 0)
    else {
      throw .damaged("the local heap at byte \(address.grouped) has no name at its byte \(offset.grouped)")
    }
    return Array(bytes[bytes.startIndex + offset..<end])
  }
}
