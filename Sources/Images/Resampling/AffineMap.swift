import Foundation

/// Where each pixel of a transformed image comes from: rows and columns of the old image as linear functions of
/// rows and columns of the new one.
///
/// The composition is Keras's `apply_affine_transform`: rotation, shift, shear and zoom about the centre, in this
/// order, with its exchange of axes afterwards.
struct AffineMap {
  private typealias Matrix = [[Double]]

  /// `row = rowByRow * newRow + rowByColumn * newColumn + rowOffset`
  private(set) var (rowByRow, rowByColumn, rowOffset) = (1.0, 0.0, 0.0)
  /// `column = columnByRow * newRow + columnByColumn * newColumn + columnOffset`
  private(set) var (columnByRow, columnByColumn, columnOffset) = (0.0, 1.0, 0.0)

  /// The map of a transform for images of one size; nil when nothing moves.
  init?(_ transform: ImageTransform, width: Int, height: Int) {
    guard let matrix = Self.matrix(transform) else { return nil }
    let (x, y) = (Double(height) / 2 - 0.5, Double(width) / 2 - 0.5)
    let centred = Self.product(
      Self.product([[1, 0, x], [0, 1, y], [0, 0, 1]], matrix), [[1, 0, -x], [0, 1, -y], [0, 0, 1]])
    (rowByRow, rowByColumn, rowOffset) = (centred[1][1], centred[1][0], centred[1][2])
    (columnByRow, columnByColumn, columnOffset) = (centred[0][1], centred[0][0], centred[0][2])
  }

  private static func matrix(_ transform: ImageTransform) -> Matrix? {
    var factors: [Matrix] = []
    if transform.theta != 0 {
      let angle = transform.theta * (.pi / 180)
      factors.append([[cos(angle), -sin(angle), 0], [sin(angle), cos(angle), 0], [0, 0, 1]])
    }
    if transform.tx != 0 || transform.ty != 0 {
      factors.append([[1, 0, transform.tx], [0, 1, transform.ty], [0, 0, 1]])
    }
    if transform.shear != 0 {
      let angle = transform.shear * (.pi / 180)
      factors.append([[1, -sin(angle), 0], [0, cos(angle), 0], [0, 0, 1]])
    }
    if transform.zx != 1 || transform.zy != 1 {
      factors.append([[transform.zx, 0, 0], [0, transform.zy, 0], [0, 0, 1]])
    }
    guard let first = factors.first else { return nil }
    return factors.dropFirst().reduce(first, product)
  }

  private static func product(_ left: Matrix, _ right: Matrix) -> Matrix {
    left.map { row in
      (0..<3).map { column in
        row[0] * right[0][column] + row[1] * right[1][column] + row[2] * right[2][column]
      }
    }
  }
}
