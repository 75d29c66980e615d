import Catalog

extension RecognitionReason {
  /// Whether the file's kernels are rotated, and why we think so.
  static func kernels(of candidate: Candidate, in file: any WeightSource, override: KernelOrder?) -> (
    order: KernelOrder, reason: RecognitionReason
  ) {
    let axes = candidate.alignment.axisOrder
    if let override { return (override, .kernelsAsAsked(override, axes: axes)) }
    if file.facts.backend == "theano" { return (.theano, .kernels(.theano, axes: axes, backend: "theano")) }
    return axes == .oihw
      ? (.theano, .kernelsAssumed(.theano, axes: axes))
      : (.tensorflow, .kernels(.tensorflow, axes: axes, backend: file.facts.backend))
  }

  /// Which variant of the entry's graph the weights belong to, and why we think so.
  static func graph(
    of candidate: Candidate, override: String?
  ) throws(ConversionError) -> (variant: String?, reason: RecognitionReason) {
    let target = candidate.target
    if let override {
      guard target.variants.contains(override) else {
        throw .unknown(
          what: "graph variant of \(target.identifier)", name: override,
          known: target.variants.isEmpty ? ["(it has one graph)"] : target.variants)
      }
      return (override, .graphAsAsked(override))
    }
    guard let graph = candidate.set.graph else { return (nil, .evidence("the entry has one graph")) }
    let note = candidate.set.graphNote.map { "; \($0)" } ?? ""
    return (
      graph, .evidence("graph \(graph): the one that weight set \(candidate.set.tag) belongs to\(note)")
    )
  }
}
