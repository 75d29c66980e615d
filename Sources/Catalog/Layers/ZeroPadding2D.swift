/// `ZeroPadding2D`: rows and columns of zeros around the input.
package struct ZeroPadding2D: LayerOperation {
  package static let keyword = "zeroPadding"
  package static let kerasClasses = ["ZeroPadding2D"]
  package static let settings = [LayerSetting<Self>("padding", keras: "padding", .insets, \.padding)]

  package var padding = EdgeInsets(top: 1, bottom: 1, left: 1, right: 1)

  package init() {}

  package init(_ padding: EdgeInsets) { self.padding = padding }

  package func outputShape(of inputs: [ActivationShape]) throws(ShapeProblem) -> ActivationShape {
    let (height, width) = try inputs[0].spatial()
    return ActivationShape([
      height.map { $0 + padding.top + padding.bottom }, width.map { $0 + padding.left + padding.right },
      inputs[0].channels,
    ])
  }
}
