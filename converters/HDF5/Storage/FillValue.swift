/// What elements have that nobody wrote (HDF5 File Format Specification, IV.A.2.e and f).
struct FillValue {
  /// The bytes of one element in the file; nil for zeros.
  private(set) var bytes: [UInt8]?
  /// Whether the file promises a value at all.
  private(set) var isDefined = true

  init(_ header: ObjectHeader, elementByteCount: Int, in space: AddressSpace) throws(FormatError) {
    if let message = header.first(.fillValue) {
      try read(try message.resolved(in: space))
    } else if let message = header.first(.oldFillValue) {
      var fields = try message.resolved(in: space)
      try readValue(&fields)
    }
    guard bytes == nil || bytes?.count == elementByteCount else {
      throw .damaged("a fill value of \(bytes?.count ?? 0) bytes for elements of \(elementByteCount)")
    }
    if bytes?.allSatisfy({ $0 == 0 }) == true { bytes = nil }
  }

  private mutating func read(_ body: Cursor) throws(FormatError) {
    var fields = body
    let version = try fields.version(1...3)
    let isWritten: Bool
    let hasValue: Bool
    if version == 3 {
      let flags = try fields.byte()
      isWritten = flags & 0x0C != 4
      isDefined = flags & 0x10 == 0
      hasValue = flags & 0x20 != 0
    } else {
      try fields.skip(1)
      isWritten = try fields.byte() != 1
      isDefined = try fields.byte() != 0 || version == 1
      hasValue = isDefined
    }
    if hasValue { try readValue(&fields) }
    // A file may say that what was not written shall not be filled either.
    isDefined = isDefined && isWritten
  }

  private mutating func readValue(_ fields: inout Cursor) throws(FormatError) {
    let count = try fields.integer(4)
    // A size of -1 says that there is none.
    isDefined = count < 0x8000_0000
    guard isDefined, count > 0 else { return }
    bytes = Array(try fields.take(count))
  }
}
