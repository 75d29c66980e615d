/// `Minimum`: the smallest of its inputs, element by element.
package struct Minimum: MergeOperation {
  package static let keyword = "minimum"
  package static let kerasClasses = ["Minimum"]
  package static let verb = "compares"

  package init() {}
}
