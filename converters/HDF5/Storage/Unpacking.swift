/// Undoes the filters of chunks, one chunk after another.
struct Unpacking {
  private let pipeline: FilterPipeline
  private let chunkByteCount: Int
  private let inflater: Inflater

  init(_ pipeline: FilterPipeline, chunkByteCount: Int) {
    (self.pipeline, self.chunkByteCount, inflater) = (pipeline, chunkByteCount, Inflater())
  }

  /// The elements of a chunk stored as `bytes`: exactly as many as a chunk has, or an error.
  ///
  /// - Parameter mask: a bit for every filter that was not applied to this chunk.
  func chunk(_ bytes: [UInt8], mask: UInt32) throws(FormatError) -> [UInt8] {
    var bytes = bytes
    for (index, filter) in pipeline.filters.enumerated().reversed() where mask >> UInt32(index) & 1 == 0 {
      switch filter {
      case .fletcher32: try Self.verify(&bytes)
      case .shuffle(let size): bytes = Self.unshuffled(bytes, elementByteCount: size)
      case .deflate: bytes = try inflater.inflate(bytes, atMost: chunkByteCount + checksums(before: index))
      }
    }
    guard bytes.count == chunkByteCount else {
      throw .damaged("a chunk of \(chunkByteCount.grouped) bytes has \(bytes.count.grouped)")
    }
    return bytes
  }

  /// Bytes that the filters before number `index` add.
  private func checksums(before index: Int) -> Int {
    4 * pipeline.filters.prefix(index).count { $0 == .fletcher32 }
  }

  /// Takes the checksum off the end.
  private static func verify(_ bytes: inout [UInt8]) throws(FormatError) {
    guard bytes.count >= 4 else { throw .damaged("a chunk too short for its checksum") }
    let stored = bytes.suffix(4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    bytes.removeLast(4)
    let computed = Checksum.fletcher32(bytes[...])
    // Old versions of the library wrote the bytes of each half the other way round.
    let swapped = computed << 8 & 0xFF00_FF00 | computed >> 8 & 0x00FF_00FF
    guard stored == computed || stored == swapped else {
      throw .damaged("a chunk whose checksum does not agree with it")
    }
  }

  /// Puts first bytes, second bytes... back together; what is left over at the end stays.
  static func unshuffled(_ bytes: [UInt8], elementByteCount size: Int) -> [UInt8] {
    let count = bytes.count / size
    guard size > 1, count > 1 else { return bytes }
    var result = bytes
    let source = bytes.span
    var target = result.mutableSpan
    for byte in 0..<size {
      var place = byte
      for index in byte * count..<(byte + 1) * count {
        target[place] = source[index]
        place += size
      }
    }
    return result
  }
}
