extension ShardScript {
  /// The place of a shard's number in a command of GNU parallel.
  static let number = "{shard}"

  /// A script that runs the shards on this machine, and then the merge.
  var parallel: String {
    let command = Arguments.commandLine(
      shardWords(["--shard", "\(Self.number)/\(shardCount)"], threads: "\(limits.processors)"))
    let jobs = limits.atOnce.map { "-j \($0)" } ?? "-j \(Self.part(of: limits.processors))"
    return """
      #!/bin/sh
      # Features in \(shardCount) shards, on this machine, by GNU parallel: save this as a file, and sh FILE runs it. What is finished is not computed again.
      set -eu
      seq 0 \(shardCount - 1) | parallel \(jobs) --retries 3 -q -I '\(Self.number)' \(command)
      \(mergeWords.map(Arguments.commandLine) ?? Arguments.commandLine(["merge", "--status", folder]))
      """ + "\n"
  }

  /// As many jobs as there are processors for them: a share of all, as parallel computes it.
  private static func part(of processors: Int) -> String {
    processors == 1 ? "100%" : "$(( ($(getconf _NPROCESSORS_ONLN) + \(processors - 1)) / \(processors) ))"
  }
}
