/// `Multiply`: the product of its inputs.
package struct Multiply: MergeOperation {
  package static let keyword = "multiply"
  package static let kerasClasses = ["Multiply"]
  package static let verb = "multiplies"

  package init() {}
}
