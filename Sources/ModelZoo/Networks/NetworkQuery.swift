public import Catalog

/// Which networks of a catalog are wanted; one that is empty wants all of them.
///
/// ```swift
/// let query = NetworkQuery(["mobile*"], maximumParameterCount: 10_000_000, imageSize: Extent(96, 96))
/// for network in try NetworkCatalog().networks(matching: query) { print(network.identifier, network.multiplyAdds) }
/// ```
public struct NetworkQuery: Hashable, Sendable {
  /// Names, in which `*` stands for any letters and `?` for one; a network with any of them is wanted. Empty for all.
  public var names: [String]
  /// How many parameters a network has at most, without a classifier; nil for any number.
  public var maximumParameterCount: Int?
  /// The size of images that a network takes; nil for any.
  public var imageSize: Extent?

  /// Wants networks of which all is true that is given.
  public init(_ names: [String] = [], maximumParameterCount: Int? = nil, imageSize: Extent? = nil) {
    self.names = names
    self.maximumParameterCount = maximumParameterCount
    self.imageSize = imageSize
  }

  /// Whether a name is wanted.
  func matches(name: String) -> Bool { names.isEmpty || names.contains { Self.matches(name[...], $0[...]) } }

  /// Whether a network is wanted, its name left aside.
  func matches(_ network: CatalogNetwork) -> Bool {
    network.parameterCount <= maximumParameterCount ?? .max
      && imageSize.map { (try? network.entry.checkInputSize(height: $0.height, width: $0.width)) != nil }
        ?? true
  }

  /// Whether the pattern is all of the text. After a star, the rest is tried at every place, so that no stack grows with the text.
  static func matches(_ text: Substring, _ pattern: Substring) -> Bool {
    var (text, pattern) = (text, pattern)
    var behindStar: (text: Substring, pattern: Substring)?
    while let character = text.first {
      if pattern.first == "*" {
        pattern.removeFirst()
        behindStar = (text, pattern)
      } else if pattern.first == "?" || pattern.first == character {
        text.removeFirst()
        pattern.removeFirst()
      } else if let star = behindStar {
        (text, pattern) = (star.text.dropFirst(), star.pattern)
        behindStar = (text, pattern)
      } else {
        return false
      }
    }
    return pattern.allSatisfy { $0 == "*" }
  }
}

extension NetworkCatalog {
  /// The networks that a query wants, in the order of their names.
  ///
  /// - Throws: `CatalogError` for a name without `*` and `?` that does not exist, and for an entry that cannot be read.
  public func networks(matching query: NetworkQuery) throws(CatalogError) -> [CatalogNetwork] {
    try names(matching: query).map(network).filter(query.matches)
  }

  /// The names of those that a query may want.
  func names(matching query: NetworkQuery) throws(CatalogError) -> [String] {
    for name in query.names where !name.contains(where: { "*?".contains($0) }) && !identifiers.contains(name)
    {
      throw .unknownEntry(name, known: identifiers)
    }
    return identifiers.filter(query.matches(name:))
  }
}
