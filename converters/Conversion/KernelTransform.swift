import Catalog
import Tensors

/// How a kernel gets from the file's order into ours: (height, width, in, out), not rotated.
struct KernelTransform: Hashable, Sendable {
  /// The tensor's shape in the file; that of a dense kernel which is transposed with rows and columns besides, `[out, in, 1, 1]`.
  private let shape: TensorShape
  private let transposes: Bool
  private let rotates: Bool

  init(_ shape: TensorShape, axes: AxisOrder, kernels: KernelOrder) {
    let isDense = axes == .pytorch && shape.rank == 2
    self.shape = isDense ? TensorShape([shape[0], shape[1], 1, 1]) : shape
    let isKernel = shape.rank == 4
    transposes = isDense || isKernel && axes != .hwio
    let plane = transposes ? self.shape.dimensions.suffix(2) : shape.dimensions.prefix(2)
    rotates = isKernel && kernels == .theano && plane.contains { $0 > 1 }
  }

  /// (a, b, c, 1) to (c, 1, b, a).
  init(transposing shape: TensorShape) {
    self.shape = shape
    (transposes, rotates) = (true, false)
  }

  init(of pair: Alignment.Pair, axes: AxisOrder, kernels: KernelOrder) {
    if let features = pair.flattened {
      self.init(flattened: pair.tensor.shape, features: features)
    } else {
      self.init(pair.tensor.shape, axes: axes, kernels: kernels)
    }
  }

  /// How the kernel of a dense layer, `[out, in]`, that reads flattened features gets from PyTorch's order, channel by channel, into
  /// ours, pixel by pixel.
  ///
  /// - Parameter features: the features, `[H, W, C]`.
  private init(flattened shape: TensorShape, features: TensorShape) {
    self.shape = TensorShape([shape[0], features[2], features[0], features[1]])
    (transposes, rotates) = (true, false)
  }

  /// Whether the bytes stay as they are.
  var isIdentity: Bool { !transposes && !rotates }

  /// Writes the kernel in our order; both buffers hold all its bytes.
  func apply<Bits: BitwiseCopyable>(_: Bits.Type, from source: RawSpan, to target: inout MutableRawSpan) {
    unsafe source.withUnsafeBytes { source in
      unsafe target.withUnsafeMutableBytes { target in
        unsafe apply(source.bindMemory(to: Bits.self), target.bindMemory(to: Bits.self))
      }
    }
  }

  private func apply<Bits>(_ source: UnsafeBufferPointer<Bits>, _ target: UnsafeMutableBufferPointer<Bits>) {
    guard source.count == shape.elementCount, target.count == source.count, !source.isEmpty else { return }
    if transposes {
      unsafe transpose(source, target)
    } else {
      unsafe rotate(source, target)
    }
  }

  /// The planes of (height, width), backwards.
  private func rotate<Bits>(_ source: UnsafeBufferPointer<Bits>, _ target: UnsafeMutableBufferPointer<Bits>) {
    let positions = shape[0] * shape[1]
    let channels = shape[2] * shape[3]
    for position in 0..<positions {
      let from = (positions - 1 - position) * channels
      let row = unsafe UnsafeBufferPointer(rebasing: source[from..<from + channels])
      _ = unsafe UnsafeMutableBufferPointer(rebasing: target[position * channels..<(position + 1) * channels])
        .update(fromContentsOf: row)
    }
  }

  /// (out, in, height, width) to (height, width, in, out), in blocks that stay in the cache.
  private func transpose<Bits>(
    _ source: UnsafeBufferPointer<Bits>, _ target: UnsafeMutableBufferPointer<Bits>
  ) {
    let (outs, ins, positions) = (shape[0], shape[1], shape[2] * shape[3])
    let block = 16
    for firstIn in stride(from: 0, to: ins, by: block) {
      for firstOut in stride(from: 0, to: outs, by: block) {
        for input in firstIn..<min(firstIn + block, ins) {
          for output in firstOut..<min(firstOut + block, outs) {
            let from = (output * ins + input) * positions
            for position in 0..<positions {
              let place = rotates ? positions - 1 - position : position
              unsafe target[(place * ins + input) * outs + output] = source[from + position]
            }
          }
        }
      }
    }
  }
}
