import Tensors

/// Which element of an input each element of an output is: for each axis of the output an axis of the input, and the
/// positions along it.
package struct Selection: Sendable {
  /// The axes of an image.
  package enum Axis: Int, Sendable { case rows, columns, channels }

  /// What an axis of the output is made of.
  package struct Positions: Sendable {
    package var axis: Axis
    /// One for each position of the output; nil where zeros are.
    package var positions: [Int?]

    init(axis: Axis, positions: [Int?]) {
      self.axis = axis
      self.positions = positions
    }

    /// All of an axis, in order.
    init(all axis: Axis, of size: ImageSize) {
      let count =
        switch axis {
        case .rows: size.height
        case .columns: size.width
        case .channels: size.channels
        }
      self.init(axis: axis, positions: (0..<count).map { $0 })
    }
  }

  package var rows: Positions
  package var columns: Positions
  package var channels: Positions

  init(rows: Positions, columns: Positions, channels: Positions) {
    self.rows = rows
    self.columns = columns
    self.channels = channels
  }

  init(rows: [Int?], columns: [Int?], channels: [Int?]) {
    self.rows = Positions(axis: .rows, positions: rows)
    self.columns = Positions(axis: .columns, positions: columns)
    self.channels = Positions(axis: .channels, positions: channels)
  }

  /// An image of `size` with axes of one position repeated to those of `whole`.
  static func repeating(_ size: ImageSize, to whole: ImageSize) -> Selection {
    func positions(_ own: Int, _ all: Int) -> [Int?] { (0..<all).map { own == 1 ? 0 : $0 } }
    return Selection(
      rows: positions(size.height, whole.height), columns: positions(size.width, whole.width),
      channels: positions(size.channels, whole.channels))
  }
}
