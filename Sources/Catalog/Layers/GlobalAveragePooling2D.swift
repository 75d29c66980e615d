/// `GlobalAveragePooling2D`: the mean of all pixels, a channel at a time.
package struct GlobalAveragePooling2D: GlobalPoolingOperation {
  package static let keyword = "globalAveragePool"
  package static let kerasClasses = ["GlobalAveragePooling2D"]

  package var keepsDimensions = false

  package init() {}
}
