import Tensors

/// How the elements of an array lie in its file.
struct ElementOrder: Sendable {
  /// Whether the last axis runs fastest; in Fortran's order, which `a.T` is saved in, the first does.
  let isRowMajor: Bool
  /// Whether the highest byte of an element comes first.
  let isBigEndian: Bool

  /// Whether nothing has to be moved: row-major order, the lowest byte first.
  var isOurs: Bool { isRowMajor && !isBigEndian }

  /// Copies elements of `width` bytes into our order; both have all bytes of the shape.
  ///
  /// - Complexity: O(bytes).
  func copy(
    _ source: Span<UInt8>, of shape: TensorShape, ofElementsOf width: Int, into target: inout MutableRawSpan
  ) {
    let extents = shape.dimensions
    // How far apart neighbours along each axis are in the target, in elements.
    var steps = Array(repeating: 1, count: extents.count)
    for axis in extents.indices.dropLast().reversed() { steps[axis] = steps[axis + 1] * extents[axis + 1] }
    let axes = isRowMajor ? Array(extents.indices.reversed()) : Array(extents.indices)
    var position = Array(repeating: 0, count: extents.count)
    var place = 0
    for element in 0..<shape.elementCount {
      for byte in 0..<width {
        let from = isBigEndian ? width - 1 - byte : byte
        target.storeBytes(
          of: source[element * width + from], toByteOffset: place * width + byte, as: UInt8.self)
      }
      // On to the next, as the source counts them.
      for axis in axes {
        position[axis] += 1
        place += steps[axis]
        guard position[axis] == extents[axis] else { break }
        place -= extents[axis] * steps[axis]
        position[axis] = 0
      }
    }
  }
}
