import Foundation
import ModelZoo
import Reports

/// `zoo cache`
struct CacheCommand: Command {
  private let folder = Option.optional(
    "cache", value: "DIR", .text, help: "the cache folder (default: the system's folder for caches)")
  private let clear = Flag("clear", help: "remove all cached features")
  private let shrink = Option.optional(
    "shrink", value: "SIZE", .byteCount,
    help: "evict the least recently used features until at most SIZE is left")
  private let verify = Flag("verify", help: "read every row and compare its checksum")

  let name = "cache"
  let abstract = "list or clear the features cached on disk"
  let discussion = """
    zoo train, evaluate, features and predict cache the features they compute, one row per image. A row is found again \
    by the image's bytes, its augmentation, the network, its weights, the layer and the preprocessing. A damaged row is \
    computed again. Nothing else is in the folder, and it can be removed at any time.
    """
  let example = "zoo cache\nzoo cache --shrink 1GB\nzoo cache --clear"
  var declarations: [any CommandArgument] { [folder, clear, shrink, verify, Common.wide, Common.json] }

  func run(_ arguments: Arguments, _ console: Console) throws {
    guard let path = arguments[folder] ?? FeatureCache.standardFolder(environment: console.environment) else {
      throw UsageError.conflict("--cache: this account has no home folder for caches; name a folder")
    }
    if arguments[clear], arguments[shrink] != nil {
      throw UsageError.conflict("--clear and --shrink: give one of them, not both")
    }
    if arguments[verify], arguments[clear] || arguments[shrink] != nil {
      console.note("--verify: has no effect where features are removed")
    }
    let cache = FeatureCache(folder: path)
    if arguments[clear] || arguments[shrink] != nil {
      let removed = try arguments[shrink].map { cache.shrink(to: $0) } ?? cache.clear()
      console.print("\(path): removed \(memorySize(removed))")
      return
    }
    let shelves = cache.shelves(verifying: arguments[verify])
    if arguments[Common.json] {
      console.print(.array(shelves.map(json)))
    } else {
      show(shelves, path, arguments[verify], console)
    }
  }

  private func show(_ shelves: [FeatureCache.Shelf], _ path: String, _ verified: Bool, _ console: Console) {
    let total = shelves.reduce(0) { $0 + $1.byteCount }
    console.print("\(path): \(counted(shelves.reduce(0) { $0 + $1.rowCount }, "row")), \(memorySize(total))")
    guard !shelves.isEmpty else { return }
    var columns = [
      Table.Column("rows", .trailing), Table.Column("width", .trailing), Table.Column("size", .trailing),
      Table.Column("last used"), Table.Column("computed by"),
    ]
    if verified { columns.insert(Table.Column("damaged", .trailing), at: 1) }
    var table = Table(columns)
    for shelf in shelves {
      var cells = [
        shelf.rowCount.grouped, shelf.rowWidth.grouped, memorySize(shelf.byteCount),
        shelf.lastUse.formatted(.iso8601), shelf.title,
      ]
      if verified { cells.insert(shelf.damagedRowCount.grouped, at: 1) }
      table.append(cells)
    }
    console.print(table)
  }

  private func json(_ shelf: FeatureCache.Shelf) -> JSON {
    [
      "rows": .integer(shelf.rowCount), "width": .integer(shelf.rowWidth), "files": .integer(shelf.fileCount),
      "bytes": .integer(shelf.byteCount), "lastUse": .string(shelf.lastUse.formatted(.iso8601)),
      "damaged": .integer(shelf.damagedRowCount), "context": .string(shelf.context),
    ]
  }
}

extension FeatureCache.Shelf {
  /// A size as every table has it, rows by columns; the context has columns by rows.
  private static func rowsFirst(_ line: String) -> String {
    line.replacing(#/^([0-9]+) x ([0-9]+)/#) { "\($0.2) x \($0.1)" }
  }

  /// The first lines of the context: network, cut, input, preprocessing.
  fileprivate var title: String {
    let lines = context.split(separator: "\n").prefix(4).map { line in
      line.split(separator: " ", maxSplits: 1).last.map(String.init) ?? ""
    }
    let ordered = lines.map { Self.rowsFirst($0) }
    let mode = lines.last?.prefix { $0 != "," } ?? ""
    return (ordered.dropLast() + [String(mode)]).joined(separator: "; ")
  }
}
