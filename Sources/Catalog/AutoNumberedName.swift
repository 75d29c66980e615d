/// A layer name as Keras makes them up: a stem and a number that counts the layers of the kind in the process.
package struct AutoNumberedName: Hashable, Sendable {
  /// `conv2d` of `conv2d_17`.
  package let stem: String
  /// 17 of `conv2d_17`; 0 of `conv2d`.
  package let number: Int

  /// Splits a name; one without a number is its own stem.
  package init(_ name: String) {
    let parts = name.split(separator: "_", omittingEmptySubsequences: false)
    if parts.count > 1, let last = parts.last, let number = Int(last), String(number) == last {
      self.stem = parts.dropLast().joined(separator: "_")
      self.number = number
    } else {
      self.stem = name
      self.number = 0
    }
  }
}
