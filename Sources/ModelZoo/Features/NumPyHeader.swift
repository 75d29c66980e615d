/// The header of a `.npy` file, version 1.0 (NumPy Enhancement Proposal 1), for `float32` in row-major order.
package enum NumPyHeader {
  /// Every header is this long, so that the row count can be put in once it is known.
  package static let byteCount = 192

  /// The header of an array of `shape`; nil when there are more axes than fit.
  package static func bytes(shape: [Int]) -> [UInt8]? {
    let extents = shape.map { "\($0)," }.joined(separator: " ")
    let text = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(extents)), }"
    let textCount = byteCount - 10
    guard text.utf8.count < textCount else { return nil }
    let padding = String(repeating: " ", count: textCount - text.utf8.count - 1) + "\n"
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(textCount & 0xFF), UInt8(textCount >> 8)]
      + Array((text + padding).utf8)
  }
}
