import Kernels

extension HeadProgram {
  /// Refuses parameters that could not be trained in the memory there is: values, gradients and two moments of each.
  func checkMemory() throws(TrainingError) {
    var count = 0
    for parameter in parameters {
      let (sum, overflow) = count.addingReportingOverflow(parameter.shape.elementCount)
      count = overflow ? .max : sum
    }
    let needed = MemoryLimit.product(count, 4, MemoryLayout<Float>.size)
    if let needed, needed <= MemoryLimit.byteCount { return }
    throw .notEnoughMemory(neededBytes: needed ?? .max, availableBytes: MemoryLimit.byteCount)
  }
}
