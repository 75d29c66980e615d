import Catalog

/// Whether the file's kernels are rotated, and why we think so.
struct KernelDecision {
  let order: WeightSet.KernelOrder
  let reason: String

  init(_ candidate: Candidate, in file: KerasFile, override: WeightSet.KernelOrder?) {
    let axes = candidate.alignment.axisOrder
    let layout =
      axes == .hwio
      ? "kernels are (height, width, in, out)"
      : "kernels are (out, in, height, width): Theano's order of axes"
    if let override {
      (order, reason) = (override, "\(layout); --kernels says \(override.rawValue)")
    } else if file.backend == "theano" {
      (order, reason) = (.theano, "\(layout); backend is 'theano': kernels are rotated by 180°")
    } else if axes == .oihw {
      (order, reason) = (
        .theano, "\(layout), taken as rotated by 180° as Theano applies them (--kernels tensorflow if not)"
      )
    } else {
      (order, reason) = (.tensorflow, "\(layout), not rotated")
    }
  }
}

/// Which variant of the entry's graph the weights belong to, and why we think so.
struct GraphDecision {
  let variant: String?
  let reason: String

  init(_ candidate: Candidate, in file: KerasFile, override: String?) throws(KerasWeightsError) {
    let target = candidate.target
    if let override {
      guard target.variants.contains(override) else {
        throw .unknown(
          what: "graph variant of \(target.identifier)", name: override,
          known: target.variants.isEmpty ? ["(it has one graph)"] : target.variants)
      }
      (variant, reason) = (override, "graph \(override): --graph says so")
    } else if let graph = candidate.set.graph {
      let note = candidate.set.graphNote.map { "; \($0)" } ?? ""
      (variant, reason) = (
        graph, "graph \(graph): the one that weight set \(candidate.set.tag) belongs to\(note)"
      )
    } else {
      (variant, reason) = (nil, "the entry has one graph")
    }
  }
}
