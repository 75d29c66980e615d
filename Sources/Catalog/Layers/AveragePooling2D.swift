/// `AveragePooling2D`: the mean of each window. Divides by the number of positions inside the image, as Keras does:
/// padding never counts.
package struct AveragePooling2D: PoolingOperation {
  package static let keyword = "averagePool"
  package static let kerasClasses = ["AveragePooling2D"]

  package var window = SlidingWindow(size: Extent(2, 2), strides: Extent(2, 2))

  package init() {}
}
