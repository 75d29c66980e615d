import Kernels
import Tensors

extension Backbone {
  /// Refuses batches that could not be read and run in the memory there is: the pixels and the inputs of a batch that is run
  /// and of one that is read meanwhile.
  func checkMemory(batchSize: Int) throws {
    let pixels = inputShape.elementCount * (MemoryLayout<Float>.size + MemoryLayout<UInt8>.size)
    try Self.check(
      MemoryLimit.product(2, batchSize, pixels), "batches of \(batchSize) images of \(inputShape)",
      advice: "choose a smaller batch or a smaller input size")
  }

  /// Refuses features that could not all be held in the memory there is.
  func checkMemory(rows images: Int, _ variants: Int) throws {
    let width = plan.outputs.reduce(0) { $0 + $1.shape.elementCount }
    try Self.check(
      MemoryLimit.product(images, variants, width, MemoryLayout<Float>.size),
      "features of \(images) images in \(variants) variants, \(width) numbers each,",
      advice: "pool the features, or write them to a file, which takes no more for more images")
  }

  private static func check(_ needed: Int?, _ work: String, advice: String) throws {
    if let needed, needed <= MemoryLimit.byteCount { return }
    throw ModelZooError.notEnoughMemory(
      work: work, neededBytes: needed ?? .max, availableBytes: MemoryLimit.byteCount, advice: advice)
  }
}
