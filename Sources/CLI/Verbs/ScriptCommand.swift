import ModelZoo
import Reports

/// `zoo script`
struct ScriptCommand: Command {
  private let scheduler = Argument.required(
    "SCHEDULER", help: "what hands the shards to machines: slurm, kubernetes or parallel (GNU parallel)")
  private let words = Argument.list(
    "WORD", help: "the command line of zoo features without a shard, behind --")
  private let shards = Option.required(
    "shards", value: "N", .integer(in: 1...Shard.mostShards), help: "how many shards there are")
  private let merged = Option.optional(
    "merge", value: "FILE", .text, help: "put the shards together behind them: a .npy or .safetensors file")
  private let processors = Option(
    "cpus", value: "N", .integer(in: 1...1024), default: 4, help: "processors of a shard, and its threads")
  private let memory = Option(
    "memory", value: "SIZE", .memory, default: "4G", help: "the most memory of a shard")
  private let time = Option.optional(
    "time", value: "TIME", .time,
    help: "time limit of a shard under Slurm (default: \(ShardScript.usualTime))")
  private let atOnce = Option.optional(
    "at-once", value: "N", .integer(in: 1...Shard.mostShards),
    help: "compute at most N shards at the same time")
  private let partition = Option.optional("partition", value: "NAME", .plainName, help: "partition of Slurm")
  private let account = Option.optional("account", value: "NAME", .plainName, help: "account of Slurm")
  private let image = Option.optional(
    "image", value: "NAME", .text, help: "container image with zoo, for Kubernetes")
  private let claim = Option.optional(
    "claim", value: "NAME", .plainName, help: "claim of the volume with images and features, for Kubernetes")
  private let mount = Option(
    "mount", value: "PATH", .text, default: "/data",
    help: "where containers see the volume; relative paths begin there")

  let name = "script"
  let abstract = "print a script that computes features in shards under a scheduler"
  let discussion = """
    For Slurm a script that submits a job array, in which a task whose time is over keeps what it has computed and is queued again, \
    and with --merge a job behind it; for Kubernetes an indexed job; for GNU parallel a script for one machine. Nothing is \
    submitted or computed, but the command line is checked.
    """
  let example =
    "zoo script slurm --shards 64 --merge all.npy -- features net.zoo.safetensors photos -o features"
  var declarations: [any CommandArgument] {
    [
      scheduler, words, shards, merged, processors, memory, time, atOnce, partition, account, image, claim,
      mount,
    ]
  }

  func run(_ arguments: Arguments, _ console: Console) throws {
    let kind = try ValueKind<ShardScript.Scheduler>.choice().decode(arguments[scheduler], for: "SCHEDULER")
    try refuseWithoutEffect(kind, arguments)
    let words = arguments[words]
    guard words.first == "features" else {
      throw UsageError.conflict(
        "WORD: expected the command line of zoo features behind --, found \(words.first.map { "\($0) first" } ?? "none")"
      )
    }
    for word in words where !Self.isHeld(word, by: kind) {
      throw UsageError.conflict(
        "WORD: a script for \(kind.rawValue) cannot hold \(word); give it another name")
    }
    if kind == .kubernetes, arguments[claim]?.wholeMatch(of: /[a-z0-9]([a-z0-9.-]*[a-z0-9])?/) == nil {
      throw UsageError.conflict(
        "--claim: expected a name of small letters, digits, - and ., found \(arguments[claim] ?? "none")")
    }
    if kind == .slurm, words.contains("--no-cache") {
      throw UsageError.conflict(
        "--no-cache: a task whose time is over goes on from the cache; leave it out, or name a folder with --cache"
      )
    }
    let folder = try FeaturesCommand().folder(
      ofShardsBy: Array(words.dropFirst()), count: arguments[shards])
    if let merged = arguments[merged] { try KnownEnding.checkFeatures(merged, of: "--merge") }
    console.write(
      ShardScript(
        words: words, shardCount: arguments[shards], folder: folder, merged: arguments[merged],
        limits: ShardScript.Limits(
          processors: arguments[processors], memory: arguments[memory], time: arguments[time],
          atOnce: arguments[atOnce]),
        place: ShardScript.Place(
          partition: arguments[partition], account: arguments[account], image: arguments[image],
          claim: arguments[claim], mount: arguments[mount])
      ).text(for: kind))
  }

  /// Whether a script can hold a word: in one of GNU parallel braces but those of `{000..999}` stand for something else, and YAML has
  /// nothing but Unicode.
  private static func isHeld(_ word: String, by kind: ShardScript.Scheduler) -> Bool {
    guard !word.contains(where: { $0.isNewline || $0 == "\0" }) else { return false }
    switch kind {
    case .slurm: return true
    case .parallel: return !word.replacing(/\{\d+\.\.\d+\}/, with: "").contains("{")
    case .kubernetes: return word.contains("\\x") || !JSON.string(word).compact.contains("\\\\x")
    }
  }

  /// Options that another scheduler has, and those that this one needs.
  private func refuseWithoutEffect(
    _ kind: ShardScript.Scheduler, _ arguments: Arguments
  ) throws(UsageError) {
    let own: [(ShardScript.Scheduler, [any CommandArgument])] = [
      (.slurm, [time, partition, account]), (.kubernetes, [image, claim, mount]),
    ]
    for (scheduler, options) in own where scheduler != kind {
      for option in options where arguments.isGiven(option) {
        throw .conflict(
          "\(option.declaration.label): is of \(scheduler.rawValue) alone, found \(kind.rawValue); leave it out"
        )
      }
    }
    if kind == .kubernetes, arguments[image] == nil || arguments[claim] == nil {
      throw .conflict("--image and --claim: kubernetes needs both")
    }
  }
}

extension ValueKind where Value == String {
  /// A number with a unit, as Slurm takes it.
  fileprivate static var memory: Self {
    Self(
      expectation: "a whole number with M or G, such as 4G",
      parse: { text in
        guard let unit = text.last, "MG".contains(unit), let number = Int(text.dropLast()), number > 0 else {
          return nil
        }
        return "\(number)\(unit)"
      }, show: \.self)
  }

  /// A span of time, as Slurm takes it.
  fileprivate static var time: Self {
    Self(
      expectation: "minutes, hours:minutes:seconds or days-hours:minutes:seconds",
      parse: { $0.wholeMatch(of: /(\d+-)?\d+(:\d\d?){0,2}/) == nil ? nil : $0 }, show: \.self)
  }

  /// A name that needs no quotes anywhere.
  fileprivate static var plainName: Self {
    Self(
      expectation: "a name of letters, digits, and - _ . ,",
      parse: { $0.wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9_.,-]*/) == nil ? nil : $0 }, show: \.self)
  }
}
