/// How many elements there are, and along which axes (HDF5 File Format Specification, IV.A.2.b).
struct Dataspace {
  /// The extents; empty for a scalar, nil where there is nothing at all.
  let extents: [Int]?
  /// How far each axis may grow; nil without bounds. Empty when the file says nothing.
  private(set) var maximumExtents: [Int?] = []

  init(_ body: Cursor) throws(FormatError) {
    var fields = body
    let version = try fields.version(1...2)
    let rank = Int(try fields.byte())
    let flags = try fields.byte()
    let kind = version == 2 ? try fields.byte() : rank == 0 ? 0 : 1
    if version == 1 { try fields.skip(5) }
    guard kind < 2 else {
      guard kind == 2 else { throw fields.damaged("a data space of kind \(kind)") }
      extents = nil
      return
    }
    guard rank <= 32, kind == 1 || rank == 0 else { throw fields.damaged("a data space of \(rank) axes") }
    var extents: [Int] = []
    for _ in 0..<rank { extents.append(try fields.length()) }
    self.extents = extents
    guard flags & 1 != 0 else { return }
    let unlimited = UInt64.max >> UInt64(64 - 8 * fields.sizes.lengths)
    for extent in extents {
      let value = try fields.unsigned(fields.sizes.lengths)
      guard value >= extent else {
        throw fields.damaged("an axis of \(extent) that may have \(value) at most")
      }
      maximumExtents.append(value == unlimited ? nil : Int(clamping: value))
    }
  }

  /// The number of elements, or nil when it leaves `Int`.
  var elementCount: Int? {
    guard let extents else { return 0 }
    if extents.contains(0) { return 0 }
    var count = 1
    for extent in extents {
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      guard !overflow else { return nil }
      count = product
    }
    return count
  }
}
