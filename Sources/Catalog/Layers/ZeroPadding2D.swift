/// `ZeroPadding2D`: rows and columns of zeros around the input.
package struct ZeroPadding2D: LayerOperation {
  package static let keyword = "zeroPadding"
  package static let kerasClasses = ["ZeroPadding2D"]
  package static let settings: [LayerSetting<Self>] = [
    LayerSetting("padding", keras: "padding", .insets, \.padding),
    LayerSetting("oddPadding", keras: nil, .insetsIfAny, \.oddPadding, isOptional: true),
  ]

  package var padding = EdgeInsets(top: 1, bottom: 1, left: 1, right: 1)
  /// What takes the place of ``padding`` along an axis with an odd number of pixels; nil where that makes no difference.
  ///
  /// No layer of Keras has this: it is what Keras's networks do that choose their zeros by the size of the image.
  package var oddPadding: EdgeInsets?

  package init() {}

  package init(_ padding: EdgeInsets, odd oddPadding: EdgeInsets? = nil) {
    (self.padding, self.oddPadding) = (padding, oddPadding)
  }

  package func outputShape(of inputs: [ActivationShape]) throws(ShapeProblem) -> ActivationShape {
    let (height, width) = try inputs[0].spatial()
    let zeros = padding(height: height ?? 0, width: width ?? 0)
    return ActivationShape([
      height.map { $0 + zeros.top + zeros.bottom }, width.map { $0 + zeros.left + zeros.right },
      inputs[0].channels,
    ])
  }

  /// The zeros around an input of that size.
  package func padding(height: Int, width: Int) -> EdgeInsets {
    guard let oddPadding else { return padding }
    let (rows, columns) = (
      height.isMultiple(of: 2) ? padding : oddPadding, width.isMultiple(of: 2) ? padding : oddPadding
    )
    return EdgeInsets(top: rows.top, bottom: rows.bottom, left: columns.left, right: columns.right)
  }
}
