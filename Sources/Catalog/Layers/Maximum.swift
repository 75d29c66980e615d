/// `Maximum`: the largest of its inputs, element by element.
package struct Maximum: MergeOperation {
  package static let keyword = "maximum"
  package static let kerasClasses = ["Maximum"]
  package static let verb = "compares"

  package init() {}
}
