import Images

extension TensorBoard {
  private static let mostImages = 24
  private static let side = 224

  /// Adds the images that `model` misclassified most confidently; those that can no longer be read are left out. At
  /// most 24 images are added, 224 pixels at their longer side, under `mistakes/`.
  ///
  /// - Throws: `FileError` when the event files cannot be written.
  public func addMistakes(of model: TrainedModel) throws {
    let run = model.record?.split.validation == nil ? Run.train : .validation
    for (index, mistake) in model.mistakes.prefix(Self.mostImages).enumerated() {
      let bitmap = try? model.backbone.recipe.bitmap(of: mistake.location).shrunk(toFit: Self.side)
      guard let bitmap else { continue }
      let number = index < 9 ? "0\(index + 1)" : "\(index + 1)"
      try add(
        images: [bitmap.png()],
        tag: "mistakes/\(number)_\(mistake.label)_taken_for_\(mistake.prediction.label)",
        step: max(0, model.history.epochs.count - 1), run: run)
    }
  }
}
