import ModelZoo
import Reports

/// What `zoo list` says of the catalog.
struct CatalogView {
  let networks: [CatalogNetwork]
  let weightSets: [WeightSetStatus]

  /// Reads and checks what a query wants of the catalog.
  ///
  /// - Parameter fitted: what was found of weight files in hand.
  init(_ catalog: NetworkCatalog, _ query: NetworkQuery, fitted: FittedWeightSets? = nil) throws {
    networks = try catalog.networks(matching: query)
    weightSets = try networks.flatMap { try catalog.weightSets(of: $0, fitted: fitted) }
  }

  /// A line a network.
  static func table(of networks: [NetworkOutline]) -> Table {
    var table = Table([
      Table.Column("entry"), Table.Column("parameters", .trailing), Table.Column("MACs", .trailing),
      Table.Column("size", .trailing), Table.Column("least", .trailing), Table.Column("features", .trailing),
      Table.Column("pixels"), Table.Column("top-1", .trailing), Table.Column("licence"),
    ])
    for network in networks {
      table.append([
        network.identifier, network.parameterCount.grouped, network.multiplyAdds.shortened,
        network.defaultSize.shortWords, network.minimumSize.shortWords,
        network.featureShape.dimensions.map(String.init).joined(separator: "x"), network.preprocessing,
        network.top1.map { "\($0)" } ?? "", network.weightLicence ?? "",
      ])
    }
    return table
  }

  /// What one network is.
  func facts(of network: CatalogNetwork) -> Table {
    var table = Table([Table.Column(""), Table.Column("")])
    table.append(["title", network.title])
    table.append(["paper", network.paper])
    table.append(["licence", "\(network.licence); weights have licences of their own"])
    if let accuracy = network.accuracy {
      table.append(["top-1", "\(accuracy.top1) % of ImageNet's validation images, says \(accuracy.source)"])
    }
    return table
  }

  /// The weight files that are known for one network.
  func weightSetTable(of network: CatalogNetwork) -> Table {
    var table = Table([
      Table.Column("weights"), Table.Column("graph"), Table.Column("licence"), Table.Column("checks passed"),
      Table.Column("what they are"),
    ])
    for set in weightSets where set.network == network.identifier {
      table.append([
        set.tag ?? set.path, set.graph ?? "", set.licence ?? "",
        set.passed.map(\.rawValue).joined(separator: " "),
        set.title ?? "unreadable",
      ])
    }
    return table
  }

  /// The files that were published for one network.
  func publishedFileTable(of network: CatalogNetwork) -> Table? {
    var table = Table([
      Table.Column("weights"), Table.Column("published file"), Table.Column("bytes", .trailing),
      Table.Column("digest"),
    ])
    let published = weightSets.filter { $0.network == network.identifier && $0.fileName != nil }
    for set in published {
      table.append([
        set.tag ?? set.path, set.fileName ?? "", set.fileByteCount?.grouped ?? "",
        digest(of: set),
      ])
    }
    return published.isEmpty ? nil : table
  }

  /// Where the published files can be downloaded, a line each, never cut: they are copied.
  func addressLines(of network: CatalogNetwork) -> String {
    let published = weightSets.filter { $0.network == network.identifier && $0.fileAddress != nil }
    return published.map { "\($0.tag ?? $0.path): \($0.fileAddress ?? "")" }.joined(separator: "\n")
  }

  /// How the published file is known.
  private func digest(of set: WeightSetStatus) -> String {
    set.fileMD5.map { "MD5 \($0)" } ?? set.fileSHA256.map { "SHA-256 \($0)" } ?? "never recorded"
  }

  func variantTable(of network: CatalogNetwork) -> Table {
    var table = Table([Table.Column("\(network.identifier) --graph"), Table.Column("what it is")])
    for variant in network.graphVariants { table.append([variant.name, variant.note]) }
    return table
  }

  var json: JSON { .array(networks.map(json)) }

  private func json(_ network: CatalogNetwork) -> JSON {
    let sets = weightSets.filter { $0.network == network.identifier }
    return [
      "identifier": .string(network.identifier), "title": .string(network.title),
      "paper": .string(network.paper), "licence": .string(network.licence),
      "defaultSize": network.defaultSize.json, "minimumSize": network.minimumSize.json,
      "parameters": .integer(network.parameterCount), "layers": .integer(network.layerCount),
      "multiplyAdds": .integer(network.multiplyAdds),
      "features": .array(network.featureShape.dimensions.map(JSON.integer)),
      "preprocessing": .string(network.preprocessing.label),
      "imageNet": network.accuracy.map { ["top1": .number($0.top1), "source": .string($0.source)] } ?? .null,
      "graphs": .array(
        network.graphVariants.map { ["name": .string($0.name), "note": .string($0.note)] }),
      "weights": .array(sets.map(Self.json)),
    ]
  }

  private static func json(_ set: WeightSetStatus) -> JSON {
    [
      "path": .string(set.path), "tag": JSON(set.tag), "title": JSON(set.title), "file": JSON(set.fileName),
      "address": JSON(set.fileAddress),
      "size": JSON(set.fileByteCount), "md5": JSON(set.fileMD5), "sha256": JSON(set.fileSHA256),
      "digestWithTop": JSON(set.digestWithTop), "graph": JSON(set.graph),
      "licence": JSON(set.licence), "checks": .array(set.passed.map { .string($0.rawValue) }),
      "problems": .array(set.problems.map(JSON.string)),
    ]
  }
}

extension Extent {
  /// Rows and columns for machines.
  var json: JSON { [.integer(height), .integer(width)] }

  /// `224`, or `224x160` where rows and columns differ.
  fileprivate var shortWords: String { height == width ? "\(height)" : words }
}

extension Int {
  /// `3.86G`, `149M`: three digits at most.
  fileprivate var shortened: String {
    let units = [(1_000_000_000, "G"), (1_000_000, "M")]
    guard let (unit, letter) = units.first(where: { self >= $0.0 }) else { return grouped }
    let hundredths = (self + unit / 200) / (unit / 100)
    switch hundredths {
    case ..<1000:
      return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)\(letter)"
    case ..<10_000: return "\(hundredths / 100).\(hundredths % 100 / 10)\(letter)"
    default: return "\(hundredths / 100)\(letter)"
    }
  }
}
