import Files
import Tensors

/// Puts the elements of a tensor that lie with gaps or in another order, as those of `channels_last` do, into row-major order.
struct StridedCopy {
  private let extents: [Int]
  /// In bytes.
  private let strides: [Int]
  private let size: Int

  init(_ tensor: TorchTensor) {
    size = tensor.scalarType.byteCount
    extents = tensor.shape.dimensions
    strides = tensor.strides.map { $0 * tensor.scalarType.byteCount }
  }

  /// - Parameters:
  ///   - source: the bytes from the first element to the last.
  ///   - target: all elements' bytes.
  func run(from source: [UInt8], into target: inout MutableRawSpan) {
    let count = extents.reduce(1, *)
    var place = [Int](repeating: 0, count: extents.count)
    var offset = 0
    for element in 0..<count {
      target.write(source[offset..<offset + size], at: element * size)
      for axis in extents.indices.reversed() {
        place[axis] += 1
        offset += strides[axis]
        if place[axis] < extents[axis] { break }
        offset -= place[axis] * strides[axis]
        place[axis] = 0
      }
    }
  }
}
