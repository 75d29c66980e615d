import Datasets

extension ClassMode {
  /// Refuses labels that do not suit a head of `outputs` outputs.
  func check(outputs: Int, _ dataset: Dataset) throws {
    try dataset.check(self)
    let fits =
      switch self {
      case .binary: outputs == 1
      case .categorical, .sparse: outputs > 1
      case .input, .none: false
      }
    guard fits else { throw ModelZooError.classModeDoesNotFit(mode: self, outputs: outputs) }
  }
}
