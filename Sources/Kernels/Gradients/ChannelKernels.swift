import CKernels

/// Work over pixels with numbers of their own for every channel: sums, and what normalisations make of them.
package struct ChannelKernels: Sendable {
  private let channels: Int
  private let pool: ThreadPool
  private let variant: KernelVariant

  package init(channels: Int, pool: ThreadPool, variant: KernelVariant = .preferred) {
    (self.channels, self.pool, self.variant) = (channels, pool, variant)
  }

  /// The sums of `x - mean` and of its square; an empty mean is zero.
  package func moments(_ x: Span<Float>, around mean: [Float] = []) -> (sums: [Double], squares: [Double]) {
    unsafe x.withUnsafeBufferPointer { unsafe sums(nil, $0.baseAddress, mean, pixels: x.count / channels) }
  }

  /// The sums of a gradient, and of the gradient times `x - mean`.
  package func sums(
    _ gradient: Span<Float>, _ x: Span<Float>, around mean: [Float]
  ) -> (sums: [Double], products: [Double]) {
    precondition(gradient.count == x.count, "ChannelKernels: \(gradient.count) slopes for \(x.count) numbers")
    let result = unsafe gradient.withUnsafeBufferPointer { gradient in
      unsafe x.withUnsafeBufferPointer {
        unsafe sums(gradient.baseAddress, $0.baseAddress, mean, pixels: x.count / channels)
      }
    }
    return (result.sums, result.squares)
  }

  /// The sums of a gradient.
  package func sums(_ gradient: Span<Float>) -> [Double] {
    unsafe gradient.withUnsafeBufferPointer {
      unsafe sums($0.baseAddress, nil, [], pixels: gradient.count / channels).sums
    }
  }

  /// Channels whose sums are one task: several vectors, where that leaves tasks enough.
  private var channelsTogether: Int {
    channels >= 8 * variant.lanes * pool.threadCount ? 4 * variant.lanes : variant.lanes
  }

  @unsafe private func sums(
    _ gradient: UnsafePointer<Float>?, _ x: UnsafePointer<Float>?, _ mean: [Float], pixels: Int
  ) -> (sums: [Double], squares: [Double]) {
    precondition(mean.isEmpty || mean.count == channels)
    var sums = [Double](repeating: 0, count: channels)
    var squares = sums
    unsafe mean.withUnsafeBufferPointer { mean in
      unsafe sums.withUnsafeMutableBufferPointer { sums in
        unsafe squares.withUnsafeMutableBufferPointer { squares in
          let work = unsafe kernels_channel_sums(
            gradient: gradient, x: x, mean: mean.isEmpty ? nil : mean.baseAddress, pixels: pixels,
            channels: channels, sums: sums.baseAddress, products: squares.baseAddress)
          let table = unsafe variant.gradients
          pool.forEachBlock(channels, unit: channelsTogether) { range in
            unsafe withUnsafePointer(to: work) {
              unsafe table.channel_sums($0, range.lowerBound, range.upperBound)
            }
          }
        }
      }
    }
    return (sums, squares)
  }

  /// `x * scale + shift`.
  package func affine(
    _ x: Span<Float>, scale: [Float], shift: [Float], into output: inout MutableSpan<Float>
  ) {
    precondition(x.count == output.count && scale.count == channels && shift.count == channels)
    let (channels, table) = unsafe (channels, variant.table)
    unsafe x.withUnsafeBufferPointer { source in
      unsafe output.withUnsafeMutableBufferPointer { target in
        guard let from = source.baseAddress, let to = target.baseAddress else { return }
        let (input, result) = unsafe (SharedFloats(from), SharedFloats(to))
        pool.forEachRange(x.count / channels, unit: max(1, 16_384 / channels)) { range, _ in
          let start = range.lowerBound * channels
          unsafe scale.withUnsafeBufferPointer { scale in
            unsafe shift.withUnsafeBufferPointer { shift in
              unsafe table.affine(
                input.base + start, channels, scale.baseAddress, shift.baseAddress,
                KernelActivation.linear.description, result.base + start, channels, range.count, channels)
            }
          }
        }
      }
    }
  }

  /// `scale (gradient - offset - (x - mean) slope)`.
  package func normalizationGradient(
    _ gradient: Span<Float>, _ x: Span<Float>, _ terms: NormalizationTerms,
    into result: inout MutableSpan<Float>
  ) {
    precondition(gradient.count == x.count && x.count == result.count)
    let (channels, table) = unsafe (channels, variant.gradients)
    let terms = ByteBuffer(terms.scale + terms.offset + terms.mean + terms.slope)
    unsafe gradient.withUnsafeBufferPointer { slopes in
      unsafe x.withUnsafeBufferPointer { x in
        unsafe result.withUnsafeMutableBufferPointer { target in
          let numbers = unsafe terms.floats(count: 4 * channels)
          let work = unsafe kernels_normalization_gradient(
            gradient: slopes.baseAddress, x: x.baseAddress, scale: numbers, offset: numbers + channels,
            mean: numbers + 2 * channels, slope: numbers + 3 * channels, output: target.baseAddress,
            channels: channels)
          pool.forEachRange(x.count / channels, unit: max(1, 16_384 / channels)) { range, _ in
            unsafe withUnsafePointer(to: work) {
              unsafe table.normalization($0, range.lowerBound, range.upperBound)
            }
          }
        }
      }
    }
    withExtendedLifetime(terms) {}
  }
}

/// What ``ChannelKernels/normalizationGradient(_:_:_:into:)`` computes with: one number a channel each.
package struct NormalizationTerms: Sendable {
  package var scale: [Float]
  package var offset: [Float]
  package var mean: [Float]
  package var slope: [Float]

  package init(scale: [Float], offset: [Float], mean: [Float], slope: [Float]) {
    (self.scale, self.offset, self.mean, self.slope) = (scale, offset, mean, slope)
  }
}
