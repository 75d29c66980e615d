package import Catalog
package import Kernels
package import TensorArchive

extension Plan {
  /// Plans `graph` with the parameters of an archive: every tensor's checksum is verified just before it is
  /// packed, and its pages are let go when it is.
  ///
  /// - Throws: ``ExecutionError``, ``ArchiveError``.
  package init(
    graph: LayerGraph, archive: Archive, height: Int, width: Int, options: Options = Options(),
    pool: ThreadPool = .shared
  ) throws {
    try self.init(
      graph: graph,
      parameters: { name in archive.contains(name) ? try archive.view(named: name) : nil },
      height: height, width: width, options: options, pool: pool,
      storage: ParameterStorage(
        verify: { name, pool in try archive.verify(name, on: pool) },
        release: { name in archive.releasePages(of: name) }))
  }
}

extension Archive {
  /// Checks a tensor, a large one in pieces on all threads of `pool`.
  fileprivate func verify(_ name: String, on pool: ThreadPool) throws {
    try verify(name) { pieces, verify in pool.forEach(pieces) { piece, _ in verify(piece) } }
  }
}
