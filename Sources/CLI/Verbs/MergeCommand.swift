import ModelZoo
import Reports

/// `zoo merge`
struct MergeCommand: Command {
  private let folder = Argument.required("DIR", help: "the folder that zoo features --shard wrote to")
  private let output = Option.optional(
    "output", short: "o", value: "OUT", .output,
    help: "where to write the features: a .npy or .safetensors file")
  private let status = Flag(
    "status", help: "only say which shards are finished, by their records and sizes, and which are not")

  let name = "merge"
  let abstract = "put the shards of features together"
  let discussion = """
    OUT is, byte for byte, what zoo features writes in one process, if the shards were computed by machines of one kind. \
    Shards that are missing or damaged are named as schedulers take them (1-2,5-10), to be computed again; nothing is \
    written before all are there.
    """
  let example = "zoo merge --status features\nzoo merge features -o features.safetensors"
  var declarations: [any CommandArgument] { [folder, output, status, Common.wide, Common.json] }

  func run(_ arguments: Arguments, _ console: Console) throws {
    let shards = try FeatureShards(folder: arguments[folder])
    if arguments[status] {
      guard arguments[output] == nil else {
        throw UsageError.conflict("--status and --output: give one of them, not both")
      }
      return show(ShardView.Progress(shards.states), of: shards, arguments, console)
    }
    guard let path = arguments[output] else {
      throw UsageError.conflict(
        "--output: expected a .npy or .safetensors file to write, or --status; found neither")
    }
    try KnownEnding.checkFeatures(path)
    try arguments.refuseOverwriting(shards.files, by: path)
    if path.lowercased().hasSuffix(".npy") {
      try arguments.refuseReplacing(unnamed: path + ".csv", option: "--output", besides: path)
    }
    let progress = console.progress("Merging", total: shards.run.images, unit: "row")
    let job = try shards.merge(to: path)
    let shown = Locked(0)
    let merged = try job.wait { event in
      guard case .rows(let done, _) = event else { return }
      progress.advance(by: done - shown.value)
      shown.value = done
    }
    progress.finish()
    report(merged, path, arguments, console)
  }

  private func show(
    _ progress: ShardView.Progress, of shards: FeatureShards, _ arguments: Arguments, _ console: Console
  ) {
    guard !arguments[Common.json] else { return console.print(progress.json(shards)) }
    console.print(
      "\(shards.folder): \(shards.run.words) in \(counted(shards.run.shards, "shard"))")
    console.print(progress.table)
    ShardView.show(progress.notes, on: console)
    for shard in progress.damaged + progress.unreadable {
      console.warn("shard \(shard.shard): \(shard.reason)")
    }
    if !progress.remaining.isEmpty { console.print("to compute: \(progress.remaining)") }
  }

  private func report(
    _ merged: FeatureShards.Merged, _ path: String, _ arguments: Arguments, _ console: Console
  ) {
    if merged.machines.count > 1 {
      console.warn(
        "the shards were computed by machines of \(merged.machines.count) kinds (\(merged.machines.joined(separator: "; "))): "
          + "rows equal what one machine computes but for rounding")
    }
    ShardView.show(merged.notes, on: console)
    if !merged.skipped.isEmpty {
      console.warn(
        "without features: \(counted(merged.skipped.count, "unreadable image")); --json lists them")
    }
    guard arguments[Common.json] else {
      return console.print("\(path): features of \(counted(merged.rows.files.count, "image"))")
    }
    console.print([
      "output": .string(path), "rows": .integer(merged.rows.files.count),
      "classes": .array(merged.rows.classNames.map(JSON.string)),
      "notFinite": .integer(merged.rows.nonFiniteCount), "skipped": ShardView.json(merged.skipped),
      "notes": ShardView.json(merged.notes),
      "machines": .array(merged.machines.map(JSON.string)),
    ])
  }
}
