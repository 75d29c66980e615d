import ModelZoo
import Reports

/// A shard that is finished, and how far a run is.
enum ShardView {
  static func sentence(_ summary: ShardSummary) -> String {
    let shard = "shard \(summary.shard.index) of \(summary.shard.count)"
    let rows = counted(summary.rowCount, "image")
    return summary.wasFinished
      ? "\(summary.path): \(shard), features of \(rows), was finished before"
      : "\(summary.path): \(shard), features of \(rows)"
  }

  static func json(_ summary: ShardSummary) -> JSON {
    [
      "output": .string(summary.path), "shard": .integer(summary.shard.index),
      "shards": .integer(summary.shard.count), "rows": .integer(summary.rowCount),
      "wasFinished": .boolean(summary.wasFinished), "notFinite": .integer(summary.nonFiniteCount),
      "skipped": json(summary.skipped), "notes": json(summary.notes),
    ]
  }

  static func json(_ notes: [ShardNote]) -> JSON {
    .array(
      notes.map {
        ["shard": .integer($0.shard), "warning": .boolean($0.isWarning), "sentence": .string($0.sentence)]
      })
  }

  /// Says what was said of the images of shards when they were listed; of very many the first, warnings ahead of the others.
  static func show(_ notes: [ShardNote], on console: Console) {
    let warnings = notes.filter(\.isWarning)
    let others = notes.filter { !$0.isWarning }
    for note in warnings.prefix(mostWarnings) { console.warn("shard \(note.shard): \(note.sentence)") }
    for note in others.prefix(1) { console.note("shard \(note.shard): \(note.sentence)") }
    let rest = max(0, warnings.count - mostWarnings) + max(0, others.count - 1)
    if rest > 0 { console.note("\(counted(rest, "more note")) on what shards list; --json has all") }
  }

  private static let mostWarnings = 6

  static func json(_ skipped: [ShardSummary.Skipped]) -> JSON {
    .array(skipped.map { ["path": .string($0.name), "reason": .string($0.reason)] })
  }

  /// Which shards are in which state.
  struct Progress {
    private(set) var (finished, missing): ([Int], [Int]) = ([], [])
    private(set) var damaged: [(shard: Int, reason: String)] = []
    private(set) var unreadable: [(shard: Int, reason: String)] = []
    private(set) var notes: [ShardNote] = []
    private var (rows, skipped) = (0, 0)

    init(_ states: [FeatureShards.State]) {
      for (shard, state) in states.enumerated() {
        switch state {
        case .finished(let rows, let skipped, let notes):
          finished.append(shard)
          self.notes += notes
          self.rows += rows
          self.skipped += skipped
        case .missing: missing.append(shard)
        case .damaged(let reason): damaged.append((shard, reason))
        case .unreadable(let reason): unreadable.append((shard, reason))
        }
      }
    }

    /// The numbers of those to compute, as schedulers take them; empty where there are none.
    var remaining: String { Shard.expression(of: (missing + damaged.map(\.shard)).sorted()) }

    var table: Table {
      var table = Table([
        Table.Column("shards"), Table.Column("number", .trailing), Table.Column("images", .trailing),
        Table.Column("skipped", .trailing), Table.Column("which"),
      ])
      table.append([
        "finished", finished.count.grouped, rows.grouped, skipped.grouped, Shard.expression(of: finished),
      ])
      table.append(["missing", missing.count.grouped, "", "", Shard.expression(of: missing)])
      if !damaged.isEmpty {
        table.append(["damaged", damaged.count.grouped, "", "", Shard.expression(of: damaged.map(\.shard))])
      }
      if !unreadable.isEmpty {
        table.append([
          "unreadable", unreadable.count.grouped, "", "", Shard.expression(of: unreadable.map(\.shard)),
        ])
      }
      return table
    }

    func json(_ shards: FeatureShards) -> JSON {
      [
        "folder": .string(shards.folder), "shards": .integer(shards.run.shards),
        "images": shards.run.images.map(JSON.integer) ?? .null,
        "archives": shards.run.archives.map(JSON.integer) ?? .null, "finished": .integer(finished.count),
        "rows": .integer(rows),
        "skipped": .integer(skipped), "missing": .array(missing.map(JSON.integer)),
        "damaged": Self.json(damaged), "unreadable": Self.json(unreadable),
        "notes": ShardView.json(notes), "remaining": .string(remaining),
      ]
    }

    private static func json(_ shards: [(shard: Int, reason: String)]) -> JSON {
      .array(shards.map { ["shard": .integer($0.shard), "reason": .string($0.reason)] })
    }
  }
}
