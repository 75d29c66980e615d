package import Catalog
import Synchronization

/// The networks that a file may turn out to be. Each is read when it is looked at, and few are: the shapes of a file's tensors rule
/// out most.
package struct ConversionTargets: Sendable, ExpressibleByArrayLiteral {
  private let shapes: [(identifier: String, counts: ShapeCounts)]
  private let shelf: Shelf

  /// Every entry of a catalog.
  package init(_ catalog: EntryCatalog) throws {
    var shapes: [(String, ShapeCounts)] = []
    for identifier in catalog.identifiers { shapes.append((identifier, try catalog.shapes(of: identifier))) }
    self.shapes = shapes
    shelf = Shelf { try ConversionTarget($0, of: catalog) }
  }

  package init(arrayLiteral targets: ConversionTarget...) {
    shapes = targets.map { ($0.identifier, ShapeCounts($0.parameters.map(\.shape))) }
    let byName = Dictionary(targets.map { ($0.identifier, $0) }) { first, _ in first }
    shelf = Shelf { name in
      guard let target = byName[name] else {
        throw ConversionError.unknown(what: "entry", name: name, known: byName.keys.sorted())
      }
      return target
    }
  }

  /// The names of the networks.
  var identifiers: [String] { shapes.map(\.identifier) }

  /// The network called `identifier`.
  func target(_ identifier: String) throws -> ConversionTarget {
    guard identifiers.contains(identifier) else {
      throw ConversionError.unknown(what: "entry", name: identifier, known: identifiers)
    }
    return try shelf.target(identifier)
  }

  /// The networks that `file` may be, by how many of their tensors at least it has not: the least ``Alignment/distance`` that
  /// laying the file over them can give. Those of which it cannot have half are left out, all but one where it has half of none.
  func candidates(for file: any WeightSource) -> [(identifier: String, leastDistance: Int)] {
    let own = ShapeCounts(file.layers.flatMap(\.tensors).map(\.shape))
    let found = shapes.map {
      ($0.identifier, total: $0.counts.total, shared: $0.counts.countShared(with: own))
    }
    let near = found.filter { $0.shared * 2 >= $0.total }
    let kept =
      near.isEmpty ? found.max { $0.shared * $1.total < $1.shared * $0.total }.map { [$0] } ?? [] : near
    return kept.map { ($0.0, $0.total - $0.shared) }.sorted { ($0.1, $0.0) < ($1.1, $1.0) }
  }

  /// The networks of all of whose tensors `file` has the shapes.
  package func contained(in file: any WeightSource) throws -> [ConversionTarget] {
    try candidates(for: file).filter { $0.leastDistance == 0 }.map { try shelf.target($0.identifier) }
  }

  /// Networks that were read, so that none is read twice.
  private final class Shelf: Sendable {
    private let read: @Sendable (String) throws -> ConversionTarget
    private let known = Mutex<[String: ConversionTarget]>([:])

    init(_ read: @escaping @Sendable (String) throws -> ConversionTarget) { self.read = read }

    func target(_ identifier: String) throws -> ConversionTarget {
      if let target = known.withLock({ $0[identifier] }) { return target }
      let target = try read(identifier)
      known.withLock { $0[identifier] = target }
      return target
    }
  }
}
