import Datasets
import Tensors

extension Backbone {
  /// The features of images, all in memory, with the number of each image in the data set; tells how it goes, and stops
  /// within a batch of `cancellation`.
  func table(
    of images: Dataset, _ options: ExtractionOptions, _ cancellation: Cancellation,
    report: @escaping @Sendable (ExtractionEvent) -> Void
  ) throws -> FeatureTable {
    try checkMemory(rows: images.items.count, 1)
    let reader = try FeatureReader(self, images, .plain, options, report: report)
    var scalars: [Float] = []
    scalars.reserveCapacity(images.items.count * featureShape.elementCount)
    while let batch = try reader.next(cancellation) { scalars += batch.outputs[0] }
    let shape = TensorShape([reader.kept.count] + featureShape.dimensions)
    return FeatureTable(
      features: Tensor(shape: shape, scalars: scalars), rows: reader.rows, skipped: reader.skipped,
      indices: reader.kept)
  }
}
