import HDF5
import Tensors

/// All that one reader sees in a file, line by line, for comparison with what another sees; elements by their CRC-32.
/// `random_files.py` writes the same lines.
struct Snapshot {
  private(set) var lines: [String] = []

  /// What was seen by whoever wrote the lines.
  init(text: String) { lines = text.split(separator: "\n").map(String.init) }

  /// What our own reader sees.
  init(_ root: HDF5Group) throws { try add(root) }

  /// What libhdf5 sees.
  init(_ root: OracleObject) throws { try add(root, at: "/") }

  /// Where hard links may lead in a circle.
  private static let depth = 6

  private mutating func add(_ group: HDF5Group) throws {
    lines.append("\(group.path): a group")
    try addAttributes(of: group)
    guard group.path.split(separator: "/").count < Self.depth else { return }
    for name in try group.childNames() {
      let path = group.path == "/" ? "/" + name : group.path + "/" + name
      switch group.kind(of: name) {
      case .group: try add(group.group(name))
      case .dataset: try add(dataset: name, of: group, at: path)
      case .datatype: lines.append("\(path): a named type")
      case nil:
        let error = Result { () throws(HDF5Error) in try group.dataset(name) }
        guard case .failure(.refused(_, let what)) = error, what.contains(" link") else {
          throw HDF5Error.malformed(place: path, reason: "\(error)")
        }
        lines.append("\(path): another link")
      }
    }
  }

  private mutating func add(dataset name: String, of group: HDF5Group, at path: String) throws {
    do {
      let dataset = try group.dataset(name)
      lines.append(Self.line(path, dataset.shape.dimensions, dataset.scalarType, try dataset.bytes()))
      try addAttributes(of: dataset)
    } catch HDF5Error.wrongKind {
      lines.append("\(path): elements of another type")
    } catch HDF5Error.refused {
      lines.append("\(path): refused")
    }
  }

  private mutating func addAttributes(of object: some HDF5Object) throws {
    for name in object.attributeNames() {
      guard let info = try object.attribute(name) else { continue }
      lines.append(Self.line(object.path, name, info, try strings(name, of: object)))
    }
  }

  /// The strings of an attribute; nil for one of another type.
  private func strings(_ name: String, of object: some HDF5Object) throws -> [String]? {
    do { return try object.strings(name) } catch HDF5Error.wrongKind { return nil }
  }

  private mutating func add(_ object: OracleObject, at path: String) throws {
    lines.append("\(path): a group")
    try addAttributes(of: object, at: path)
    guard path.split(separator: "/").count < Self.depth else { return }
    for name in object.childNames() {
      let inside = path == "/" ? "/" + name : path + "/" + name
      guard let child = try object.child(name) else {
        lines.append("\(inside): another link")
        continue
      }
      switch child.kind {
      case .group: try add(child, at: inside)
      case .dataset: try add(dataset: child, at: inside)
      default: lines.append("\(inside): a named type")
      }
    }
  }

  private mutating func add(dataset: OracleObject, at path: String) throws {
    guard let (shape, scalarType, bytes) = try dataset.elements() else {
      lines.append("\(path): elements of another type")
      return
    }
    lines.append(Self.line(path, shape, scalarType, bytes))
    try addAttributes(of: dataset, at: path)
  }

  private mutating func addAttributes(of object: OracleObject, at path: String) throws {
    for name in object.attributeNames().sorted() {
      let (info, strings) = try object.attribute(name)
      lines.append(Self.line(path, name, info, strings))
    }
  }

  /// The first difference in words; nil when both see the same.
  func difference(from other: Snapshot) -> String? {
    if let (ours, theirs) = zip(lines, other.lines).first(where: { $0 != $1 }) {
      return "'\(ours)', not '\(theirs)'"
    }
    return lines.count == other.lines.count ? nil : "\(lines.count) lines, not \(other.lines.count)"
  }

  private static func line(_ path: String, _ shape: [Int], _ type: ScalarType, _ bytes: [UInt8]) -> String {
    "\(path): \(shape) \(type) \(crc32(bytes))"
  }

  private static func line(
    _ path: String, _ attribute: String, _ info: HDF5AttributeInfo, _ strings: [String]?
  ) -> String {
    "\(path) @\(attribute): \(info.content) x \(info.count): \(strings?.joined(separator: "|") ?? "-")"
  }

  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { value, _ in value & 1 == 0 ? value >> 1 : value >> 1 ^ 0xEDB8_8320 }
  }

  private static func crc32(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(~0) { table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] ^ $0 >> 8 }
  }
}
