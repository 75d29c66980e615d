import Catalog
import TensorArchive
import Tensors

/// Carries tensors from the file to the archive, one at a time, through two buffers that are used again.
struct TensorStream {
  private let weights: any WeightSource
  private let recognition: Recognition
  private let source = ReusedBuffer()
  private let target = ReusedBuffer()

  init(_ weights: any WeightSource, _ recognition: Recognition) {
    self.weights = weights
    self.recognition = recognition
  }

  /// - Returns: what values the tensor has, as the source has them.
  func append(_ pair: Alignment.Pair, to writer: inout ArchiveWriter) throws -> ValueCounts {
    let tensor = pair.tensor
    let transform = KernelTransform(of: pair, axes: recognition.axisOrder, kernels: recognition.kernels)
    return try source.withBytes(count: tensor.byteCount) { bytes in
      try weights.read(tensor, into: &bytes)
      let values = ValueCounts(
        bytes.bytes, tensor.scalarType, mayBeNegative: TensorFinding.mayBeNegative(pair.parameter.name))
      guard !transform.isIdentity else {
        try writer.append(bytes.bytes, of: pair.parameter.name, from: tensor.scalarType)
        return values
      }
      try target.withBytes(count: tensor.byteCount) { ordered in
        switch tensor.scalarType.byteCount {
        case 8: transform.apply(UInt64.self, from: bytes.bytes, to: &ordered)
        case 4: transform.apply(UInt32.self, from: bytes.bytes, to: &ordered)
        case 2: transform.apply(UInt16.self, from: bytes.bytes, to: &ordered)
        default: transform.apply(UInt8.self, from: bytes.bytes, to: &ordered)
        }
        try writer.append(ordered.bytes, of: pair.parameter.name, from: tensor.scalarType)
      }
      return values
    }
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
