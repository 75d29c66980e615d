/// The shards of a run of features, and the merge behind them, as a scheduler takes them.
struct ShardScript {
  /// Whatever hands the shards to machines.
  enum Scheduler: String, CaseIterable {
    case slurm, kubernetes, parallel
  }

  /// The words of `zoo features`, itself included, without the number of a shard.
  let words: [String]
  let shardCount: Int
  /// The folder that all shards share.
  let folder: String
  /// Where the merged features go; nil for no merge.
  let merged: String?
  let limits: Limits
  let place: Place

  /// What a shard may use.
  struct Limits {
    let processors: Int
    /// A number with a unit, `4G`.
    let memory: String
    /// As Slurm writes it, `01:00:00`.
    let time: String?
    /// How many shards run at the same time.
    let atOnce: Int?
  }

  /// Where the work is done.
  struct Place {
    let partition: String?
    let account: String?
    let image: String?
    let claim: String?
    let mount: String
  }

  func text(for scheduler: Scheduler) -> String {
    switch scheduler {
    case .slurm: slurm
    case .kubernetes: kubernetes
    case .parallel: parallel
    }
  }

  /// The words of a shard's command with the options that are left to the script.
  func shardWords(_ number: [String], threads: String) -> [String] {
    let hasThreads = words.contains { $0 == "--threads" || $0.hasPrefix("--threads=") }
    return words + number + (hasThreads ? [] : ["--threads", threads])
  }

  /// The words of the merge, where there is to be one.
  var mergeWords: [String]? { merged.map { ["merge", folder, "-o", $0] } }
}
