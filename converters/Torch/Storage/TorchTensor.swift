import Tensors

/// Numbers that tensors lie in, and where the file has them.
struct TorchStorage: Hashable, Sendable {
  /// What the file calls it: `0`.
  let key: String
  /// The type of its elements; nil where each tensor says its own.
  let scalarType: ScalarType?
  /// How many elements it has; bytes where it has no type.
  let count: Int

  /// Its size; nil where that is more than any number of bytes.
  var byteCount: Int? {
    let (bytes, overflow) = count.multipliedReportingOverflow(by: scalarType?.byteCount ?? 1)
    return overflow || count < 0 ? nil : bytes
  }
}

/// A tensor as a file of PyTorch describes it: a view of a storage.
struct TorchTensor: Hashable, Sendable {
  let storage: TorchStorage
  let scalarType: ScalarType
  let shape: TensorShape
  /// From one element to the next along each axis, in elements.
  let strides: [Int]
  /// Where its first element is, in elements.
  let offset: Int

  /// Whether its elements lie one behind the other in row-major order.
  var isContiguous: Bool {
    var expected = 1
    for axis in shape.dimensions.indices.reversed() {
      if shape[axis] != 1, strides[axis] != expected { return false }
      expected *= shape[axis]
    }
    return true
  }

  /// Where its bytes lie in the storage, the gaps between its elements among them.
  var byteRange: Range<Int> {
    let size = scalarType.byteCount
    guard shape.elementCount > 0 else { return offset * size..<offset * size }
    return offset * size..<(lastElement + 1) * size
  }

  private var lastElement: Int {
    zip(shape.dimensions, strides).reduce(offset) { $0 + ($1.0 - 1) * $1.1 }
  }
}

extension TorchTensor {
  /// Makes a tensor, or says why there is none: every element must lie in the storage, and there are no more of them than it has.
  static func checked(
    _ storage: TorchStorage, type: ScalarType, offset: Int, extents: [Int], strides: [Int]
  ) -> Result<TorchTensor, Problem> {
    guard let shape = TensorShape(validating: extents), extents.count == strides.count, extents.count <= 16
    else {
      return .failure(
        Problem("it has the extents \(extents.prefix(20)) and the strides \(strides.prefix(20))"))
    }
    guard let bytes = storage.byteCount, offset >= 0, strides.allSatisfy({ $0 >= 0 }) else {
      return .failure(Problem("it has the offset \(offset) and the strides \(strides)"))
    }
    let room = bytes / type.byteCount
    var last = offset
    for (extent, stride) in zip(extents, strides) where shape.elementCount > 0 {
      let (step, overflow) = (extent - 1).multipliedReportingOverflow(by: stride)
      let (sum, more) = last.addingReportingOverflow(step)
      if overflow || more { return .failure(Problem("its strides \(strides) lead out of any storage")) }
      last = sum
    }
    guard shape.elementCount == 0 ? offset <= room : last < room, shape.elementCount <= room else {
      let repeats = zip(extents, strides).contains { $0 > 1 && $1 == 0 }
      if repeats, last < room {
        return .failure(Problem("\(shape) with the strides \(strides)", repeats: true))
      }
      return .failure(
        Problem(
          "\(shape) from element \(offset) on, with the strides \(strides), does not lie in a storage of \(room) elements"
        ))
    }
    return .success(
      TorchTensor(storage: storage, scalarType: type, shape: shape, strides: strides, offset: offset))
  }

  /// Why a tensor cannot be one.
  struct Problem: Error {
    let text: String
    /// Whether its elements are there, and stand for several each.
    let repeats: Bool

    init(_ text: String, repeats: Bool = false) { (self.text, self.repeats) = (text, repeats) }
  }
}
