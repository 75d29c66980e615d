import CKernels

/// Gradients of functions of one or two elements, and what they add up to.
package struct ElementwiseGradients: Sendable {
  private let pool: ThreadPool
  private let variant: KernelVariant

  package init(pool: ThreadPool, variant: KernelVariant = .preferred) {
    (self.pool, self.variant) = (pool, variant)
  }

  /// Elements worth a task of their own; a multiple of every vector.
  private static let unit = 16_384

  /// `gradient` where `x` lies between the two limits, else 0.
  package func clamp(
    _ gradient: Span<Float>, _ x: Span<Float>, _ minimum: Float, _ maximum: Float,
    into result: inout MutableSpan<Float>
  ) {
    unsafe multiply(KERNELS_SLOPE_CLAMP, gradient, x, minimum, maximum, &result)
  }

  /// The gradient times the slope of `silu(x)`.
  package func silu(_ gradient: Span<Float>, _ x: Span<Float>, into result: inout MutableSpan<Float>) {
    KernelActivation.sigmoid.apply(x, into: &result, pool: pool, variant: variant)
    unsafe multiply(KERNELS_SLOPE_SILU, gradient, x, 0, 0, &result)
  }

  /// The gradient times the slope of a sigmoid that gave `y`.
  package func sigmoid(
    _ gradient: Span<Float>, ofResult y: Span<Float>, into result: inout MutableSpan<Float>
  ) {
    unsafe multiply(KERNELS_SLOPE_SIGMOID, gradient, y, 0, 0, &result)
  }

  @unsafe private func multiply(
    _ slope: kernels_slope, _ gradient: Span<Float>, _ x: Span<Float>, _ minimum: Float, _ maximum: Float,
    _ result: inout MutableSpan<Float>
  ) {
    precondition(gradient.count == x.count && x.count == result.count)
    let (count, table) = unsafe (x.count, variant.gradients)
    unsafe gradient.withUnsafeBufferPointer { slopes in
      unsafe x.withUnsafeBufferPointer { x in
        unsafe result.withUnsafeMutableBufferPointer { target in
          let work = unsafe kernels_slopes(
            slope: slope, minimum: minimum, maximum: maximum, gradient: slopes.baseAddress, x: x.baseAddress,
            output: target.baseAddress)
          pool.forEachBlock(count, unit: Self.unit) { range in
            unsafe withUnsafePointer(to: work) {
              unsafe table.slopes($0, range.lowerBound, range.upperBound)
            }
          }
        }
      }
    }
  }

  /// `result = x pairing y`, element by element.
  package func combine(
    _ pairing: Pairing, _ x: Span<Float>, _ y: Span<Float>, into result: inout MutableSpan<Float>
  ) {
    precondition(x.count == y.count && x.count == result.count)
    unsafe x.withUnsafeBufferPointer { x in
      unsafe y.withUnsafeBufferPointer { y in
        unsafe result.withUnsafeMutableBufferPointer { target in
          guard let from = x.baseAddress, let with = y.baseAddress, let to = target.baseAddress else {
            return
          }
          unsafe run(pairing, from, with, to, count: x.count)
        }
      }
    }
  }

  /// Adds `y` to what is there.
  package func add(_ y: Span<Float>, to sums: inout MutableSpan<Float>) {
    precondition(y.count == sums.count)
    unsafe y.withUnsafeBufferPointer { y in
      unsafe sums.withUnsafeMutableBufferPointer { target in
        guard let with = y.baseAddress, let to = target.baseAddress else { return }
        unsafe run(.add, UnsafePointer(to), with, to, count: y.count)
      }
    }
  }

  /// What becomes of two elements.
  package enum Pairing: Sendable {
    case add, subtract, multiply, maximum, minimum

    fileprivate var kernel: kernels_pairing {
      switch self {
      case .add: KERNELS_ADD
      case .subtract: KERNELS_SUBTRACT
      case .multiply: KERNELS_MULTIPLY
      case .maximum: KERNELS_MAXIMUM
      case .minimum: KERNELS_MINIMUM
      }
    }
  }

  @unsafe private func run(
    _ pairing: Pairing, _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>,
    _ result: UnsafeMutablePointer<Float>, count: Int
  ) {
    let (x, y, result) = unsafe (SharedFloats(x), SharedFloats(y), SharedFloats(result))
    let (table, kernel) = unsafe (variant.table, pairing.kernel)
    pool.forEachBlock(count, unit: Self.unit) { range in
      var work = unsafe kernels_combination()
      unsafe work.pairing = kernel
      unsafe work.x = UnsafePointer(x.base + range.lowerBound)
      unsafe work.y = UnsafePointer(y.base + range.lowerBound)
      unsafe work.output = result.base + range.lowerBound
      unsafe (work.x_stride, work.y_stride, work.output_stride) = (range.count, range.count, range.count)
      unsafe work.channels = range.count
      unsafe work.divisor = 1
      unsafe withUnsafePointer(to: work) { unsafe table.combine($0, 0, 1) }
    }
  }
}
