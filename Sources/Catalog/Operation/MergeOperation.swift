/// An operation that makes one activation of several, element by element.
///
/// Extents of one are repeated as often as the others ask for. A shape of fewer axes, `[C]`, counts as one pixel.
package protocol MergeOperation: LayerOperation {
  /// The verb of messages: `adds`.
  static var verb: String { get }
}

extension MergeOperation {
  package static var arity: Arity { .twoOrMore }

  package func outputShape(of inputs: [ActivationShape]) throws(ShapeProblem) -> ActivationShape {
    var result = inputs[0]
    for input in inputs.dropFirst() {
      guard let both = result.broadcast(with: input) else {
        throw ShapeProblem(
          problem:
            "it \(Self.verb) \(inputs[0].kerasDescription) and \(input.kerasDescription); expected equal "
            + "shapes, or extents of 1 where they differ")
      }
      result = both
    }
    return result
  }
}

extension ActivationShape {
  /// The shape of both together; nil where they have none.
  fileprivate func broadcast(with other: ActivationShape) -> ActivationShape? {
    let rank = max(dimensions.count, other.dimensions.count)
    let (left, right) = (padded(to: rank), other.padded(to: rank))
    var result: [Int?] = []
    for (extent, otherExtent) in zip(left, right) {
      switch (extent, otherExtent) {
      case (1, let extent), (let extent, 1): result.append(extent)
      case (let extent, otherExtent) where extent == otherExtent: result.append(extent)
      case (nil, let known), (let known, nil): result.append(known)
      case (.some, .some): return nil
      }
    }
    return ActivationShape(result)
  }

  private func padded(to rank: Int) -> [Int?] {
    [Int?](repeating: 1, count: rank - dimensions.count) + dimensions
  }
}
