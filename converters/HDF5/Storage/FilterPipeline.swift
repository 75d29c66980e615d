/// What was done to chunks before they were written (HDF5 File Format Specification, IV.A.2.l); only what every build of
/// the library has and whose output is bounded.
struct FilterPipeline: Sendable {
  enum Filter: Hashable, Sendable {
    case deflate
    case shuffle(elementByteCount: Int)
    case fletcher32

    var name: String {
      switch self {
      case .deflate: "deflate"
      case .shuffle: "shuffle"
      case .fletcher32: "fletcher32"
      }
    }
  }

  /// In the order in which they were applied.
  private(set) var filters: [Filter] = []

  /// No filters.
  init() {}

  init(_ body: Cursor) throws(FormatError) {
    var fields = body
    let version = try fields.version(1...2)
    let count = Int(try fields.byte())
    guard count <= 8 else { throw fields.damaged("\(count) filters on one dataset") }
    if version == 1 { try fields.skip(6) }
    for _ in 0..<count { filters.append(try Self.filter(&fields, version)) }
    guard filters.count(where: { $0 == .deflate }) <= 1 else {
      throw .refused("a dataset compressed more than once")
    }
  }

  private static func filter(_ fields: inout Cursor, _ version: Int) throws(FormatError) -> Filter {
    let identifier = try fields.integer(2)
    let nameByteCount = version == 1 || identifier >= 256 ? try fields.integer(2) : 0
    try fields.skip(2)
    let valueCount = try fields.integer(2)
    try fields.skip(version == 1 ? (nameByteCount + 7) / 8 * 8 : nameByteCount)
    var values: [Int] = []
    for _ in 0..<valueCount { values.append(try fields.integer(4)) }
    if version == 1, valueCount % 2 == 1 { try fields.skip(4) }
    switch identifier {
    case 1: return .deflate
    case 2:
      guard let size = values.first, size > 0 else {
        throw fields.damaged("a shuffle of elements without a size")
      }
      return .shuffle(elementByteCount: size)
    case 3: return .fletcher32
    default: throw .refused("a dataset packed by \(others[identifier] ?? "filter \(identifier)")")
    }
  }

  private static let others: [Int: String] = [
    4: "SZIP", 5: "n-bit", 6: "scale-offset", 307: "bzip2", 32000: "LZF", 32001: "Blosc", 32004: "LZ4",
    32008: "bitshuffle", 32013: "ZFP", 32015: "Zstandard", 32026: "Blosc2",
  ]

  var names: [String] { filters.map(\.name) }
  var isCompressed: Bool { filters.contains(.deflate) }
}
