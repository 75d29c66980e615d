import Randomness
import Tensors

/// Element by element, over batches of rows.
enum Rows {
  static func copy(_ input: Span<Float>, into output: inout MutableSpan<Float>, at start: Int = 0) {
    precondition(start >= 0 && start + input.count <= output.count, "Rows: copy beyond the end")
    for index in input.indices { unsafe output[unchecked: start + index] = input[unchecked: index] }
  }

  /// Puts `columns` of a matrix `width` wide together.
  static func gatherColumns(
    _ matrix: Span<Float>, _ columns: Range<Int>, of width: Int, into target: inout [Float]
  ) {
    let rows = matrix.count / width
    target.resize(to: rows * columns.count)
    var span = target.mutableSpan
    for row in 0..<rows {
      let source = row * width + columns.lowerBound
      copy(
        matrix.extracting(source..<source + columns.count), into: &span, at: row * columns.count)
    }
  }

  /// Adds `row` to the elements from `start` on.
  static func add(_ row: Span<Float>, to sums: inout MutableSpan<Float>, at start: Int) {
    precondition(start >= 0 && start + row.count <= sums.count, "Rows: sum beyond the end")
    for index in row.indices { unsafe sums[unchecked: start + index] += row[unchecked: index] }
  }

  /// Puts a matrix into `columns` of one `width` wide.
  static func scatterColumns(
    _ matrix: Span<Float>, _ columns: Range<Int>, of width: Int, into target: inout MutableSpan<Float>
  ) {
    for row in 0..<matrix.count / max(1, columns.count) {
      let source = row * columns.count
      copy(
        matrix.extracting(source..<source + columns.count), into: &target,
        at: row * width + columns.lowerBound)
    }
  }

  /// Adds `bias` to every row.
  static func add(_ bias: Span<Float>, to rows: inout MutableSpan<Float>) {
    for start in stride(from: 0, to: rows.count, by: bias.count) {
      for index in bias.indices { rows[start + index] += bias[index] }
    }
  }

  /// The sum of all rows: a bias's gradient.
  static func sum(_ rows: Span<Float>, into sums: inout MutableSpan<Float>) {
    for index in sums.indices { sums[index] = 0 }
    for start in stride(from: 0, to: rows.count, by: sums.count) {
      for index in sums.indices { sums[index] += rows[start + index] }
    }
  }

  /// Zeroes elements with probability `rate` and scales the others so that the expectation stays; the same
  /// generator does the same again, to values and to their gradients alike.
  static func dropOut(_ elements: inout MutableSpan<Float>, rate: Double, _ generator: SplitMix64) {
    guard rate > 0 else { return }
    var generator = generator
    let scale = Float(1 / (1 - rate))
    for index in elements.indices { elements[index] *= generator.nextUnit() >= rate ? scale : 0 }
  }
}

extension Rows {
  /// The sum of products, in four parts so that the processor need not wait for any.
  static func dot(_ features: Span<Float>, _ weights: Span<Double>) -> Double {
    precondition(features.count == weights.count, "Rows: dot product of unequal lengths")
    var (first, second, third, fourth) = (0.0, 0.0, 0.0, 0.0)
    let whole = features.count / 4 * 4
    for index in stride(from: 0, to: whole, by: 4) {
      unsafe first += Double(features[unchecked: index]) * weights[unchecked: index]
      unsafe second += Double(features[unchecked: index + 1]) * weights[unchecked: index + 1]
      unsafe third += Double(features[unchecked: index + 2]) * weights[unchecked: index + 2]
      unsafe fourth += Double(features[unchecked: index + 3]) * weights[unchecked: index + 3]
    }
    for index in whole..<features.count { first += Double(features[index]) * weights[index] }
    return (first + second) + (third + fourth)
  }

  /// The sum of products, in four parts so that the processor need not wait for any.
  static func dot(_ left: Span<Double>, _ right: Span<Double>) -> Double {
    precondition(left.count == right.count, "Rows: dot product of unequal lengths")
    var (first, second, third, fourth) = (0.0, 0.0, 0.0, 0.0)
    let whole = left.count / 4 * 4
    for index in stride(from: 0, to: whole, by: 4) {
      unsafe first += left[unchecked: index] * right[unchecked: index]
      unsafe second += left[unchecked: index + 1] * right[unchecked: index + 1]
      unsafe third += left[unchecked: index + 2] * right[unchecked: index + 2]
      unsafe fourth += left[unchecked: index + 3] * right[unchecked: index + 3]
    }
    for index in whole..<left.count { first += left[index] * right[index] }
    return (first + second) + (third + fourth)
  }

  /// Adds `factor` times `row` to `sums`.
  static func add(_ row: Span<Double>, times factor: Double, to sums: inout MutableSpan<Double>) {
    precondition(row.count == sums.count, "Rows: sum of unequal lengths")
    for index in row.indices {
      unsafe sums[unchecked: index] += factor * row[unchecked: index]
    }
  }

  /// Adds `factor` times `features` to `sums`.
  static func add(_ features: Span<Float>, times factor: Double, to sums: inout MutableSpan<Double>) {
    precondition(features.count == sums.count, "Rows: sum of unequal lengths")
    for index in features.indices {
      unsafe sums[unchecked: index] += factor * Double(features[unchecked: index])
    }
  }
}
