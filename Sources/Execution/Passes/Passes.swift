import Catalog

/// Rewrites that hold on every machine: they change nothing but rounding.
extension DataflowGraph {
  /// All of them, in the order in which each finds most to do.
  mutating func simplify() {
    foldAffineFunctions()
    fuseSums()
    fuseActivations()
    leaveZerosToWindows()
  }
}
