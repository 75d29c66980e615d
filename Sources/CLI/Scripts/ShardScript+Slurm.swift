extension ShardScript {
  /// A script that submits a job array, and a merge that depends on it.
  var slurm: String {
    let command = Arguments.commandLine(
      shardWords(["--shards", "\(shardCount)"], threads: "\(limits.processors)"))
    return """
      #!/bin/sh
      # Features in \(shardCount) shards, as a job array of Slurm: save this as a file, and sh FILE submits it. What is put behind FILE goes to
      # sbatch, as in: sh FILE --array=3,7   (zoo merge --status says which are to be computed again)
      set -eu
      array=$(sbatch --parsable "$@" << 'SHARD'
      #!/bin/sh
      #SBATCH --job-name=zoo-features
      #SBATCH --array=0-\(shardCount - 1)\(limits.atOnce.map { "%\($0)" } ?? "")
      #SBATCH --cpus-per-task=\(limits.processors)
      #SBATCH --mem=\(limits.memory)
      \(directives("--time=\(limits.time ?? Self.usualTime)", partition, account))
      #SBATCH --signal=B:USR1@120
      #SBATCH --requeue
      #SBATCH --open-mode=append
      #SBATCH --output=zoo-features-%A_%a.log
      # Two minutes before its time is over the task stops. What it has computed is in the cache, and it is queued again to go on there,
      # 20 times at most.
      again() {
        kill -TERM "$work"
        if wait "$work"; then exit 0; fi
        [ "${SLURM_RESTART_COUNT:-0}" -ge 20 ] || scontrol requeue "$SLURM_JOB_ID"
        exit 1
      }
      trap again USR1
      \(command) &
      work=$!
      wait "$work"
      SHARD
      )
      array=${array%%;*}
      echo "features: job $array"
      \(slurmMerge)
      """ + "\n"
  }

  private var slurmMerge: String {
    guard let mergeWords else { return "echo \(Self.quoted("how far it is: zoo merge --status \(folder)"))" }
    return """
      merge=$(sbatch --parsable --dependency=afterok:"$array" --kill-on-invalid-dep=yes << 'MERGE'
      #!/bin/sh
      #SBATCH --job-name=zoo-merge
      \(directives("--time=\(limits.time ?? Self.usualTime)", partition, account))
      #SBATCH --output=zoo-merge-%j.log
      exec \(Arguments.commandLine(mergeWords))
      MERGE
      )
      echo "merge: job ${merge%%;*}, behind it"
      echo \(Self.quoted("how far it is: zoo merge --status \(folder)"))
      """
  }

  static let usualTime = "01:00:00"

  private var partition: String? { place.partition.map { "--partition=\($0)" } }
  private var account: String? { place.account.map { "--account=\($0)" } }

  private func directives(_ options: String?...) -> String {
    options.compactMap(\.self).map { "#SBATCH \($0)" }.joined(separator: "\n")
  }

  private static func quoted(_ text: String) -> String { "'\(text.replacing("'", with: "'\\''"))'" }
}
