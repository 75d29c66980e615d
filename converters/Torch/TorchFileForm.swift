/// The forms in which PyTorch's weights are saved.
package enum TorchFileForm: String, Hashable, Sendable {
  /// What `torch.save` writes since 1.6: a zip archive.
  case zip = "pytorch-zip"
  /// What it wrote before: pickles, and the storages behind them.
  case legacy = "pytorch-pickle"
  /// A safetensors file with PyTorch's names.
  case safetensors = "pytorch-safetensors"

  /// What stands behind "saved by PyTorch" and a comma.
  package var words: String {
    switch self {
    case .zip: "a zip archive of torch.save"
    case .legacy: "torch.save of before 1.6"
    case .safetensors: "safetensors"
    }
  }
}
