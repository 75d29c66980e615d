internal import Synchronization

/// What a link leads to.
package enum HDF5ObjectKind: String, Sendable {
  case group = "a group"
  case dataset = "a dataset"
  case datatype = "a named type"
}

/// An object of the file with its links and attributes: read once, however many names it has.
final class ObjectNode: Sendable {
  /// Where its header begins in the file.
  let address: Int
  let header: ObjectHeader
  let kind: HDF5ObjectKind?
  /// The children; none unless it is a group.
  let links: LinkTable
  let attributes: AttributeTable
  /// What was found out since.
  let memo = Mutex(Memo())

  struct Memo {
    var dataset: DatasetFacts?
    var strings: [String: [String]] = [:]
  }

  init(at address: Int, in space: AddressSpace) throws(FormatError) {
    try space.ledger.charge(512)
    self.address = address
    header = try ObjectHeader(at: address, in: space)
    kind = Self.kind(of: header)
    links = kind == .group ? try LinkTable(of: header, in: space) : LinkTable()
    attributes = try AttributeTable(header, in: space)
  }

  private static func kind(of header: ObjectHeader) -> HDF5ObjectKind? {
    let kinds = Set(header.messages.map(\.kind))
    if !kinds.isDisjoint(with: [.symbolTable, .linkInfo]) { return .group }
    guard kinds.contains(.datatype) else { return nil }
    return kinds.contains(.dataspace) ? .dataset : .datatype
  }
}
