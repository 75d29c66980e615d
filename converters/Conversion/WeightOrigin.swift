/// The network that weights alone were written of, as their file says: from the same weights another graph computes something else.
package struct WeightOrigin: Hashable, Sendable {
  package let network: String
  /// The variant of its graph; nil where it has one graph.
  package let graph: String?

  package init(network: String, graph: String?) { (self.network, self.graph) = (network, graph) }
}

extension WeightOrigin {
  /// The attribute of an HDF5 file that has it.
  package static let attribute = "zoo_network"
  private static let beginning = "zoo: network "
  private static let middle = ", graph "

  /// As it stands in a file: `zoo: network squeezenet, graph torchvision`.
  package var text: String { Self.beginning + network + (graph.map { Self.middle + $0 } ?? "") }

  /// Nil for a text that is not of this form: somebody else's.
  package init?(_ text: [UInt8]) {
    guard text.count <= 512, let text = String(validating: text, as: UTF8.self),
      text.hasPrefix(Self.beginning)
    else { return nil }
    let parts = text.dropFirst(Self.beginning.count).split(
      separator: Self.middle, omittingEmptySubsequences: false)
    let isWord = { (part: Substring) in !part.isEmpty && part.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F } }
    guard parts.count <= 2, parts.allSatisfy(isWord) else { return nil }
    self.init(network: String(parts[0]), graph: parts.count == 2 ? String(parts[1]) : nil)
  }
}

extension WeightSource {
  /// The network that a file of weights alone says it is of; nil where it does not say. It must be one of those that are known.
  func originalNetwork(of known: [String]) throws(ConversionError) -> String? {
    guard facts.architecture == nil, let origin = facts.origin else { return nil }
    guard known.contains(origin.network) else {
      throw .undescribed(
        path: path,
        reason:
          "its weights are of \(origin.network), whose graph neither the file has nor the catalog: a network that it is like would "
          + "compute something else from them; convert the model that they came from, or give its architecture"
      )
    }
    return origin.network
  }
}
