import Catalog
import Encoding
import Files
import KerasWeights
import NumPyWeights
import ONNX
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
      let isArchive = if case .safetensors = kind { try isArchive(path) } else { false }
      if !isArchive, let source = try TorchWeights.open(FileBytes(path: path), kind) { return source }
      if case .model(.onnx) = kind {
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        return try ONNXSource(FileBytes(path: path), folder: folder)
      }
      if case .model(.numPyArchive) = kind { return try NumPySource(FileBytes(path: path)) }
    }
    return try KerasWeights.open(path, architecture: architecture, targets: targets)
  }

  /// Whether a safetensors file is an archive of ours; throws where it cannot be read, or has others' names than PyTorch's.
  private static func isArchive(_ path: String) throws -> Bool {
    let archive = try Archive(contentsOf: path)
    guard archive.manifest == nil else { return true }
    guard !archive.names.contains(where: { $0.hasSuffix(".weight") }) else { return false }
    let names = archive.names.prefix(3).joined(separator: ", ")
    throw KerasWeightsError.file(
      .notHDF5(
        path: path,
        finding: archive.names.isEmpty
          ? "safetensors without tensors"
          : "safetensors with neither the manifest of an archive nor PyTorch's names of weights (\(names.printable)); save "
            + "model.state_dict() of a network"))
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
