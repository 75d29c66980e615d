import ModelZoo
import Reports

/// What `zoo list` says of the catalog.
struct CatalogView {
  let networks: [CatalogNetwork]
  let weightSets: [WeightSetStatus]

  /// Reads and checks the whole catalog.
  ///
  /// - Parameter fitted: what was found of weight files in hand.
  init(_ catalog: NetworkCatalog, fitted: FittedWeightSets? = nil) throws {
    networks = try catalog.networks()
    weightSets = try catalog.identifiers.flatMap { try catalog.weightSets(of: $0, fitted: fitted) }
  }

  var networkTable: Table {
    var table = Table([
      Table.Column("entry"), Table.Column("network"), Table.Column("size", .trailing),
      Table.Column("least", .trailing), Table.Column("parameters", .trailing), Table.Column("input"),
      Table.Column("graphs"),
    ])
    for network in networks {
      table.append([
        network.identifier, network.title, network.defaultSize.words, network.minimumSize.words,
        network.parameterCount.grouped, network.preprocessing.label,
        network.graphVariants.map(\.name).joined(separator: " "),
      ])
    }
    return table
  }

  var weightSetTable: Table {
    var table = Table([
      Table.Column("entry"), Table.Column("weights"), Table.Column("graph"), Table.Column("licence"),
      Table.Column("checks passed"), Table.Column("what they are"),
    ])
    for set in weightSets {
      table.append([
        set.network, set.tag ?? set.path, set.graph ?? "", set.licence ?? "",
        set.passed.map(\.rawValue).joined(separator: " "), set.title ?? "unreadable",
      ])
    }
    return table
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
      "preprocessing": .string(network.preprocessing.label),
      "graphs": .array(
        network.graphVariants.map { ["name": .string($0.name), "note": .string($0.note)] }),
      "weights": .array(sets.map(Self.json)),
    ]
  }

  private static func json(_ set: WeightSetStatus) -> JSON {
    [
      "path": .string(set.path), "tag": JSON(set.tag), "title": JSON(set.title), "file": JSON(set.fileName),
      "size": JSON(set.fileByteCount), "md5": JSON(set.fileMD5), "graph": JSON(set.graph),
      "licence": JSON(set.licence), "checks": .array(set.passed.map { .string($0.rawValue) }),
      "problems": .array(set.problems.map(JSON.string)),
    ]
  }
}

extension Extent {
  /// Rows and columns for machines.
  var json: JSON { [.integer(height), .integer(width)] }
}
