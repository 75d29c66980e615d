import Catalog
import TensorArchive
import Tensors

/// Carries tensors from the file, one at a time, through two buffers that are used again.
struct TensorStream {
  private let weights: any WeightSource
  private let source = ReusedBuffer()
  private let target = ReusedBuffer()

  init(_ weights: any WeightSource) { self.weights = weights }

  /// Writes a parameter's tensor to the archive in our order.
  ///
  /// - Returns: what values the tensor has, as the source has them.
  func append(
    _ pair: Alignment.Pair, _ transform: KernelTransform, to writer: inout ArchiveWriter
  ) throws -> ValueCounts {
    try withBytes(of: pair.tensor, transform) { bytes in
      let values = ValueCounts(
        bytes, pair.tensor.scalarType, mayBeNegative: TensorFinding.mayBeNegative(pair.parameter.name))
      try writer.append(bytes, of: pair.parameter.name, from: pair.tensor.scalarType)
      return values
    }
  }

  /// Lends a tensor's elements, brought into our order by `transform`; nil for the file's own.
  func withBytes<Result>(
    of tensor: SourceTensor, _ transform: KernelTransform?, _ body: (RawSpan) throws -> Result
  ) throws -> Result {
    try source.withBytes(count: tensor.byteCount) { bytes in
      try weights.read(tensor, into: &bytes)
      guard let transform, !transform.isIdentity else { return try body(bytes.bytes) }
      return try target.withBytes(count: tensor.byteCount) { ordered in
        switch tensor.scalarType.byteCount {
        case 8: transform.apply(UInt64.self, from: bytes.bytes, to: &ordered)
        case 4: transform.apply(UInt32.self, from: bytes.bytes, to: &ordered)
        case 2: transform.apply(UInt16.self, from: bytes.bytes, to: &ordered)
        default: transform.apply(UInt8.self, from: bytes.bytes, to: &ordered)
        }
        return try body(ordered.bytes)
      }
    }
  }
}

extension Recognition {
  /// How a pair's tensor gets into our order.
  func transform(of pair: Alignment.Pair) -> KernelTransform {
    KernelTransform(of: pair, axes: alignment.axisOrder, kernels: kernels)
  }
}

/// Memory that grows to the largest request and is kept.
@safe final class ReusedBuffer {
  private var buffer = unsafe UnsafeMutableRawBufferPointer(start: nil, count: 0)

  deinit { unsafe buffer.deallocate() }

  /// Lends `count` bytes, which hold whatever was last written.
  func withBytes<Result>(count: Int, _ body: (inout MutableRawSpan) throws -> Result) rethrows -> Result {
    if unsafe buffer.count < count {
      unsafe buffer.deallocate()
      unsafe buffer = .allocate(byteCount: count, alignment: 64)
    }
    var span = unsafe MutableRawSpan(_unsafeBytes: UnsafeMutableRawBufferPointer(rebasing: buffer[..<count]))
    return try body(&span)
  }
}
