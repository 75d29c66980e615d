import Catalog
import Encoding
import Tensors
import WeightConversion

/// What a file says of its network besides weights.
struct ComparedModel {
  let network: ArchivedNetwork
  private let sections: ModelSections?
  private let options: BackboneOptions?

  /// Reads the texts that an archive of it keeps, or would keep; nil where they have no network.
  init?(_ texts: [String: String], path: String) throws {
    guard let network = try ArchivedNetwork(sections: texts, place: path) else { return nil }
    self.network = network
    sections = ModelSections(texts, path: path)
    options = try sections?.backboneOptions()
  }

  /// Where two models differ.
  func differences(from other: ComparedModel) throws -> [FactDifference] {
    let facts: [FactDifference?] = [
      try graphDifference(from: other),
      Self.difference(.preprocessing, pixels, other.pixels) { $0.label },
      Self.difference(.imageSize, size, other.size) { $0.words },
      Self.difference(.interpolation, interpolation, other.interpolation) { $0.rawValue },
      Self.difference(.features, end, other.end) { $0 },
      Self.difference(.head, try head, try other.head) { $0 },
      try classDifference(from: other),
    ]
    return facts.compactMap(\.self)
  }

  private static func difference<Value: Equatable>(
    _ fact: FactDifference.Fact, _ first: Value, _ second: Value, words: (Value) -> String
  ) -> FactDifference? {
    guard first != second else { return nil }
    let (one, other) = (words(first), words(second))
    // What has one name can still be two things.
    return FactDifference(fact, one, other, details: one == other ? ["\(first) and \(second)"] : [])
  }

  private var pixels: Preprocessing { options?.preprocessing ?? network.preprocessing }

  private var size: Extent {
    Extent(options?.height ?? network.size.height, options?.width ?? network.size.width)
  }

  private var interpolation: Interpolation {
    options?.interpolation ?? network.images.interpolation ?? .nearest
  }

  private var end: String {
    let layer = options?.layer ?? network.features.layer
    let pooling = options.map(\.pooling.rawValue) ?? network.features.pooling ?? "avg"
    return "\(layer.map { "the layer \($0)" } ?? "the last layer"), pooling \(pooling)"
  }
}

extension ComparedModel {
  private var title: String {
    network.entry.identifier + (network.variant.map { ", graph \($0)" } ?? "")
  }

  private func graphDifference(from other: ComparedModel) throws -> FactDifference? {
    let (own, others) = (try network.graph(), try other.network.graph())
    let (mine, theirs) = (try network.weightedLayers, try other.network.weightedLayers)
    let shared = mine.filter(Set(theirs).contains)
    guard shared.count * 2 >= max(mine.count, theirs.count) else {
      return FactDifference(.graph, title, other.title)
    }
    var details = Self.differences(own, others, shared)
    if !details.isEmpty, size == other.size,
      Self.differences(own.padded(for: size), others.padded(for: size), shared).isEmpty
    {
      details = ["equal for images of \(size.words); at other sizes, zeros around windows differ"]
    }
    details += Self.surplus(mine, theirs, "first") + Self.surplus(theirs, mine, "second")
    return details.isEmpty ? nil : FactDifference(.graph, title, other.title, details: details)
  }

  /// Where the second graph computes something else than the first, or has what the first has not.
  private static func differences(_ own: LayerGraph, _ others: LayerGraph, _ shared: [String]) -> [String] {
    let names = Dictionary(shared.map { ($0, $0) }) { first, _ in first }
    let details = GraphComparison(expected: own, found: others, names: names).differences
    return details.isEmpty ? GraphComparison(expected: others, found: own, names: names).differences : details
  }

  private static func surplus(_ layers: [String], _ others: [String], _ file: String) -> [String] {
    let known = Set(others)
    let only = layers.filter { !known.contains($0) }
    return only.isEmpty ? [] : ["layers of the \(file) alone: \(only.firstNamed)"]
  }

  private var head: String {
    get throws { try sections?.headWords ?? "none" }
  }

  private func classDifference(from other: ComparedModel) throws -> FactDifference? {
    guard let own = try sections?.labels(), let others = try other.sections?.labels(), own != others else {
      return nil
    }
    let details = zip(own, others).enumerated().filter { $0.element.0 != $0.element.1 }.map { index, names in
      "class \(index): \(names.0.printable), \(names.1.printable)"
    }
    return FactDifference(
      .classes, counted(own.count, "class", plural: "classes"),
      counted(others.count, "class", plural: "classes"), details: details)
  }
}

extension ArchivedNetwork {
  /// The layers with weights, in order.
  fileprivate var weightedLayers: [String] {
    get throws {
      var seen: Set<String> = []
      return try parameters().map(\.layer).filter { seen.insert($0).inserted }
    }
  }
}

extension ModelSections {
  /// The layers of the head in words, with all that they compute with.
  fileprivate var headWords: String {
    get throws { try decode(HeadWords.self, Self.head).text }
  }
}
