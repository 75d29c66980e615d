import Encoding

/// The block of 512 bytes ahead of each member of a tar archive, in the forms of POSIX (ustar), of GNU and of Unix version 7.
struct TarHeader {
  /// What is wrong with a block.
  enum Defect: Error {
    case checksum(expected: Int?, found: Int)
    case size
  }

  static let byteCount = 512
  /// The lengths of an archive without members, all zeros: the two blocks that end every archive, alone as some programs leave them, or
  /// filled up to a record as tar does.
  static let emptyArchiveByteCounts: Set = [1024, 10_240]

  /// Of POSIX's form with the prefix ahead.
  let name: [UInt8]
  let size: Int
  let type: UInt8
  /// Whether blocks follow that say where the parts of a sparse file lie.
  let isExtended: Bool

  /// Reads a block.
  init(_ block: [UInt8]) throws(Defect) {
    let stated = Self.number(block[148..<156])
    let sums = Self.sums(block)
    guard let stated, sums.contains(stated) else { throw .checksum(expected: stated, found: sums[0]) }
    guard let size = Self.number(block[124..<136]) else { throw .size }
    self.size = size
    type = block[156]
    isExtended = block[482] != 0
    // GNU has other things where POSIX has the prefix, and says so by a blank.
    let isPOSIX = block[257..<263].elementsEqual(Array("ustar\0".utf8))
    let (name, prefix) = (block[0..<100].prefix { $0 != 0 }, block[345..<500].prefix { $0 != 0 })
    self.name = isPOSIX && !prefix.isEmpty ? prefix + [UInt8(ascii: "/")] + name : Array(name)
  }

  /// Whether a file that begins so is a tar archive.
  static func begins(_ head: [UInt8]) -> Bool {
    if head.count >= 262, head[257..<262].elementsEqual(Array("ustar".utf8)) { return true }
    guard head.count >= byteCount, let header = try? TarHeader(Array(head.prefix(byteCount))) else {
      return false
    }
    return !header.name.isEmpty
  }

  /// The sum of all bytes, with blanks for the sum itself; old programs took the bytes for signed numbers.
  private static func sums(_ block: [UInt8]) -> [Int] {
    var (sum, signedSum) = (8 * 0x20, 8 * 0x20)
    for (index, byte) in block.enumerated() where !(148..<156).contains(index) {
      sum += Int(byte)
      signedSum += Int(Int8(bitPattern: byte))
    }
    return [sum, signedSum]
  }

  /// A number in octal digits or, where the first bit is set, in bytes, the highest first; nil for anything else, and for one that
  /// is below zero or leaves `Int`.
  static func number(_ field: ArraySlice<UInt8>) -> Int? {
    guard let first = field.first, first & 0x80 != 0 else {
      let digits = field.prefix { $0 != 0 }.filter { $0 != 0x20 }
      return digits.isEmpty
        ? 0 : Int(String(decoding: digits, as: UTF8.self), radix: 8).flatMap { $0 < 0 ? nil : $0 }
    }
    var value = Int(first & 0x7F)
    for byte in field.dropFirst() {
      let (product, overflow) = value.multipliedReportingOverflow(by: 256)
      guard !overflow else { return nil }
      value = product | Int(byte)
    }
    return value
  }
}
