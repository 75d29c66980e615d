/// `Subtract`: its first input less its second.
package struct Subtract: MergeOperation {
  package static let keyword = "subtract"
  package static let kerasClasses = ["Subtract"]
  package static let arity = Arity.two
  package static let verb = "subtracts"

  package init() {}
}
