/// What one position of an activation sees of the image, border effects aside.
package struct ReceptiveView: Hashable, Sendable {
  /// Rows and columns of the image that it depends on.
  package var field = Extent(1, 1)
  /// The distance in the image between neighbouring positions.
  package var stride = Extent(1, 1)

  /// What the positions of a window see that slides over these.
  func sliding(_ window: Extent, _ strides: Extent) -> ReceptiveView {
    ReceptiveView(
      field: Self.counted(
        field.height + (window.height - 1) * stride.height, field.width + (window.width - 1) * stride.width),
      stride: Self.counted(stride.height * strides.height, stride.width * strides.width))
  }

  /// What goes far beyond every image need not be counted.
  private static func counted(_ height: Int, _ width: Int) -> Extent {
    let most = Limits.inputSize * Limits.extent
    return Extent(min(height, most), min(width, most))
  }

  /// What positions see that read both.
  func joined(_ other: ReceptiveView) -> ReceptiveView {
    ReceptiveView(
      field: Extent(max(field.height, other.field.height), max(field.width, other.field.width)),
      stride: stride)
  }
}
