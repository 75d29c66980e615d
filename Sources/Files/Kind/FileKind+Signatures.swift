import Encoding

extension FileKind {
  /// How many of a file's first bytes are enough to tell it.
  package static let headByteCount = 4096

  /// What a file of `byteCount` bytes is that begins with `head` and, where they are known, ends with `tail`; an HDF5 file
  /// whose superblock stands further back needs ``FileFacts``.
  ///
  /// - Parameters:
  ///   - head: the first ``headByteCount`` bytes, or the whole of a shorter file.
  ///   - tail: the last 8 bytes.
  package init(head: Span<UInt8>, tail: [UInt8] = [], byteCount: Int) {
    if head.isEmpty {
      self = .empty
    } else if let count = Self.safetensorsHeader(head, byteCount: byteCount) {
      // Ahead of all others: the length of its header may look like anybody's first bytes.
      self = .safetensors(headerByteCount: count)
    } else if let kind = Self.knownStart(head) {
      self = kind
    } else if TarHeader.begins(head.copy(0..<min(head.count, TarHeader.byteCount))) {
      self = .container(.tar)
    } else if let promised = HDF5Superblock.promisedByteCount(head, at: 0) {
      self = .hdf5(promised: promised)
    } else if Self.isONNX(head) {
      self = .model(.onnx)
    } else if let format = Self.tensorFlowGraph(head) {
      self = .model(format)
    } else if tail == Self.tensorFlowTableEnd {
      self = .model(.tensorFlowCheckpoint)
    } else if let kind = FileKind(text: head) {
      self = kind
    } else {
      let isZero = head.count >= 512 && head.indices.allSatisfy { head[$0] == 0 }
      self = isZero ? .zeros : .unknown(firstBytes: head.copy(0..<min(8, head.count)))
    }
  }

  /// The magic number at the end of LevelDB's tables, one of which is a checkpoint's index.
  private static let tensorFlowTableEnd: [UInt8] = [0x57, 0xFB, 0x80, 0x8B, 0x24, 0x75, 0x47, 0xDB]

  private typealias Signature = (offset: Int, bytes: [UInt8], kind: FileKind)

  private static func signature(_ bytes: [UInt8], at offset: Int = 0, _ kind: FileKind) -> Signature {
    (offset, bytes, kind)
  }

  private static func signature(_ text: String, at offset: Int = 0, _ kind: FileKind) -> Signature {
    (offset, Array(text.utf8), kind)
  }

  /// In the order in which they are tried: longer ones ahead of those they begin with.
  private static let signatures: [Signature] = [
    signature([0xFF, 0xD8, 0xFF], .image(.jpeg)),
    signature([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], .image(.png)),
    signature("BM", .image(.bmp)),
    signature("GIF8", .image(.gif)),
    signature([0x49, 0x49, 0x2A, 0], .image(.tiff)), signature([0x4D, 0x4D, 0, 0x2A], .image(.tiff)),
    signature([0x49, 0x49, 0x2B, 0], .image(.tiff)), signature([0x4D, 0x4D, 0, 0x2B], .image(.tiff)),
    signature("ftypavif", at: 4, .image(.avif)), signature("ftypavis", at: 4, .image(.avif)),
    signature("ftyphei", at: 4, .image(.heic)), signature("ftyphev", at: 4, .image(.heic)),
    signature([0, 0, 0, 12, 0x6A, 0x50, 0x20, 0x20], .image(.jpeg2000)),
    signature([0xFF, 0x4F, 0xFF, 0x51], .image(.jpeg2000)),
    signature([0, 0, 0, 12, 0x4A, 0x58, 0x4C, 0x20], .image(.jpegXL)),
    signature([0xFF, 0x0A], .image(.jpegXL)),
    signature([0, 0, 1, 0], .image(.ico)),
    signature("8BPS", .image(.photoshop)),
    signature("<svg", .image(.svg)),
    signature([0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46], .model(.legacyPyTorch)),
    signature([0x80, 0x02], .model(.pickle)), signature([0x80, 0x03], .model(.pickle)),
    signature([0x80, 0x04, 0x95], .model(.pickle)), signature([0x80, 0x05, 0x95], .model(.pickle)),
    signature([0x93] + Array("NUMPY".utf8), .model(.numPy)),
    signature("TFL3", at: 4, .model(.tensorFlowLite)),
    signature("GGUF", .model(.gguf)),
    signature([0x1F, 0x8B], .container(.gzip)),
    signature("BZh", .container(.bzip2)),
    signature([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0], .container(.xz)),
    signature([0x28, 0xB5, 0x2F, 0xFD], .container(.zstandard)),
    signature([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], .container(.sevenZip)),
    signature("Rar!\u{1A}\u{7}", .container(.rar)),
    signature("ustar", at: 257, .container(.tar)),
    signature("%PDF", .pdf),
    signature([0x00, 0x05, 0x16, 0x07], .appleDouble),
  ]

