/// `Add`: the sum of its inputs.
package struct Add: MergeOperation {
  package static let keyword = "add"
  package static let kerasClasses = ["Add"]
  package static let verb = "adds"

  package init() {}
}
