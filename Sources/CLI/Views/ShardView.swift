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
      "skipped": json(summary.skipped),
    ]
  }

  static func json(_ skipped: [ShardSummary.Skipped]) -> JSON {
    .array(skipped.map { ["path": .string($0.name), "reason": .string($0.reason)] })
  }

  /// Which shards are in which state.
  struct Progress {
    private(set) var (finished, missing): ([Int], [Int]) = ([], [])
    private(set) var damaged: [(shard: Int, reason: String)] = []
    private var (rows, skipped) = (0, 0)

    init(_ states: [FeatureShards.State]) {
      for (shard, state) in states.enumerated() {
        switch state {
        case .finished(let rows, let skipped):
          finished.append(shard)
          self.rows += rows
          self.skipped += skipped
        case .missing: missing.append(shard)
        case .damaged(let reason): damaged.append((shard, reason))
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
      return table
    }

    func json(_ shards: FeatureShards) -> JSON {
      [
        "folder": .string(shards.folder), "shards": .integer(shards.run.shards),
        "images": shards.run.images.map(JSON.integer) ?? .null,
        "archives": shards.run.archives.map(JSON.integer) ?? .null, "finished": .integer(finished.count),
        "rows": .integer(rows),
        "skipped": .integer(skipped), "missing": .array(missing.map(JSON.integer)),
        "damaged": .array(damaged.map { ["shard": .integer($0.shard), "reason": .string($0.reason)] }),
        "remaining": .string(remaining),
      ]
    }
  }
}
