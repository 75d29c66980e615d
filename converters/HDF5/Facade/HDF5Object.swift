/// What an attribute holds, before its value is read.
package struct HDF5AttributeInfo: Hashable, Sendable {
  package enum Content: Hashable, Sendable {
    /// Strings of one fixed size in bytes, padded.
    case fixedStrings(size: Int)
    case variableStrings
    case float, integer
    case other
  }

  package let content: Content
  /// The elements: 1 for a scalar, 0 for an empty array.
  package let count: Int

  package init(content: Content, count: Int) {
    self.content = content
    self.count = count
  }
}

/// A group or a dataset: what has a name and attributes.
package protocol HDF5Object: Sendable {
  var location: HDF5Location { get }
}

extension HDF5Object {
  /// Absolute inside the file: `/model_weights/conv1`.
  package var path: String { location.path }

  /// Where its header begins in the file.
  package var address: Int { location.node.address }

  /// The names of all attributes, in alphabetical order.
  package func attributeNames() -> [String] { location.node.attributes.names }

  /// Whether there is an attribute of that name.
  package func hasAttribute(_ name: String) -> Bool { location.node.attributes[name] != nil }

  /// What the attribute holds, or nil when there is none.
  package func attribute(_ name: String) throws(HDF5Error) -> HDF5AttributeInfo? {
    try opening(name) { (attribute) throws(FormatError) in attribute.info }
  }

  /// The attribute's strings, or nil when there is no such attribute.
  ///
  /// An array without elements has no strings whatever its type: Keras writes the empty list of a layer
  /// without weights as `float64` of shape (0,).
  package func strings(_ name: String) throws(HDF5Error) -> [String]? {
    if let known = location.node.memo.withLock({ $0.strings[name] }) { return known }
    let strings = try opening(name) { (attribute) throws(FormatError) in try attribute.strings() }
    if let strings { location.node.memo.withLock { $0.strings[name] = strings } }
    return strings
  }

  /// The one string of a scalar attribute, or nil when there is no such attribute.
  package func string(_ name: String) throws(HDF5Error) -> String? { try strings(name)?.first }

  private func opening<Result>(
    _ name: String, _ body: (OpenAttribute) throws(FormatError) -> Result
  ) throws(HDF5Error) -> Result? {
    guard let message = location.node.attributes[name] else { return nil }
    let context = location.context
    return try locating(context.place("\(path) attribute '\(name)'")) { () throws(FormatError) in
      try body(try OpenAttribute(message, in: context.space))
    }
  }
}
