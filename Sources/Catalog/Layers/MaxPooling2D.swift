/// `MaxPooling2D`: the largest of each window; padding never wins.
package struct MaxPooling2D: PoolingOperation {
  package static let keyword = "maxPool"
  package static let kerasClasses = ["MaxPooling2D"]

  package var window = SlidingWindow(size: Extent(2, 2), strides: Extent(2, 2))

  package init() {}
}
