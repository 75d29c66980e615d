/// `GlobalMaxPooling2D`: the largest of all pixels, a channel at a time.
package struct GlobalMaxPooling2D: GlobalPoolingOperation {
  package static let keyword = "globalMaxPool"
  package static let kerasClasses = ["GlobalMaxPooling2D"]

  package var keepsDimensions = false

  package init() {}
}
