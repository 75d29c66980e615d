package import Tensors

/// The shape of one image's activations: `[H, W, C]` or `[C]`; an extent that depends on a size nobody gave
/// is nil. The batch axis is left out.
package struct ActivationShape: Hashable, Sendable {
  package var dimensions: [Int?]

  package init(_ dimensions: [Int?]) { self.dimensions = dimensions }

  /// The innermost extent.
  package var channels: Int? { dimensions.last ?? nil }

  /// Whether there are rows and columns.
  package var isSpatial: Bool { dimensions.count == 3 }

  /// The shape when all extents are known.
  package var shape: TensorShape? {
    let known = dimensions.compactMap(\.self)
    return known.count == dimensions.count ? TensorShape(validating: known) : nil
  }

  /// As Keras prints it, the batch axis in front: `(None, 7, 7, 2048)`.
  package var kerasDescription: String {
    let extents = dimensions.map { $0.map(String.init) ?? "None" }
    return "(" + (["None"] + extents).joined(separator: ", ") + ")"
  }
}

extension ActivationShape {
  /// Rows and columns, or the reason why there are none.
  func spatial() throws(ShapeProblem) -> (height: Int?, width: Int?) {
    guard isSpatial else {
      throw ShapeProblem(problem: "it reads \(kerasDescription); expected (None, height, width, channels)")
    }
    return (dimensions[0], dimensions[1])
  }

  /// Refuses more elements than any network has; extents that nobody knows count as one.
  func checkElements() throws(ShapeProblem) {
    guard Limits.product(dimensions.map { $0 ?? 1 }, most: Limits.elements) != nil else {
      throw ShapeProblem(problem: "its output \(kerasDescription) has too many elements")
    }
  }

  /// The number of channels, or the reason why nobody knows it.
  func knownChannels() throws(ShapeProblem) -> Int {
    guard let channels else {
      throw ShapeProblem(problem: "the number of its inputs depends on the image size; give a size")
    }
    return channels
  }
}
