/// How many bytes the file gives to an address and to a length.
struct FieldSizes: Sendable {
  let offsets: Int
  let lengths: Int
  var verifiesChecksums = true
}

/// Reads the fields of one structure in their order; every read is checked against the structure's end.
struct Cursor: Sendable {
  /// The structure, for errors: `object header`.
  let what: StaticString
  /// Where the structure begins, for errors.
  let address: Int
  let sizes: FieldSizes
  private let bytes: ArraySlice<UInt8>
  private var index: Int

  init(_ bytes: ArraySlice<UInt8>, _ what: StaticString, at address: Int, sizes: FieldSizes) {
    (self.bytes, self.what, self.address, self.sizes) = (bytes, what, address, sizes)
    index = bytes.startIndex
  }

  /// How many bytes were read.
  var position: Int { index - bytes.startIndex }
  var remaining: Int { bytes.endIndex - index }
  /// What was not read yet.
  var rest: ArraySlice<UInt8> { bytes[index...] }

  func damaged(_ reason: String) -> FormatError {
    .damaged("the \(what) at byte \(address.grouped): \(reason)")
  }

  private func require(_ count: Int) throws(FormatError) {
    guard count >= 0, count <= remaining else { throw damaged("it ends before its last field") }
  }

  mutating func skip(_ count: Int) throws(FormatError) {
    try require(count)
    index += count
  }

  /// The next `count` bytes.
  mutating func take(_ count: Int) throws(FormatError) -> ArraySlice<UInt8> {
    try require(count)
    defer { index += count }
    return bytes[index..<index + count]
  }

  /// The next `count` bytes as a structure of their own.
  mutating func part(_ count: Int, _ what: StaticString? = nil) throws(FormatError) -> Cursor {
    let place = address + position
    return Cursor(try take(count), what ?? self.what, at: place, sizes: sizes)
  }

  mutating func byte() throws(FormatError) -> UInt8 {
    try require(1)
    defer { index += 1 }
    return bytes[index]
  }

  /// A little-endian number of 0 to 8 bytes.
  mutating func unsigned(_ count: Int) throws(FormatError) -> UInt64 {
    try require(count)
    guard count <= 8 else { throw damaged("a number in it has \(count) bytes") }
    var value: UInt64 = 0
    for offset in 0..<count { value |= UInt64(bytes[index + offset]) << UInt64(8 * offset) }
    index += count
    return value
  }

  /// A little-endian number of 0 to 8 bytes that fits `Int`.
  mutating func integer(_ count: Int) throws(FormatError) -> Int {
    let value = try unsigned(count)
    guard let number = Int(exactly: value) else { throw damaged("a number in it is \(value)") }
    return number
  }

  mutating func length() throws(FormatError) -> Int { try integer(sizes.lengths) }

  /// An address, or nil for the one that means "nowhere".
  mutating func optionalAddress() throws(FormatError) -> Int? {
    let value = try unsigned(sizes.offsets)
    guard value != UInt64.max >> UInt64(64 - 8 * sizes.offsets) else { return nil }
    guard let number = Int(exactly: value) else { throw damaged("an address in it is \(value)") }
    return number
  }

  /// An address that must be somewhere.
  mutating func requiredAddress() throws(FormatError) -> Int {
    guard let address = try optionalAddress() else { throw damaged("it points nowhere") }
    return address
  }

  /// Goes over the four letters that structures begin with.
  mutating func signature(_ letters: StaticString) throws(FormatError) {
    let found = try take(4)
    guard found.elementsEqual("\(letters)".utf8) else { throw damaged("it does not begin with '\(letters)'") }
  }

  /// The version, which must be one we know.
  mutating func version(_ known: ClosedRange<UInt8>) throws(FormatError) -> Int {
    let version = try byte()
    guard known.contains(version) else { throw .refused("version \(version) of the \(what)") }
    return Int(version)
  }

  /// What is left without the checksum at its end, which must be that of the whole structure.
  mutating func sealed() throws(FormatError) -> Cursor {
    var start = self
    guard remaining >= 4 else { throw damaged("it is too short for a checksum") }
    try skip(remaining - 4)
    try checksum()
    return try start.part(start.remaining - 4)
  }

  /// Goes over the checksum of all that was read so far.
  mutating func checksum() throws(FormatError) {
    let covered = bytes[..<index]
    let stored = UInt32(try unsigned(4))
    guard !sizes.verifiesChecksums || Checksum.lookup3(covered) == stored else {
      throw damaged("its checksum does not agree with it")
    }
  }
}
