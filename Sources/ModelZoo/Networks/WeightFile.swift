import Catalog
import Files
import KerasWeights
import NumPyWeights
import TensorArchive
import TorchWeights
import WeightConversion

/// Opens weight files of any program: what they are is told from their content.
enum WeightFile {
  /// Opens and takes apart the file at `path`.
  ///
  /// - Parameters:
  ///   - architecture: what Keras's `model.to_json()` wrote of the model, for a file of weights that does not say.
  ///   - targets: networks whose layers a file may have that names none.
  static func open(
    _ path: String, architecture: String? = nil, targets: ConversionTargets
  ) throws -> any WeightSource {
    if !FileFacts.isFolder(path) {
      let kind = try FileFacts(path: path).kind
      if kind.isOfPyTorch || isStateDictionary(path, kind) {
        if let source = try TorchWeights.open(FileBytes(path: path), kind) { return source }
      }
      if case .model(.numPyArchive) = kind { return try NumPySource(FileBytes(path: path)) }
    }
    return try KerasWeights.open(path, architecture: architecture, targets: targets)
  }

  /// Whether it is a safetensors file with PyTorch's names, which no archive of ours has.
  static func isStateDictionary(_ path: String, _ kind: FileKind) -> Bool {
    guard case .safetensors = kind, let archive = try? Archive(contentsOf: path), archive.manifest == nil
    else {
      return false
    }
    return archive.names.contains { $0.hasSuffix(".weight") }
  }
}
