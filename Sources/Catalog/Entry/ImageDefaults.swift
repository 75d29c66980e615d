package import Tensors

/// How images are brought to size for a network where nobody says otherwise, as far as an archive keeps it: what a whole model was
/// saved for need not be what its network was published with.
package struct ImageDefaults: Hashable, Sendable, Codable {
  /// Rows and columns; nil for the network's own.
  package var height: Int?
  package var width: Int?
  /// How they are resized; nil for Keras's default.
  package var interpolation: Interpolation?

  package init(size: Extent? = nil, interpolation: Interpolation? = nil) {
    (height, width) = (size?.height, size?.width)
    self.interpolation = interpolation
  }

  private var isEmpty: Bool { self == ImageDefaults() }

  /// Reads what ``section`` writes; `place` names it in errors.
  init(json: String, place: String) throws(CatalogError) {
    try self.init(section: json, of: place)
    for extent in [height, width].compactMap(\.self) where !(1...Limits.inputSize).contains(extent) {
      throw .malformedSection(
        place, "expected images of 1 to \(Limits.inputSize) rows and columns, found \(extent)")
    }
  }

  /// The text that archives keep; nil where nothing is said.
  package var section: String? { isEmpty ? nil : json }

  private var json: String {
    let members: [(String, String?)] = [
      ("height", height.map(String.init)), ("width", width.map(String.init)),
      ("interpolation", interpolation.map { "\"\($0.rawValue)\"" }),
    ]
    return "{"
      + members.compactMap { name, value in value.map { "\"\(name)\": \($0)" } }.joined(separator: ", ") + "}"
  }
}
