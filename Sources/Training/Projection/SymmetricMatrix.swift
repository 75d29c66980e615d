/// A small symmetric matrix and its eigenvectors, by Jacobi's rotations.
struct SymmetricMatrix {
  /// An eigenvalue with its unit eigenvector.
  struct Pair {
    var value: Double
    var vector: [Double]
  }

  private var elements: [[Double]]
  private var rotation: [[Double]]

  /// - Precondition: `elements` is square; its upper and lower half are averaged.
  init(_ elements: [[Double]]) {
    let count = elements.count
    self.elements = (0..<count).map { row in
      (0..<count).map { column in (elements[row][column] + elements[column][row]) / 2 }
    }
    rotation = (0..<count).map { row in (0..<count).map { $0 == row ? 1 : 0 } }
  }

  /// All pairs, the largest eigenvalue first.
  ///
  /// - Complexity: O(n³) a sweep, a handful of sweeps.
  func decomposed() -> [Pair] {
    var matrix = self
    for _ in 0..<50 where !matrix.isDiagonal { matrix.sweep() }
    let pairs = matrix.elements.indices.map { index in
      Pair(value: matrix.elements[index][index], vector: matrix.rotation.map { $0[index] })
    }
    return pairs.enumerated().sorted { (-$0.element.value, $0.offset) < (-$1.element.value, $1.offset) }
      .map(\.element)
  }

  private var isDiagonal: Bool {
    var (inside, outside) = (0.0, 0.0)
    for row in elements.indices {
      for column in elements.indices {
        let square = elements[row][column] * elements[row][column]
        if row == column { inside += square } else { outside += square }
      }
    }
    return outside <= inside * 1e-30
  }

  private mutating func sweep() {
    for row in elements.indices {
      for column in elements.indices.dropFirst(row + 1) { rotate(row, column) }
    }
  }

  /// Turns rows and columns `p` and `q` so that the element where they meet becomes zero.
  private mutating func rotate(_ p: Int, _ q: Int) {
    let meeting = elements[p][q]
    guard meeting != 0 else { return }
    let theta = (elements[q][q] - elements[p][p]) / (2 * meeting)
    let tangent = (theta < 0 ? -1 : 1) / (abs(theta) + (theta * theta + 1).squareRoot())
    let cosine = 1 / (tangent * tangent + 1).squareRoot()
    let sine = tangent * cosine
    for index in elements.indices {
      let (left, right) = (elements[index][p], elements[index][q])
      elements[index][p] = cosine * left - sine * right
      elements[index][q] = sine * left + cosine * right
    }
    for index in elements.indices {
      let (upper, lower) = (elements[p][index], elements[q][index])
      elements[p][index] = cosine * upper - sine * lower
      elements[q][index] = sine * upper + cosine * lower
      let (left, right) = (rotation[index][p], rotation[index][q])
      rotation[index][p] = cosine * left - sine * right
      rotation[index][q] = sine * left + cosine * right
    }
  }
}
