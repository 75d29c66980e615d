import ModelZoo
import Reports

/// `zoo listing`
struct ListingCommand: Command {
  private let sources = Argument.list(
    "IMAGE|FOLDER",
    help:
      "images, folders or archives (.zip, .tar) of images, or manifests (.csv, .tsv, .jsonl); - for paths on standard input"
  )
  private let output = Option.required(
    "output", short: "o", value: "LISTING", .output, help: "where to write the listing: a .jsonl or .csv file"
  )
  private let digests = Flag(
    "digests", help: "read every file for its SHA-256; without, changed files are told by their sizes alone")
  private let threads = Option.optional(
    "threads", value: "N", .integer(in: 1...1024), help: "look at N files at a time (default: four per core)")
  private let data = DataArguments()

  let name = "listing"
  let abstract = "list images once, for many machines to read their part of the list"
  let discussion = """
    A listing has one image a line, with its class and the size of its file, in the order in which all verbs read them. It \
    is a manifest wherever images are named. LISTING.index.json, which is written beside it, has the classes and where \
    the lines begin: zoo features --shard reads its own lines alone, and no folder. A file whose size (or SHA-256) is not \
    the listed one is an image that cannot be read.
    """
  let example = """
    zoo listing photos -o photos.jsonl
    zoo features backbone.zoo.safetensors photos.jsonl --shard 0/1000 -o features
    """
  var declarations: [any CommandArgument] {
    [sources, output, digests] + data.declarations + [threads, Common.json]
  }

  func run(_ arguments: Arguments, _ console: Console) throws {
    let (sources, path) = (arguments[sources], arguments[output])
    try KnownEnding.checkListing(path)
    let index = Listing.indexPath(of: path)
    for output in [path, index] { try arguments.refuseOverwriting(sources, by: output) }
    try arguments.refuseReplacing(unnamed: index, option: "--output", besides: path)
    try data.check(arguments, of: sources)
    data.noteIdle(arguments, console, of: sources)
    var options = ListingFileOptions(
      listing: data.options(arguments), takesDigests: arguments[digests], threads: arguments[threads])
    options.keepsClasses = data.classMode(arguments) != ClassMode.none
    let progress = console.progress("Listing", total: nil, unit: "image")
    let shown = Locked(0)
    let job =
      try console.paths(sources, arguments, idle: data.declarations) == nil
      ? Listing.write(images: sources, to: path, options: options)
      : Listing.write(paths: console.input, to: path, options: options)
    let summary = try job.wait { event in
      guard case .images(let done) = event else { return }
      progress.advance(by: done - shown.value)
      shown.value = done
    }
    progress.finish()
    report(summary, path, arguments, console)
  }

  private func report(
    _ summary: ListingSummary, _ path: String, _ arguments: Arguments, _ console: Console
  ) {
    console.show(summary.diagnostics)
    if summary.unknownCount > 0 {
      console.warn("listed without a size: \(counted(summary.unknownCount, "file")) that cannot be read")
    }
    guard arguments[Common.json] else {
      let classes =
        summary.classes.isEmpty ? "" : " of \(counted(summary.classes.count, "class", plural: "classes"))"
      return console.print("\(path): \(counted(summary.count, "image"))\(classes)")
    }
    console.print([
      "output": .string(path), "images": .integer(summary.count),
      "unreadable": .integer(summary.unknownCount),
      "classes": .array(summary.classes.map(JSON.string)),
    ])
  }
}
