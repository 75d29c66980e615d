import Files

extension ModelExport {
  /// The tensors as a network of torchvision or timm has them.
  func torchExport(_ leavesOutHead: Bool) throws -> TorchExport {
    try NetworkCatalog().torchExport(of: readPaths[0], leavesOutHead: leavesOutHead)
  }

  /// Writes a safetensors file with PyTorch's names.
  func writeTorch(
    to path: String, leavesOutHead: Bool, _ progress: (Int, Int) throws -> Void
  ) throws -> ExportSummary {
    let export = try torchExport(leavesOutHead)
    let total = export.tensors.reduce(0) { $0 + $1.shape.elementCount }
    var done = 0
    try export.write(to: path) { values in
      done += values
      try progress(done, total)
    }
    let missing =
      export.missingModules.isEmpty
      ? []
      : [
        "the file has no \(export.missingModules.joined(separator: ", ")): put other modules in place of them before loading it"
      ]
    return ExportSummary(
      path: path, weightsPath: nil, byteCount: try FileFacts(path: path).byteCount,
      tensorCount: export.tensors.count, valueCount: total, input: nil, output: nil, kind: nil,
      notes: ["it is the \(export.title)"] + missing + export.notes)
  }
}
