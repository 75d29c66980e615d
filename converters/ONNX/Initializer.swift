import Encoding
import Tensors

/// A value of a graph that is the same for every image: a weight, or a number that an operator is told.
package struct Initializer: Sendable {
  /// Where its elements are.
  enum Contents: Sendable {
    case floats([Float])
    case integers([Int])
    /// Those of a network's parameter, whose axes may come in another order.
    case parameter(String, StoredOrder)
  }

  var name: String
  /// As the graph sees it.
  var dimensions: [Int]
  var contents: Contents

  var elementCount: Int { dimensions.reduce(1, *) }

  /// The size of its elements, as they are written.
  package var byteCount: Int {
    switch contents {
    case .floats, .parameter: elementCount * 4
    case .integers: elementCount * 8
    }
  }

  /// ONNX's number for the type of its elements.
  private var elementType: Int {
    switch contents {
    case .floats, .parameter: 1
    case .integers: 7
    }
  }

  /// The fields of the message `TensorProto` that come ahead of the elements.
  var head: ProtocolBuffer {
    ProtocolBuffer { tensor in
      for extent in dimensions { tensor.add(1, extent) }
      tensor.add(2, elementType)
      tensor.add(8, name)
    }
  }
}

/// In which order the elements of a parameter are written.
struct StoredOrder: Hashable, Sendable {
  /// Which of the parameter's axes each axis of the result is; nil where they stay as they are.
  var axes: [Int]?

  /// As they are.
  static let kept = StoredOrder(axes: nil)
  /// `[kh, kw, in, out]` to `[out, in, kh, kw]`.
  static let outputsFirst = StoredOrder(axes: [3, 2, 0, 1])
  /// `[kh, kw, in, multiplier]` to `[in, multiplier, kh, kw]`.
  static let depthwise = StoredOrder(axes: [2, 3, 0, 1])
  /// `[H, W, C]` to `[C, H, W]`.
  static let channelsFirst = StoredOrder(axes: [2, 0, 1])

  /// The elements of a tensor of `extents` in this order.
  func applied(to elements: Span<Float>, extents: [Int]) -> [Float] {
    guard let axes, axes.count == extents.count else { return (0..<elements.count).map { elements[$0] } }
    var strides = [Int](repeating: 1, count: extents.count)
    for axis in extents.indices.dropLast().reversed() {
      strides[axis] = strides[axis + 1] * extents[axis + 1]
    }
    // Four axes, the first of which may be of one position.
    let missing = 4 - axes.count
    let counts = [Int](repeating: 1, count: missing) + axes.map { extents[$0] }
    let steps = [Int](repeating: 0, count: missing) + axes.map { strides[$0] }
    var result: [Float] = []
    result.reserveCapacity(elements.count)
    for first in 0..<counts[0] {
      for second in 0..<counts[1] {
        let start = first * steps[0] + second * steps[1]
        for third in 0..<counts[2] {
          let row = start + third * steps[2]
          for fourth in 0..<counts[3] { result.append(elements[row + fourth * steps[3]]) }
        }
      }
    }
    return result
  }
}
