import CKernels

extension KernelVariant {
  /// What training needs besides the kernels that run a network.
  @unsafe var gradients: kernels_gradients {
    guard let gradients = unsafe table.gradients else {
      preconditionFailure("KernelVariant: every variant has all kernels")
    }
    return unsafe gradients.pointee
  }
}

extension ThreadPool {
  /// Calls `body` for ranges that tile `0..<count`, each `unit` long or the last: the same for any number of threads.
  func forEachBlock(_ count: Int, unit: Int, _ body: @escaping @Sendable (_ range: Range<Int>) -> Void) {
    forEach((count + unit - 1) / unit) { task, _ in body(task * unit..<min(count, (task + 1) * unit)) }
  }
}

/// Floats that kernels may read from several threads at a time, and write where none of them meet.
@unsafe struct SharedFloats: @unchecked Sendable {
  let base: UnsafeMutablePointer<Float>

  init(_ base: UnsafeMutablePointer<Float>) { unsafe self.base = base }

  /// For kernels that only read, whose type is that of those that write.
  init(_ base: UnsafePointer<Float>) { unsafe self.base = unsafe UnsafeMutablePointer(mutating: base) }
}

/// Writes the transpose of a dense row-major matrix of `rows` times `columns`.
@unsafe func transpose(
  _ source: UnsafePointer<Float>, rows: Int, columns: Int, into target: UnsafeMutablePointer<Float>,
  pool: ThreadPool, variant: KernelVariant
) {
  let work = unsafe kernels_transposition(source: source, rows: rows, columns: columns, target: target)
  let table = unsafe variant.gradients
  pool.forEachBlock(columns, unit: max(16, 1 << 16 / max(1, rows))) { range in
    unsafe withUnsafePointer(to: work) { unsafe table.transpose($0, range.lowerBound, range.upperBound) }
  }
}
