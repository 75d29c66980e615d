import Images
import Kernels
import Machine
import Tensors

extension Backbone {
  /// Refuses batches that could not be read and run in the memory there is: pixels, inputs and outputs of a batch that is
  /// run and of one that is read meanwhile.
  func checkMemory(batchSize: Int) throws {
    let pixels = inputShape.elementCount * (MemoryLayout<Float>.size + MemoryLayout<UInt8>.size)
    let outputs = outputWidth * MemoryLayout<Float>.size
    try Self.check(
      MemoryLimit.product(2, batchSize, pixels + outputs), "batches of \(batchSize) images of \(inputShape)",
      advice: "choose a smaller batch or a smaller input size")
  }

  /// Refuses features that could not all be held in the memory there is.
  func checkMemory(rows images: Int, _ variants: Int) throws {
    let width = outputWidth
    try Self.check(
      MemoryLimit.product(images, variants, width, MemoryLayout<Float>.size),
      "features of \(images) images in \(variants) variants, \(width) numbers each,",
      advice:
        "pool the features, or write them to a file, which takes the same memory for any number of images")
  }

  /// Throws where an image is `error` because of the memory there is and for no other reason: none is left out for that.
  func checkMemory(refusing error: ImageError) throws {
    guard case .tooManyPixels(let name, let width, let height, let limits) = error,
      limits.pixelCount < recipe.limits.pixelCount,
      case let (pixels, overflow) = width.multipliedReportingOverflow(by: height), !overflow,
      pixels <= recipe.limits.pixelCount
    else { return }
    let threads = pool.threadCount
    throw ModelZooError.notEnoughMemory(
      work: "images as large as \(name), one on each of \(threads) threads,",
      neededBytes: pixels * ImageRecipe.bytesPerPixel * threads,
      availableBytes: limits.pixelCount * ImageRecipe.bytesPerPixel * threads,
      advice: "choose fewer threads, or scale large images down")
  }

  /// Elements of all outputs of an image.
  private var outputWidth: Int { plan.outputs.reduce(0) { $0 + $1.shape.elementCount } }

  private static func check(_ needed: Int?, _ work: String, advice: String) throws {
    do {
      try MemoryLimit.check(needed)
    } catch {
      throw ModelZooError.notEnoughMemory(
        work: work, neededBytes: error.neededBytes, availableBytes: error.availableBytes, advice: advice)
    }
  }
}

extension ImageRecipe {
  /// The recipe for as large images as so many threads can decode at a time in the memory there is.
  func fitting(threads: Int) -> ImageRecipe {
    guard MemoryLimit.isAddressSpaceLimited else { return self }
    var recipe = self
    let most = MemoryLimit.available / (Self.bytesPerPixel * max(1, threads))
    recipe.limits.pixelCount = min(recipe.limits.pixelCount, most)
    return recipe
  }

  /// What a pixel takes while it is decoded and brought to size.
  fileprivate static let bytesPerPixel = 12
}
