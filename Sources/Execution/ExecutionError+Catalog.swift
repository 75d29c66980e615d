import Catalog
import Kernels
import Machine

extension ExecutionError {
  /// What the system does not give, as ours.
  init(_ shortage: MemoryShortage) {
    self = .notEnoughMemory(
      neededBytes: shortage.neededBytes, availableBytes: shortage.availableBytes)
  }

  /// What `body` returns; a lack of memory is thrown as ours.
  static func taking<Result>(_ body: () throws(MemoryShortage) -> Result) throws(ExecutionError) -> Result {
    do { return try body() } catch { throw ExecutionError(error) }
  }

  /// A graph's own complaint, as ours.
  init(_ error: CatalogError) {
    switch error {
    case .unknownLayer(let name, let nearest): self = .unknownLayer(name, nearest: nearest)
    case .invalidGraph(let layer, let problem): self = .invalidGraph(layer: layer, problem: problem)
    case .invalidEntry, .unknownEntry, .unknownVariant, .inputTooSmall, .inputNotMultiple,
      .unsupportedLayers, .severalOutputs, .malformedArchitecture, .unreadable, .anotherFile:
      self = .invalidGraph(layer: "graph", problem: error.description)
    }
  }
}

extension LayerGraph {
  /// The graph of `outputs` and all they depend on; unchanged without any.
  func ending(in outputs: [String]) throws(ExecutionError) -> LayerGraph {
    guard !outputs.isEmpty else { return self }
    do {
      return try truncated(at: outputs)
    } catch {
      throw ExecutionError(error)
    }
  }
}
