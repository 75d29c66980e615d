/// `Average`: the mean of its inputs.
package struct Average: MergeOperation {
  package static let keyword = "average"
  package static let kerasClasses = ["Average"]
  package static let verb = "averages"

  package init() {}
}