  private static func knownStart(_ head: Span<UInt8>) -> FileKind? {
    for signature in signatures where head.holds(signature.bytes, at: signature.offset) {
      return signature.kind
    }
    if head.holds(Array("RIFF".utf8)), head.holds(Array("WEBP".utf8), at: 8) { return .image(.webP) }
    if head.holds(Array("ftypmif1".utf8), at: 4) || head.holds(Array("ftypmsf1".utf8), at: 4) {
      return .image(isAVIF(head) ? .avif : .heic)
    }
    if head.holds([0x50, 0x4B, 3, 4]) || head.holds([0x50, 0x4B, 5, 6]) { return zip(head) }
    return isNetpbm(head) ? .image(.netpbm) : nil
  }

  /// Whether a file in the container of both HEIC and AVIF says among its compatible brands that it is the latter.
  private static func isAVIF(_ head: Span<UInt8>) -> Bool {
    let length = head.copy(0..<4).reduce(0) { $0 << 8 | Int($1) }
    return stride(from: 16, to: min(head.count, length), by: 4).contains {
      head.holds(Array("avif".utf8), at: $0)
    }
  }

  private static func isNetpbm(_ head: Span<UInt8>) -> Bool {
    guard head.count > 2, head[0] == UInt8(ascii: "P") else { return false }
    let isBlank = head[2] == 0x20 || (0x09...0x0D).contains(head[2])
    return (UInt8(ascii: "1")...UInt8(ascii: "6")).contains(head[1])
      && (isBlank || head[2] == UInt8(ascii: "#"))
  }

  /// By the names of the first members, which stand ahead of their contents.
  private static func zip(_ head: Span<UInt8>) -> FileKind {
    let bytes = head.copy(0..<head.count)
    func names(_ text: String) -> Bool { bytes.firstRange(of: Array(text.utf8)) != nil }
    if names("metadata.json") || names("model.weights.h5") { return .model(.keras) }
    if names("/data.pkl") { return .model(.pyTorch) }
    return names(".npy") ? .model(.numPyArchive) : .container(.zip)
  }

  /// No header of safetensors is longer.
  private static let mostHeaderBytes = 100_000_000

  private static func safetensorsHeader(_ head: Span<UInt8>, byteCount: Int) -> Int? {
    guard head.count > 9, head[8] == UInt8(ascii: "{") else { return nil }
    let length = UInt64(littleEndian: head.copy(0..<8)[...])
    guard let count = Int(exactly: length), count >= 2 else { return nil }
    // Of a file cut short within its header nothing but the first name tells what it was.
    let isCut = head[9] == UInt8(ascii: "\"") && count <= mostHeaderBytes
    return count <= byteCount - 8 || isCut ? count : nil
  }

  /// A `ModelProto` begins with the version of its format, a small number, and either the name of the program that wrote
  /// it, the graph or the sets of operators.
  private static func isONNX(_ head: Span<UInt8>) -> Bool {
    guard head.count > 8, head[0] == 0x08, (1...20).contains(head[1]) else { return false }
    guard head[2] == 0x12 else { return head[2] == 0x3A || head[2] == 0x42 }
    let length = Int(head[3])
    guard (1...64).contains(length), head.count > 4 + length else { return false }
    return (4..<4 + length).allSatisfy { (0x20...0x7E).contains(head[$0]) }
  }
}

extension FileKind {
  /// A message of TensorFlow's: a `SavedModel`, which begins with its version and one graph with what is said of it, or a `GraphDef`,
  /// which begins with a node, its name and its operation.
  fileprivate static func tensorFlowGraph(_ head: Span<UInt8>) -> ModelFormat? {
    var place = 0
    /// Takes a byte that must stand next.
    func take(_ byte: UInt8) -> Bool {
      guard place < head.count, head[place] == byte else { return false }
      place += 1
      return true
    }
    /// Takes a number of seven bits a byte.
    func number() -> Int? {
      var value = 0
      for shift in stride(from: 0, to: 35, by: 7) {
        guard place < head.count else { return nil }
        value |= Int(head[place] & 0x7F) << shift
        place += 1
        if head[place - 1] < 0x80 { return value }
      }
      return nil
    }
    /// Takes a name of letters, digits and what stands between them.
    func takeName() -> Bool {
      guard let count = number(), 1...256 ~= count, place + count <= head.count else { return false }
      defer { place += count }
      return (place..<place + count).allSatisfy { (0x2D...0x7A).contains(head[$0]) }
    }
    if take(0x08) {
      return take(1) && take(0x12) && (number() ?? 0) > 16 && take(0x0A) && (number() ?? 0) > 0 && take(0x12)
        ? .savedModelGraph : nil
    }
    return take(0x0A) && (number() ?? 0) > 4 && take(0x0A) && takeName() && take(0x12) && takeName()
      ? .frozenGraph : nil
  }
}

extension Span<UInt8> {
  /// Whether `bytes` stand at `offset`.
  fileprivate func holds(_ bytes: [UInt8], at offset: Int = 0) -> Bool {
    count >= offset + bytes.count && bytes.indices.allSatisfy { self[offset + $0] == bytes[$0] }
  }

  func copy(_ range: Range<Int>) -> [UInt8] { range.map { self[$0] } }
}
