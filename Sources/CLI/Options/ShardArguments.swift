import ModelZoo
import Reports

/// Which part of the images a process is to compute.
struct ShardArguments {
  private let shard = Option.optional(
    "shard", value: "I/N", .shard,
    help:
      "compute only shard I of N, from 0 to N-1, into the folder OUT, which all shards share; zoo merge puts them together"
  )
  private let shards = Option.optional(
    "shards", value: "N", .integer(in: 1...Shard.mostShards),
    help:
      "in a job array of Slurm or an indexed job of Kubernetes: compute the shard of this task's number, of N"
  )

  private let unit = Option(
    "shard-by", value: "UNIT", .choice(of: Unit.self), default: .image,
    help:
      "deal images, or whole archives (.tar, .zip): a shard opens its own alone, and the others need not be there"
  )

  /// What is dealt to shards.
  private enum Unit: String, CaseIterable {
    case image, archive
  }

  var group: OptionGroup { OptionGroup("Shards", [shard, shards, unit]) }

  /// The archives that are dealt to shards as a whole; nil where images are.
  ///
  /// - Parameters:
  ///   - words: the images that are named.
  ///   - images: what else is said of them.
  ///   - count: how many shards there are; nil where the command line asks for none.
  /// - Throws: `UsageError` for what nobody knows before all archives are listed; `DatasetError`, `ShardError`.
  func archives(
    _ words: [String], _ images: ImageArguments, _ arguments: Arguments, shards count: Int?
  ) throws -> ArchiveList? {
    guard arguments[unit] == .archive else { return nil }
    guard let count else {
      throw UsageError.conflict(
        "--shard-by archive: needs --shard or --shards, of which it says what is dealt")
    }
    guard !words.contains("-"), !words.contains(where: Dataset.isManifest) else {
      throw UsageError.conflict(
        "--shard-by archive: needs archives such as {000..009}.tar; of a list of images, a shard reads its own lines without it"
      )
    }
    let keepsClasses = try images.keepsClasses(ofDealtArchives: arguments)
    let archives = try ArchiveList(words, keepsClasses: keepsClasses)
    try archives.check(shards: count)
    return archives
  }

  /// Refuses a shard where it is left to a script.
  func refuse(_ arguments: Arguments) throws(UsageError) {
    guard arguments[shard] == nil, arguments[shards] == nil else {
      throw .conflict("--shard and --shards: the script adds them; leave them out behind --")
    }
  }

  /// The numbers of tasks, as schedulers hand them to a process.
  private static let variables = ["SLURM_ARRAY_TASK_ID", "JOB_COMPLETION_INDEX"]

  /// The shard that is asked for; nil for all images.
  ///
  /// - Throws: `UsageError` where the number is not known, or no shard has it.
  func shard(_ arguments: Arguments, _ console: Console) throws(UsageError) -> Shard? {
    if let chosen = arguments[shard] {
      guard arguments[shards] == nil else {
        throw .conflict("--shard and --shards: give one of them, not both")
      }
      return chosen
    }
    guard let count = arguments[shards] else { return nil }
    for name in Self.variables {
      guard let text = console.environment[name] else { continue }
      guard let index = Int(text), let shard = try? Shard(index, of: count) else {
        throw .conflict(
          "--shards \(count): expected a number from 0 to \(count - 1) in \(name), found \(text)")
      }
      return shard
    }
    throw .conflict(
      "--shards \(count): expected the number of the task in \(Self.variables.joined(separator: " or ")), found neither; "
        + "name the shard with --shard 0/\(count)")
  }
}

extension ValueKind where Value == Shard {
  /// `3/64`.
  static var shard: Self {
    Self(
      expectation: "a shard from 0 and how many there are, such as 0/8",
      parse: { text in
        let numbers = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
        guard numbers.count == 2, let index = numbers[0], let count = numbers[1] else { return nil }
        return try? Shard(index, of: count)
      }, show: { "\($0.index)/\($0.count)" })
  }
}
