import Catalog
import Tensors

extension RecognitionReason {
  /// Whether the file's kernels are rotated, and why we think so.
  static func kernels(of candidate: Candidate, in file: any WeightSource, override: KernelOrder?) -> (
    order: KernelOrder, reason: RecognitionReason
  ) {
    let axes = candidate.alignment.axisOrder
    if let override { return (override, .kernelsAsAsked(override, axes: axes)) }
    if file.facts.framework == .pyTorch {
      return (.tensorflow, .kernels(.tensorflow, axes: axes, backend: nil))
    }
    // What a file says of its backend is true of Theano's order of axes, too, which others can have.
    if let backend = file.facts.backend {
      let order: KernelOrder = backend == "theano" ? .theano : .tensorflow
      return (order, .kernels(order, axes: axes, backend: backend))
    }
    return axes == .oihw
      ? (.theano, .kernelsAssumed(.theano, axes: axes))
      : (.tensorflow, .kernels(.tensorflow, axes: axes, backend: nil))
  }

  /// Which variant of the entry's graph the weights belong to, and why we think so; where the file describes a graph that
  /// computes something else than any, also in what.
  static func graph(
    of candidate: Candidate, in file: any WeightSource, override: String?
  ) throws(ConversionError) -> (variant: String?, reason: RecognitionReason, differences: [String]) {
    let target = candidate.target
    if let override {
      guard target.variants.contains(override) || target.graph(named: override) != nil else {
        throw .unknown(
          what: "graph variant of \(target.identifier)", name: override,
          known: target.variants.isEmpty ? ["(it has one graph)"] : target.variants)
      }
      return (override, .graphAsAsked(override), [])
    }
    if let told = file.facts.origin, told.network == target.identifier, let name = told.graph {
      guard let graph = target.graph(named: name) else {
        throw .undescribed(
          path: file.path,
          reason:
            "it says that its weights are of \(told.network)'s graph \(name), and they cannot be converted as those; convert the file "
            + "that they came from")
      }
      return (graph, .graphOfFile(graph), [])
    }
    let own = OwnGraph(of: file, beside: candidate)?.nearest
    if let variant = own?.variant, variant != candidate.set.graph {
      return (variant, .evidence("graph \(variant): the file's own"), own?.differences ?? [])
    }
    if own == nil, let told = Untouched(candidate, file).graph { return (told.variant, told.reason, []) }
    guard let graph = candidate.set.graph else {
      return (nil, .evidence("the entry has one graph"), own?.differences ?? [])
    }
    return (
      graph, .graphOfSet(graph, set: candidate.set.tag, note: candidate.set.graphNote),
      own?.differences ?? []
    )
  }
}

extension ConversionTarget {
  /// The entry's graph of a name, be it one of another program than the target's files: nil where it has none, or one that does not read
  /// the same weights.
  fileprivate func graph(named name: String) -> String? {
    guard let entry = try? CatalogEntry(json: json),
      let found = try? ArchivedNetwork(entry: entry, variant: name).parameters(),
      found.map(\.name) == parameters.map(\.name), found.map(\.shape) == parameters.map(\.shape)
    else { return nil }
    return name
  }
}

/// Weights that nothing has changed since Keras made them, by which some graphs of a network are told from the others.
private struct Untouched {
  /// The variant that the file belongs to by them, and why; nil where they do not tell.
  let graph: (variant: String, reason: RecognitionReason)?

  init(_ candidate: Candidate, _ file: any WeightSource) {
    let variants = (try? CatalogEntry(json: candidate.target.json))?.variants ?? []
    let pairs = Dictionary(grouping: candidate.alignment.pairs, by: \.parameter.layer)
    let found = variants.first { variant in
      !variant.initial.isEmpty
        && variant.initial.allSatisfy { layer in
          pairs[layer]?.allSatisfy { $0.isAsKerasBegins(in: file) } ?? false
        }
    }
    graph = found.map { variant in
      (
        variant.name,
        .evidence(
          "graph \(variant.name): the weights of \(variant.initial.joined(separator: ", ")) are those that Keras begins with, which "
            + "only this graph leaves so (\(variant.note))")
      )
    }
  }
}

extension Alignment.Pair {
  /// Larger ones are not looked at.
  private static let mostBytes = 1 << 16

  /// Whether every element is what Keras fills the parameter with before anything is learnt.
  fileprivate func isAsKerasBegins(in file: any WeightSource) -> Bool {
    guard let value = parameter.initialValue, tensor.byteCount <= Self.mostBytes,
      let storage = try? HeapStorage(byteCount: tensor.byteCount, fill: { try file.read(tensor, into: &$0) }),
      let view = TensorView(
        shape: tensor.shape, scalarType: tensor.scalarType, storage: storage, range: 0..<tensor.byteCount)
    else { return false }
    return view.floats()?.allSatisfy { $0 == value } ?? false
  }
}
