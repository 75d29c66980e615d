public import Catalog
public import Tensors

/// What networks are compared by: known of the built-in ones without reading their entries.
public struct NetworkOutline: Hashable, Sendable {
  /// The name that commands and archives use.
  public let identifier: String
  /// All parameters without a classifier.
  public let parameterCount: Int
  /// Multiplications with their additions for one image of its own size.
  public let multiplyAdds: Int
  /// The size of the images it was trained with.
  public let defaultSize: Extent
  /// The smallest image it takes, by Keras's rule.
  public let minimumSize: Extent
  /// The features of one image of its own size, `[H, W, C]`.
  public let featureShape: TensorShape
  /// How pixels are scaled for it, in a word.
  public let preprocessing: String
  /// Of a hundred images of ImageNet, how many it names rightly with its published weights; nil where no documentation states it.
  public let top1: Double?
  /// The licence of the weights that were published for it; nil where it is not stated.
  public let weightLicence: String?

  /// What a network and its weight sets are.
  package init(_ network: CatalogNetwork, _ sets: [WeightSetStatus]) {
    identifier = network.identifier
    (parameterCount, multiplyAdds) = (network.parameterCount, network.multiplyAdds)
    (defaultSize, minimumSize) = (network.defaultSize, network.minimumSize)
    featureShape = network.featureShape
    preprocessing = network.preprocessing.label
    top1 = network.accuracy?.top1
    weightLicence = sets.first { $0.fileName != nil && $0.licence != nil }?.licence
  }

  /// Reads a line that ``line`` writes; nil for any other.
  init?(line: Substring) {
    let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
    guard fields.count == 9, let parameters = Int(fields[1]), let multiplyAdds = Int(fields[2]),
      let size = Self.extent(fields[3]), let least = Self.extent(fields[4])
    else { return nil }
    identifier = String(fields[0])
    (parameterCount, self.multiplyAdds) = (parameters, multiplyAdds)
    (defaultSize, minimumSize) = (size, least)
    featureShape = TensorShape(fields[5].split(separator: "x").compactMap { Int($0) })
    preprocessing = String(fields[6])
    top1 = Double(fields[7])
    weightLicence = fields[8].isEmpty ? nil : String(fields[8])
  }

  /// All of it in one line.
  package var line: String {
    [
      identifier, "\(parameterCount)", "\(multiplyAdds)", defaultSize.words, minimumSize.words,
      featureShape.dimensions.map(String.init).joined(separator: "x"), preprocessing,
      top1.map { "\($0)" } ?? "", weightLicence ?? "",
    ].joined(separator: "\t")
  }

  private static func extent(_ text: Substring) -> Extent? {
    let numbers = text.split(separator: "x").compactMap { Int($0) }
    return numbers.count == 2 ? Extent(numbers[0], numbers[1]) : nil
  }
}

extension NetworkCatalog {
  /// What the networks that a query wants are compared by, in the order of their names. Of a built-in network no entry is read, unless
  /// the query has a size of images.
  ///
  /// - Returns: them, and what is wrong with descriptions of weights of networks that are not built in.
  /// - Throws: what ``networks(matching:)`` throws.
  public func outlines(
    matching query: NetworkQuery
  ) throws(CatalogError) -> (outlines: [NetworkOutline], problems: [String]) {
    var (outlines, problems): ([NetworkOutline], [String]) = ([], [])
    for identifier in try names(matching: query) {
      if query.imageSize == nil, let known = builtInOutline(of: identifier) {
        if known.parameterCount <= query.maximumParameterCount ?? .max { outlines.append(known) }
        continue
      }
      let network = try network(identifier)
      guard query.matches(network) else { continue }
      let sets = try weightSets(of: network)
      outlines.append(NetworkOutline(network, sets))
      problems += sets.flatMap { set in set.problems.map { "\(set.path): \($0)" } }
    }
    return (outlines, problems)
  }

  /// The text that the outlines of built-in networks are read from: a line a network.
  package func outlinesText() throws(CatalogError) -> String {
    var text = ""
    for network in try networks() {
      text += NetworkOutline(network, try weightSets(of: network)).line + "\n"
    }
    return text
  }

  private func builtInOutline(of identifier: String) -> NetworkOutline? {
    catalog.isBuiltIn(identifier) ? Self.builtInOutlines[identifier] : nil
  }

  private static let builtInOutlines: [String: NetworkOutline] = {
    let outlines = EntryCatalog.embeddedOutlines.split(separator: "\n").compactMap(NetworkOutline.init)
    return Dictionary(outlines.map { ($0.identifier, $0) }) { first, _ in first }
  }()
}
