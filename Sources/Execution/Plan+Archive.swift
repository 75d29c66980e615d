package import Catalog
package import Kernels
package import TensorArchive
package import Tensors

extension Plan {
  /// Plans `graph` with the parameters of an archive: every tensor is read, and held to its checksum, just before it is
  /// packed.
  ///
  /// - Throws: ``ExecutionError``, ``ArchiveError``.
  package init(
    graph: LayerGraph, archive: Archive, replacing others: [String: TensorView] = [:], height: Int,
    width: Int, options: Options = Options(), pool: ThreadPool = .shared
  ) throws {
    try self.init(
      graph: graph, stored: { others[$0].map(StoredParameter.init) ?? archive.parameter(named: $0) },
      height: height, width: width, options: options, pool: pool)
  }
}

extension Plan {
  /// The network with more layers of the archive behind its output; see ``appending(_:outputs:parameters:pool:)``.
  package func appending(
    _ layers: LayerGraph, archive: Archive, replacing others: [String: TensorView] = [:], pool: ThreadPool
  ) throws -> Plan {
    try appending(
      layers, parameters: { try others[$0] ?? archive.parameter(named: $0)?.read(pool) }, pool: pool)
  }
}

extension Archive {
  /// The tensor called `name`, which is read, a large one in pieces on all threads of a pool, when it is asked for.
  fileprivate func parameter(named name: String) -> StoredParameter? {
    declaration(of: name).map { tensor in
      StoredParameter(
        shape: tensor.shape, scalarType: tensor.scalarType,
        read: { pool in try self.tensor(named: name, forEach: pool.loop) },
        verify: { pool in try verify(name, forEach: pool.loop) })
    }
  }
}

extension ThreadPool {
  /// Pieces of work on all threads.
  fileprivate func loop(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
    forEach(count) { piece, _ in body(piece) }
  }
}
