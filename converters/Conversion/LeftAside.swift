/// What a file holds besides the weights that are converted.
package struct LeftAside: Sendable {
  /// Tensors, which are read like all others. No path among theirs is that of a weight.
  package var tensors: [SourceTensor] = []
  /// The paths of what is there and cannot be read.
  package var unread: [String] = []

  /// Nothing.
  package init() {}
}
