import Catalog
import Encoding
import Reports

/// What `zoo list` says of the catalog.
struct ListPage {
  let entries: [CatalogEntry]
  let statuses: [WeightSetStatus]

  /// Reads and checks the whole catalog.
  ///
  /// - Parameter files: what was found of weight files in hand.
  init(_ catalog: EntryCatalog, files: FittedFiles? = nil) throws {
    var entries: [CatalogEntry] = []
    var statuses: [WeightSetStatus] = []
    for identifier in catalog.identifiers {
      let entry = try catalog.entry(identifier)
      entries.append(entry)
      statuses += try WeightSetStatus.all(of: entry, in: catalog, files: files)
    }
    (self.entries, self.statuses) = (entries, statuses)
  }

  func networks() throws -> Table {
    var table = Table([
      Table.Column("entry"), Table.Column("network"), Table.Column("size", .trailing),
      Table.Column("least", .trailing), Table.Column("parameters", .trailing), Table.Column("input"),
      Table.Column("graphs"),
    ])
    for entry in entries {
      table.append([
        entry.identifier, entry.title, entry.defaultSize.words, try entry.minimumSize().words,
        entry.claims.parameters?.grouped ?? "", entry.preprocessing.label,
        entry.variants.map(\.name).joined(separator: " "),
      ])
    }
    return table
  }

  var weightSets: Table {
    var table = Table([
      Table.Column("entry"), Table.Column("weights"), Table.Column("graph"), Table.Column("licence"),
      Table.Column("checks passed"), Table.Column("what they are"),
    ])
    for status in statuses {
      table.append([
        status.entry.identifier, status.set?.tag ?? status.path, status.set?.graph ?? "",
        status.set?.licence ?? "", status.passed.map(\.rawValue).joined(separator: " "),
        status.set?.title ?? "unreadable",
      ])
    }
    return table
  }

  func variants(of entry: CatalogEntry) -> Table {
    var table = Table([Table.Column("\(entry.identifier) --graph"), Table.Column("what it is")])
    for variant in entry.variants { table.append([variant.name, variant.note]) }
    return table
  }

  var json: JSON {
    get throws { .array(try entries.map(json)) }
  }

  private func json(_ entry: CatalogEntry) throws -> JSON {
    let minimum = try entry.minimumSize()
    let sets = statuses.filter { $0.entry.identifier == entry.identifier }
    return [
      "identifier": .string(entry.identifier), "title": .string(entry.title),
      "paper": .string(entry.paper), "licence": .string(entry.licence),
      "defaultSize": [.integer(entry.defaultSize.height), .integer(entry.defaultSize.width)],
      "minimumSize": [.integer(minimum.height), .integer(minimum.width)],
      "parameters": JSON(entry.claims.parameters), "layers": JSON(entry.claims.layers),
      "preprocessing": .string(entry.preprocessing.label),
      "graphs": .array(entry.variants.map { ["name": .string($0.name), "note": .string($0.note)] }),
      "weights": .array(sets.map(Self.json)),
    ]
  }

  private static func json(_ status: WeightSetStatus) -> JSON {
    [
      "path": .string(status.path), "tag": JSON(status.set?.tag), "title": JSON(status.set?.title),
      "file": JSON(status.set?.file?.name), "size": JSON(status.set?.file?.size),
      "md5": JSON(status.set?.file?.md5), "graph": JSON(status.set?.graph),
      "licence": JSON(status.set?.licence), "checks": .array(status.passed.map { .string($0.rawValue) }),
      "problems": .array(status.problems.map(JSON.string)),
    ]
  }
}
