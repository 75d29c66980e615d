import Catalog
import Files
import Tensors

extension ModelExport {
  /// Writes an `.npz` file: an array for each weight, as it lies in memory, so that it can be mapped.
  func writeNumPy(to path: String, _ progress: (Int, Int) throws -> Void) throws -> ExportSummary {
    let weights = try ExportedWeights(self)
    let total = weights.valueCount
    var done = 0
    try AtomicFile.write(to: path) { sink in
      var archive = ZipWriter(sink)
      for parameter in weights.parameters {
        try add(parameter, weights, to: &archive)
        done += parameter.shape.elementCount
        try progress(done, total)
      }
      try archive.finish(comment: origin.text)
    }
    return try summary(of: path, weights)
  }

  /// Half-precision numbers that NumPy has no type for are widened, which changes none.
  private func add(
    _ parameter: Parameter, _ weights: ExportedWeights, to archive: inout ZipWriter
  ) throws {
    let view = try weights.view(of: parameter)
    let isKept = NumPyHeader.bytes(shape: [], of: view.scalarType) != nil
    let type = isKept ? view.scalarType : .float32
    guard let header = NumPyHeader.bytes(shape: view.shape.dimensions, of: type) else { return }
    let stored =
      isKept ? view : TensorView(try Tensor(weights.values(of: parameter), shape: view.shape.dimensions))
    guard let stored else { return }
    try archive.add(
      parameter.name + ".npy", byteCount: header.count + stored.byteCount, alignment: 64
    ) { write in
      try header.withRawSpan { try write($0) }
      try stored.withBytes { try write($0) }
    }
  }

  /// That arrays alone do not say which of a network's graphs they are of, where it is not the first.
  private var graphNote: String? {
    let graphs = backbone.network.entry.variants.map(\.name)
    guard let graph = backbone.graphVariant, graph != graphs.first else { return nil }
    let preprocessing = backbone.network.preprocessing.label
    return
      "the weights are those of the graph \(graph), preprocessed by '\(preprocessing)', which NumPy does not see: other graphs "
      + "of \(backbone.identifier) compute something else from them"
  }

  /// What was written of weights alone.
  func summary(of path: String, _ weights: ExportedWeights) throws -> ExportSummary {
    ExportSummary(
      path: path, weightsPath: nil, byteCount: try FileFacts(path: path).byteCount,
      tensorCount: weights.parameters.count, valueCount: weights.valueCount, input: nil, output: nil,
      kind: nil, notes: [graphNote].compactMap(\.self))
  }
}
