import Files
import Foundation
import TensorArchive
package import Tensors

/// Hands rows of features to `append` one after the other and says afterwards what they were.
package typealias FeatureRowSource = (_ append: ([Float]) throws -> Void) throws -> FeatureRows

/// A kind of file that takes rows of features as they come, in constant memory.
package protocol FeatureFileFormat: Sendable {
  /// Writes the rows of `source` to `path`; nothing is left behind on an error.
  ///
  /// - Parameters:
  ///   - rowShape: the shape of one row, without the batch axis.
  ///   - candidates: all rows that may come; the source may leave some out.
  func write(to path: String, rowShape: [Int], candidates: FeatureRows, from source: FeatureRowSource) throws

  /// Reads what ``write(to:rowShape:candidates:from:)`` wrote, or another program in the same format.
  func read(_ path: String) throws -> (features: Tensor, rows: FeatureRows)
}

extension FileSink {
  /// Appends numbers as little-endian `float32`.
  func write(floats: [Float]) throws {
    try floats.withLittleEndianBytes { bytes in try write(bytes) }
  }

  /// Appends numbers as little-endian `int64`.
  func write(integers: [Int]) throws {
    try integers.map { Int64($0).littleEndian }.withSpanOfBytes { bytes in try write(bytes) }
  }
}

extension TensorView {
  /// The elements of an `int64` tensor; nil for any other.
  func integers() -> [Int]? {
    guard scalarType == .int64 else { return nil }
    return withBytes { bytes in
      (0..<shape.elementCount).map { index in
        Int(Int64(littleEndian: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: 8 * index, as: Int64.self)))
      }
    }
  }
}

extension [Float] {
  /// Lends the numbers' bytes, little-endian.
  func withLittleEndianBytes<Result>(_ body: (RawSpan) throws -> Result) rethrows -> Result {
    try map(\.bitPattern.littleEndian).withSpanOfBytes(body)
  }
}

extension Array where Element: FixedWidthInteger & BitwiseCopyable {
  /// Lends the elements' bytes.
  fileprivate func withSpanOfBytes<Result>(_ body: (RawSpan) throws -> Result) rethrows -> Result {
    try body(unsafe span.bytes)
  }
}
