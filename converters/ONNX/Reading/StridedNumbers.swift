import Tensors

/// A tensor's numbers as a layer has them: of other extents than in the file, and in another order.
struct StridedNumbers: Sendable {
  var tensor: ONNXTensor
  var extents: [Int]
  /// How far apart in the file neighbours along each axis are.
  var strides: [Int]
  /// What every number is multiplied by.
  var factor = 1.0

  /// As the file has them.
  init(_ tensor: ONNXTensor) {
    (self.tensor, extents, strides) = (tensor, tensor.dimensions, Self.strides(of: tensor.dimensions))
  }

  var count: Int { extents.reduce(1, *) }

  /// Whether they stand in the file in this order.
  var isInOrder: Bool {
    let plain = Self.strides(of: extents)
    return factor == 1 && extents.indices.allSatisfy { extents[$0] == 1 || strides[$0] == plain[$0] }
  }

  /// The same with axes in another order.
  func permuted(_ axes: [Int]) -> StridedNumbers {
    var copy = self
    (copy.extents, copy.strides) = (axes.map { extents[$0] }, axes.map { strides[$0] })
    return copy
  }

  /// The same numbers with an axis taken apart into several, whose product it is.
  func splitting(_ axis: Int, into parts: [Int]) -> StridedNumbers {
    var copy = self
    let steps = Self.strides(of: parts).map { $0 * strides[axis] }
    copy.extents.replaceSubrange(axis...axis, with: parts)
    copy.strides.replaceSubrange(axis...axis, with: steps)
    return copy
  }

  /// The same numbers seen as other extents; nil where they are not in order or not as many.
  func reshaped(_ extents: [Int]) -> StridedNumbers? {
    guard isInOrder, extents.allSatisfy({ $0 > 0 }),
      TensorShape(validating: extents)?.elementCount == count
    else { return nil }
    var copy = self
    (copy.extents, copy.strides) = (extents, Self.strides(of: extents))
    return copy
  }

  /// The same multiplied by a number.
  func scaled(by factor: Double) -> StridedNumbers {
    var copy = self
    copy.factor *= factor
    return copy
  }

  static func strides(of extents: [Int]) -> [Int] {
    var strides = [Int](repeating: 1, count: extents.count)
    for axis in extents.indices.dropLast().reversed() {
      // Of a tensor without numbers nothing is read.
      strides[axis] = strides[axis + 1].multipliedReportingOverflow(by: extents[axis + 1]).partialValue
    }
    return strides
  }
}

extension StridedNumbers {
  /// Neighbours along two axes that are copied together, so that both stay near.
  private static let tile = 32

  /// Writes the numbers of `source`, which has all of the file's, in order.
  func copy(_ source: [UInt8], size: Int, into target: inout MutableRawSpan) {
    guard extents.count <= 4, target.byteCount == count * size, source.count >= target.byteCount else {
      return
    }
    let counts = [Int](repeating: 1, count: 4 - extents.count) + extents
    let steps = [Int](repeating: 0, count: 4 - extents.count) + strides
    switch size {
    case 8: copy(UInt64.self, source, counts, steps, &target)
    case 4: copy(UInt32.self, source, counts, steps, &target)
    case 2: copy(UInt16.self, source, counts, steps, &target)
    default: copy(UInt8.self, source, counts, steps, &target)
    }
  }

  /// The axis along which numbers of the file are neighbours, and the last, in tiles; all others one after the other.
  private func copy<Bits: FixedWidthInteger & BitwiseCopyable>(
    _: Bits.Type, _ source: [UInt8], _ counts: [Int], _ steps: [Int], _ target: inout MutableRawSpan
  ) {
    let plain = Self.strides(of: counts)
    let near = (0..<3).filter { counts[$0] > 1 }.min { steps[$0] < steps[$1] } ?? 2
    let others = (0..<3).filter { $0 != near }
    let bytes = source.span
    for first in 0..<counts[others[0]] {
      for second in 0..<counts[others[1]] {
        let from = first * steps[others[0]] + second * steps[others[1]]
        let to = first * plain[others[0]] + second * plain[others[1]]
        for rows in stride(from: 0, to: counts[near], by: Self.tile) {
          for columns in stride(from: 0, to: counts[3], by: Self.tile) {
            for row in rows..<min(rows + Self.tile, counts[near]) {
              for column in columns..<min(columns + Self.tile, counts[3]) {
                let place = (from + row * steps[near] + column * steps[3]) * MemoryLayout<Bits>.size
                target.storeBytes(
                  of: Bits(bytes, at: place).littleEndian,
                  toByteOffset: (to + row * plain[near] + column) * MemoryLayout<Bits>.size, as: Bits.self)
              }
            }
          }
        }
      }
    }
  }
}

extension FixedWidthInteger {
  /// The number whose lowest byte is at a place.
  @inline(__always)
  fileprivate init(_ bytes: Span<UInt8>, at place: Int) {
    var value: Self = 0
    for byte in 0..<MemoryLayout<Self>.size {
      value |= Self(truncatingIfNeeded: bytes[place + byte]) << (8 * byte)
    }
    self = value
  }
}
