extension [String] {
  /// The first few, and how many more there are: `dense, softmax`.
  package var firstNamed: String {
    let shown = prefix(count > 6 ? 5 : 6).joined(separator: ", ")
    return count > 6 ? "\(shown) and \(count - 5) more" : shown
  }
}
