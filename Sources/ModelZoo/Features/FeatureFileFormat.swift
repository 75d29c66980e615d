import Files
import Foundation
import TensorArchive
package import Tensors

/// One of the tensors of a feature file.
package struct FeatureColumn: Hashable, Sendable {
  /// What it is called; ``features`` where there is one, the layer's name where there are several.
  package let name: String
  /// The shape of one row, without the batch axis.
  package let shape: TensorShape

  package init(name: String = FeatureColumn.features, shape: TensorShape) {
    (self.name, self.shape) = (name, shape)
  }

  /// The name of the only tensor.
  package static let features = "features"
  /// What no layer's tensor may be called.
  package static let labels = "labels"
  /// What no layer's tensor may be called either: the images without a row, `[K, 2]`, of each its place in the listing and its class
  /// or -1.
  package static let missing = "skipped"
  /// Names with a meaning of their own.
  static let reserved: Set = [labels, missing]
}

/// Hands rows of features to `append` one after the other, for each column its part, and says afterwards what they were.
package typealias FeatureRowSource = (_ append: ([[Float]]) throws -> Void) throws -> FeatureRows

/// A kind of file that takes rows of features as they come, in constant memory.
package protocol FeatureFileFormat: Sendable {
  /// Writes the rows of `source` to `path`; nothing is left behind on an error.
  ///
  /// - Parameters:
  ///   - columns: the tensors, one or more, each with a name of its own.
  ///   - candidates: all rows that may come; the source may leave some out.
  ///   - origin: what computes them; nil where that is not known.
  ///   - missing: which were left out, once all have come.
  /// - Throws: ``FeatureFileError``, `FileError`, and what the source throws.
  func write(
    to path: String, columns: [FeatureColumn], candidates: FeatureRows, origin: FeatureOrigin?,
    missing: () -> [MissingImage], from source: FeatureRowSource
  ) throws

  /// Refuses columns that such a file cannot hold.
  func check(_ columns: [FeatureColumn], path: String) throws(FeatureFileError)

  /// Opens what ``write(to:columns:candidates:origin:missing:from:)`` wrote, or another program in the same format.
  ///
  /// - Parameter layer: the tensor to read; nil for the only one.
  func open(_ path: String, layer: String?) throws -> FeatureSet
}

extension FeatureFileFormat {
  /// Writes rows that nobody knows the origin of.
  package func write(
    to path: String, columns: [FeatureColumn], candidates: FeatureRows, from source: FeatureRowSource
  ) throws {
    try write(
      to: path, columns: columns, candidates: candidates, origin: nil, missing: { [] }, from: source)
  }
}

/// The kinds of feature files by their endings.
package enum FeatureFile {
  /// - Throws: ``FeatureFileError/unknownEnding(path:)``.
  package static func format(of path: String) throws(FeatureFileError) -> any FeatureFileFormat {
    if path.hasSuffix(".npy") { return NumPyFeatureFile() }
    if path.hasSuffix(".safetensors") { return SafetensorsFeatureFile() }
    throw .unknownEnding(path: path)
  }

  /// Refuses rows without numbers: of these a file may claim more than there is memory for their names.
  static func checkRows(of shape: TensorShape, path: String) throws(FeatureFileError) {
    guard shape.rank >= 2, !shape.dimensions.dropFirst().contains(0) else {
      throw .malformed(path: path, expected: "rows of one number or more, [N, ...]", found: "\(shape)")
    }
  }
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

extension MutableSpan<Float> {
  /// Takes what is in `range` for little-endian numbers.
  mutating func convert(fromLittleEndian range: Range<Int>) {
    guard UInt32(1).littleEndian != 1 else { return }
    for index in range { self[index] = Float(bitPattern: UInt32(littleEndian: self[index].bitPattern)) }
  }

  /// Puts numbers, little-endian in `bytes`, from `start` on.
  mutating func copy(littleEndian bytes: RawSpan, to start: Int) {
    for index in 0..<bytes.byteCount / 4 {
      let bits = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)
      self[start + index] = Float(bitPattern: UInt32(littleEndian: bits))
    }
  }
}

extension ArraySlice<Float> {
  /// Lends the numbers' bytes, little-endian: where the machine's are, they are not copied.
  func withLittleEndianBytes<Result>(_ body: (RawSpan) throws -> Result) rethrows -> Result {
    guard UInt32(1).littleEndian == 1 else { return try Array(self).withLittleEndianBytes(body) }
    return try body(unsafe span.bytes)
  }
}

extension [Float] {
  /// Lends the numbers' bytes, little-endian: where the machine's are, they are not copied.
  func withLittleEndianBytes<Result, Failure: Error>(
    _ body: (RawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    guard UInt32(1).littleEndian == 1 else {
      return try map { $0.bitPattern.littleEndian }.withSpanOfBytes(body)
    }
    return try body(unsafe span.bytes)
  }
}

extension [Float] {
  /// The numbers' bytes, little-endian.
  var littleEndianData: Data {
    withLittleEndianBytes { bytes in unsafe bytes.withUnsafeBytes { unsafe Data($0) } }
  }
}

extension Array where Element: FixedWidthInteger & BitwiseCopyable {
  /// Lends the elements' bytes.
  fileprivate func withSpanOfBytes<Result, Failure: Error>(
    _ body: (RawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(unsafe span.bytes)
  }
}
