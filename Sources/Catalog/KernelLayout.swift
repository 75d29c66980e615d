/// The order of a kernel's axes in a weight file.
public enum AxisOrder: String, Hashable, Sendable, Codable, CaseIterable {
  /// Height, width, in, out: an archive's.
  case hwio = "HWIO"
  /// Out, in, height, width: Keras 1 with `th` dimension ordering.
  case oihw = "OIHW"
  /// Out, in, height, width, and out, in of dense layers: PyTorch.
  case pytorch = "PyTorch"

  /// Where a kernel's axes stand, in words.
  public var explanation: String {
    switch self {
    case .hwio: "kernels are (height, width, in, out)"
    case .oihw: "kernels are (out, in, height, width): Theano's order of axes"
    case .pytorch: "kernels are (out, in, height, width) and dense ones (out, in): PyTorch's order of axes"
    }
  }
}

/// Whether a weight file's kernels are applied as they are, or rotated by 180° in the plane first.
public enum KernelOrder: String, Hashable, Sendable, Codable, CaseIterable {
  /// Cross-correlation, as TensorFlow computes it: an archive's.
  case tensorflow
  /// Convolution, as Theano computes it: every kernel is rotated by 180°.
  case theano
}
