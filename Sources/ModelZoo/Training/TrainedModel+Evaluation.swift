public import Images
import Tensors
public import Training

extension TrainedModel {
  /// Measures the model on pictures by class that it has not seen: Keras's `evaluate`.
  ///
  /// - Throws: ``ModelZooError/otherClasses(folder:expected:found:)`` when the classes are not the model's.
  public func evaluate(
    on folder: ImageFolder, extraction: ExtractionOptions = ExtractionOptions()
  ) throws -> Logs {
    guard folder.classes == labels else {
      throw ModelZooError.otherClasses(folder: folder.path, expected: labels, found: folder.classes)
    }
    guard !folder.items.isEmpty else { throw ModelZooError.noPictures(place: folder.path) }
    let table = try backbone.features(of: PictureList(folder), options: extraction)
    return try Trainer(head).evaluate(table.samples, batchSize: extraction.batchSize)
  }
}
