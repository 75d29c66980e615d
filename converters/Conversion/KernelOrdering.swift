package import Catalog
package import Tensors

/// How a kernel gets from our order, (height, width, in, out), into PyTorch's: (out, in, height, width).
package struct KernelOrdering: Sendable {
  private let transform: KernelTransform

  /// Nil for what lies alike in both.
  ///
  /// - Parameter flattened: the features `[H, W, C]` that a dense kernel reads flattened: pixel by pixel with us, channel by channel in
  ///   PyTorch.
  package init?(of parameter: Parameter, flattened: TensorShape? = nil) {
    let shape = parameter.shape
    // What (out, in, positions) to (positions, in, out) is, the same is with the first and the last exchanged.
    let extents: [Int]
    switch shape.rank {
    case 4 where parameter.role == "depthwise_kernel":
      extents = [shape[0] * shape[1], 1, shape[2] * shape[3]]
    case 4: extents = [shape[0] * shape[1], shape[2], shape[3]]
    case 2: extents = flattened.map { [$0[0] * $0[1], $0[2], shape[1]] } ?? [1, shape[0], shape[1]]
    default: return nil
    }
    transform = KernelTransform(transposing: TensorShape(extents + [1]))
  }

  /// Puts elements of `elementSize` bytes each into PyTorch's order; both buffers have all of them.
  package func run(_ source: RawSpan, elementSize: Int, into target: inout MutableRawSpan) {
    switch elementSize {
    case 8: transform.apply(UInt64.self, from: source, to: &target)
    case 4: transform.apply(UInt32.self, from: source, to: &target)
    case 2: transform.apply(UInt16.self, from: source, to: &target)
    default: transform.apply(UInt8.self, from: source, to: &target)
    }
  }
}
