import Catalog

/// Rewrites that hold on every machine: they change nothing but rounding.
extension DataflowGraph {
  /// The graph after all of them, in the order in which each finds most to do.
  var simplified: DataflowGraph {
    var graph = self
    graph.removeReshapes()
    graph.foldAffineFunctions()
    graph.fuseSums()
    graph.fuseActivations()
    graph.averageBeforeConvolutions()
    graph.leaveZerosToWindows()
    return graph
  }
}
