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

  /// Which variant of the entry's graph the weights belong to, and why we think so; where the file describes a graph that
  /// computes something else than any, also in what.
  static func graph(
    of candidate: Candidate, in file: any WeightSource, override: String?
  ) throws(ConversionError) -> (variant: String?, reason: RecognitionReason, differences: [String]) {
    let target = candidate.target
    if let override {
      guard target.variants.contains(override) else {
        throw .unknown(
          what: "graph variant of \(target.identifier)", name: override,
          known: target.variants.isEmpty ? ["(it has one graph)"] : target.variants)
      }
      return (override, .graphAsAsked(override), [])
    }
    let own = OwnGraph(of: file, beside: candidate)?.nearest
    if let variant = own?.variant, variant != candidate.set.graph {
      return (variant, .evidence("graph \(variant): the file's own"), own?.differences ?? [])
    }
    guard let graph = candidate.set.graph else {
      return (nil, .evidence("the entry has one graph"), own?.differences ?? [])
    }
    let note = candidate.set.graphNote.map { "; \($0)" } ?? ""
    return (
      graph, .evidence("graph \(graph): the one that weight set \(candidate.set.tag) belongs to\(note)"),
      own?.differences ?? []
    )
  }
}
