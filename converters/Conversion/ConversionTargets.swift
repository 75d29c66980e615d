package import Catalog
import Synchronization

/// The networks that a file may turn out to be. Each is read when it is looked at, and few are: the shapes of a file's tensors rule
/// out most.
package struct ConversionTargets: Sendable, ExpressibleByArrayLiteral {
  /// A network, and the graph of another program than Keras where its files are meant.
  private struct Key: Hashable {
    let identifier: String
    let graph: String?
  }

  private let shapes: [(key: Key, framework: Framework, counts: ShapeCounts)]
  private let shelf: Shelf

  /// Every entry of a catalog.
  package init(_ catalog: EntryCatalog) throws {
    var shapes: [(Key, Framework, ShapeCounts)] = []
    for identifier in catalog.identifiers {
      shapes.append((Key(identifier: identifier, graph: nil), .keras, try catalog.shapes(of: identifier)))
      for (graph, framework) in try catalog.foreignGraphs(of: identifier) {
        let counts = try catalog.shapes(of: identifier, graph: graph)
        shapes.append((Key(identifier: identifier, graph: graph), framework, counts))
      }
    }
    self.shapes = shapes
    shelf = Shelf { try ConversionTarget($0.identifier, of: catalog, graph: $0.graph) }
  }

  package init(arrayLiteral targets: ConversionTarget...) {
    shapes = targets.sorted { $0.identifier < $1.identifier }.map {
      (Key(identifier: $0.identifier, graph: nil), $0.framework, ShapeCounts($0.parameters.map(\.shape)))
    }
    let byName = Dictionary(targets.map { ($0.identifier, $0) }) { first, _ in first }
    shelf = Shelf { key in
      guard let target = byName[key.identifier] else {
        throw ConversionError.unknown(what: "entry", name: key.identifier, known: byName.keys.sorted())
      }
      return target
    }
  }

  /// The names of the networks.
  var identifiers: [String] { shapes.map(\.key).filter { $0.graph == nil }.map(\.identifier) }

  /// The network called `identifier`, in every form that files of a program may have.
  func targets(_ identifier: String, of framework: Framework) throws -> [ConversionTarget] {
    guard identifiers.contains(identifier) else {
      throw ConversionError.unknown(what: "entry", name: identifier, known: identifiers)
    }
    return try shapes.filter { $0.key.identifier == identifier && $0.framework == framework }.map {
      try shelf.target($0.key)
    }
  }

  /// The networks that `file` may be, by how many of their tensors at least it has not: the least ``Alignment/distance`` that
  /// laying the file over them can give. Those of which it cannot have half are left out, all but one where it has half of none.
  func candidates(for file: any WeightSource) -> [(target: () throws -> ConversionTarget, leastDistance: Int)]
  {
    nearest(to: file).map { key, distance in ({ try shelf.target(key) }, distance) }
  }

  private func nearest(to file: any WeightSource) -> [(Key, Int)] {
    let own = ShapeCounts(file.layers.flatMap(\.weights).map(\.shape))
    let found = shapes.filter { $0.framework == file.facts.framework }.map {
      ($0.key, total: $0.counts.total, shared: $0.counts.countShared(with: own))
    }
    let near = found.filter { $0.shared * 2 >= $0.total }
    let kept =
      near.isEmpty ? found.max { $0.shared * $1.total < $1.shared * $0.total }.map { [$0] } ?? [] : near
    // Of equals the first is that of the catalog: of an entry's graphs, the one that it lists first.
    return kept.enumerated().map { (index: $0, key: $1.0, distance: $1.total - $1.shared) }
      .sorted { ($0.distance, $0.index) < ($1.distance, $1.index) }.map { ($0.key, $0.distance) }
  }

  /// The networks of all of whose tensors `file` has the shapes.
  package func contained(in file: any WeightSource) throws -> [ConversionTarget] {
    try nearest(to: file).filter { $0.1 == 0 }.map { try shelf.target($0.0) }
  }

  /// Networks that were read, so that none is read twice.
  private final class Shelf: Sendable {
    private let read: @Sendable (Key) throws -> ConversionTarget
    private let known = Mutex<[Key: ConversionTarget]>([:])

    init(_ read: @escaping @Sendable (Key) throws -> ConversionTarget) { self.read = read }

    func target(_ key: Key) throws -> ConversionTarget {
      if let target = known.withLock({ $0[key] }) { return target }
      let target = try read(key)
      known.withLock { $0[key] = target }
      return target
    }
  }
}
