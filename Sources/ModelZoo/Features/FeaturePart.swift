import Files
import TensorArchive
import Tensors
import Training

/// Rows of features that lie one after the other in a file.
struct FeaturePart: Sendable {
  /// Which rows of the whole they are.
  private(set) var rows: Range<Int>
  private let file: FileBytes
  /// Where the first begins in the file.
  private let start: Int
  private let scalarType: ScalarType
  /// Numbers of a row.
  private let width: Int

  /// - Parameters:
  ///   - shape: `[N, ...]`
  ///   - start: the place of the first number in the file.
  init(_ file: FileBytes, shape: TensorShape, _ scalarType: ScalarType, at start: Int) {
    rows = 0..<shape[0]
    width = shape.elementCount / max(1, shape[0])
    (self.file, self.start, self.scalarType) = (file, start, scalarType)
  }

  /// The same rows behind so many others.
  func behind(_ count: Int) -> FeaturePart {
    var part = self
    part.rows = count + rows.lowerBound..<count + rows.upperBound
    return part
  }

  /// Puts the rows at `wanted`, which are among ``rows``, into `target`, from `place` on.
  func read(_ wanted: Range<Int>, into target: inout MutableSpan<Float>, at place: Int) throws(FileError) {
    let size = scalarType.byteCount * width
    let first = start + (wanted.lowerBound - rows.lowerBound) * size
    let count = wanted.count * width
    guard scalarType != .float32 else {
      try target.withMutableBytes(of: place..<place + count) { bytes throws(FileError) in
        try file.read(at: first, into: &bytes)
      }
      try file.requireUnchanged()
      return target.convert(fromLittleEndian: place..<place + count)
    }
    let bytes = try bytes(first..<first + wanted.count * size)
    var converted = [UInt8](repeating: 0, count: 4 * count)
    _ = ScalarConversion(from: scalarType, to: .float32).map { conversion in
      bytes.withRawSpan { elements in
        converted.withMutableRawSpan { conversion.apply(elements, to: &$0) }
      }
    }
    converted.withRawSpan { target.copy(littleEndian: $0, to: place) }
  }

  private func bytes(_ range: Range<Int>) throws(FileError) -> [UInt8] {
    let bytes = try file.bytes(at: range.lowerBound, count: range.count)
    try file.requireUnchanged()
    return bytes
  }
}
