import Catalog
import HDF5
import TensorArchive
import Tensors

/// Carries tensors from the file to the archive, one at a time, through two buffers that are used again.
struct TensorStream {
  private let file: KerasFile
  private let recognition: Recognition
  private let source = ReusedBuffer()
  private let target = ReusedBuffer()

  init(_ file: KerasFile, _ recognition: Recognition) {
    self.file = file
    self.recognition = recognition
  }

  func append(_ pair: Alignment.Pair, to writer: inout ArchiveWriter) throws {
    let dataset = try file.file.root.dataset(pair.tensor.path)
    guard dataset.shape == pair.tensor.shape, dataset.scalarType == pair.tensor.scalarType else {
      throw KerasWeightsError.damaged(place: file.path, reason: "the file changes while it is read")
    }
    let transform = KernelTransform(
      pair.tensor.shape, axes: recognition.axisOrder, kernels: recognition.kernels)
    try source.withBytes(count: dataset.byteCount) { bytes in
      try dataset.read(into: &bytes)
      guard !transform.isIdentity else {
        return try writer.append(bytes.bytes, of: pair.parameter.name, from: dataset.scalarType)
      }
      try target.withBytes(count: dataset.byteCount) { ordered in
        switch dataset.scalarType.byteCount {
        case 8: transform.apply(UInt64.self, from: bytes.bytes, to: &ordered)
        case 4: transform.apply(UInt32.self, from: bytes.bytes, to: &ordered)
        case 2: transform.apply(UInt16.self, from: bytes.bytes, to: &ordered)
        default: transform.apply(UInt8.self, from: bytes.bytes, to: &ordered)
        }
        try writer.append(ordered.bytes, of: pair.parameter.name, from: dataset.scalarType)
      }
    }
  }
}

/// Memory that grows to the largest request and is kept.
@safe final class ReusedBuffer {
  private var buffer = unsafe UnsafeMutableRawBufferPointer(start: nil, count: 0)

  deinit { unsafe buffer.deallocate() }

  /// Lends `count` bytes, which hold whatever was last written.
  func withBytes(count: Int, _ body: (inout MutableRawSpan) throws -> Void) rethrows {
    if unsafe buffer.count < count {
      unsafe buffer.deallocate()
      unsafe buffer = .allocate(byteCount: count, alignment: 64)
    }
    var span = unsafe MutableRawSpan(_unsafeBytes: UnsafeMutableRawBufferPointer(rebasing: buffer[..<count]))
    try body(&span)
  }
}
