public import Errors

/// Why features cannot be computed or put together in shards.
public enum ShardError: ZooError, Hashable {
  /// A number that no shard has.
  case number(index: Int, count: Int)
  /// More shards than archives, where whole archives are dealt.
  case tooManyShards(count: Int, archives: Int)
  /// Shards of archives some of which have the classes beside their images and others have none.
  case partlyLabelled(folder: String, labelled: [Int], unlabelled: [Int])
  /// A folder that holds no run of shards.
  case noRun(folder: String)
  /// A folder with the shards of another run; a sentence for each difference.
  case otherRun(folder: String, differences: [String])
  /// Shards that are not there, or not as they were written.
  case incomplete(folder: String, count: Int, missing: [Int], damaged: [Int])
  /// A file of a run that is not what it should be.
  case malformed(path: String, reason: String)

  /// What kind of error it is.
  public var family: ErrorFamily {
    switch self {
    case .noRun: .missing
    case .malformed: .malformed
    case .number, .tooManyShards, .partlyLabelled, .otherRun, .incomplete: .mismatch
    }
  }

  /// The error in one sentence.
  public var description: String { sentence.printable }

  private var sentence: String {
    switch self {
    case .number(let index, let count):
      "shard \(index) of \(count): expected 1 to \(Shard.mostShards.grouped) shards, numbered from 0 to one less than there are"
    case .tooManyShards(let count, let archives):
      "\(count.grouped) shards: expected at most one for each archive, found \(archives.grouped) archives; take fewer shards, or deal "
        + "the images instead of the archives"
    case .partlyLabelled(let folder, let labelled, let unlabelled):
      "\(folder): expected classes beside the images (.cls, .json) of all archives or of none, found them in those of shards "
        + "\(Shard.expression(of: labelled)), and none in those of shards \(Shard.expression(of: unlabelled)); add them and compute "
        + "these again, or compute all without classes"
    case .noRun(let folder):
      "\(folder): expected a folder with shards of features, found no \(ShardFolder.runName) in it; compute shards into it first"
    case .otherRun(let folder, let differences):
      "\(folder): has the shards of another run: \(differences.joined(separator: "; ")); choose another folder, or delete this one"
    case .incomplete(let folder, let count, let missing, let damaged):
      "\(folder): expected \(count.grouped) finished shards, found \((count - missing.count - damaged.count).grouped)"
        + Self.list(missing, "missing") + Self.list(damaged, "damaged")
        + "; compute these again: \(Shard.expression(of: (missing + damaged).sorted()))"
    case .malformed(let path, let reason): "\(path): \(reason); delete it and compute the shard again"
    }
  }

  private static func list(_ shards: [Int], _ what: String) -> String {
    shards.isEmpty ? "" : "; \(what): \(Shard.expression(of: shards))"
  }
}
