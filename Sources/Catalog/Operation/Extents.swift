/// Rows and columns: of an image, a window, a stride.
public struct Extent: Hashable, Sendable {
  /// Rows.
  public var height: Int
  /// Columns.
  public var width: Int

  /// So many rows and columns.
  public init(_ height: Int, _ width: Int) {
    self.height = height
    self.width = width
  }

  /// `224x224`.
  public var words: String { "\(height)x\(width)" }
}

/// Rows and columns added at each edge.
package struct EdgeInsets: Hashable, Sendable {
  package var top: Int
  package var bottom: Int
  package var left: Int
  package var right: Int

  package init(top: Int, bottom: Int, left: Int, right: Int) {
    self.top = top
    self.bottom = bottom
    self.left = left
    self.right = right
  }
}

/// TensorFlow's two paddings. `same` gives `ceil(n / stride)` outputs and, when the sum is odd, pads one more
/// row at the bottom (column at the right).
package enum Padding: String, CaseIterable, Hashable, Sendable {
  case valid, same

  /// How many positions a window takes along one axis: `valid` gives `(n - window) / stride + 1`, `same`
  /// gives `ceil(n / stride)`; 0 when it does not fit.
  package func outputExtent(of extent: Int, window: Int, stride: Int) -> Int {
    switch self {
    case .valid: extent < window ? 0 : (extent - window) / stride + 1
    case .same: (extent - 1) / stride + 1
    }
  }
}
