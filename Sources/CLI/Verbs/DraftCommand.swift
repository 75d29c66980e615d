import ModelZoo
import Reports

/// `zoo draft`
struct DraftCommand: Command {
  private let file = Argument.required("MODEL.json", help: "an architecture, from Keras's model.to_json()")
  private let output = Option.optional(
    "output", short: "o", value: "FILE", .output, help: "write the entry here instead of printing it")
  private let identifier = Option.optional(
    "identifier", value: "NAME", .entryName, help: "the entry's name (default: the model's name)")
  private let title = Option.optional(
    "title", value: "TEXT", .text, help: "the network's name as its paper writes it")
  private let paper = Option(
    "paper", value: "TEXT", .text, default: "unknown", help: "the paper: title; authors; year; URL")
  private let licence = Option(
    "licence", value: "TEXT", .text, default: "unknown", help: "the licence of the architecture")
  private let preprocessing = Option.required(
    "preprocessing", value: "MODE", .choice(Preprocessing.named.keys.sorted()),
    help: "how pixel values are scaled")
  private let size = Option.optional(
    "size", value: "N|HxW", .imageSize, help: "the default image size (default: the model's own)")
  private let minimum = Option.optional(
    "minimum", value: "N|HxW", .imageSize, help: "the smallest image size (default: the smallest that works)")
  private let padsBySize = Flag(
    "pads-by-size",
    help: "the padding before windows of stride 2 depends on the image size, as in Keras's own networks")

  let name = "draft"
  let abstract = "make a catalog entry from a Keras architecture"
  let discussion = """
    Reads functional and sequential models of Keras 2 and Keras 3. Layers that an entry cannot describe are an error, \
    which lists all of them. Every number in the entry (parameters, shapes, sizes) is computed. Write the entry to \
    DIR/NAME/model.json to use it with --zoo DIR.
    """
  let example = "zoo draft model.json --identifier small --preprocessing tf -o mine/small/model.json"
  var declarations: [any CommandArgument] {
    [file, output, identifier, title, paper, licence, preprocessing, size, minimum, padsBySize]
  }

  func run(_ arguments: Arguments, _ console: Console) throws {
    let facts = EntryFacts(
      preprocessing: Preprocessing.named[arguments[preprocessing]] ?? .rescale,
      identifier: arguments[identifier], title: arguments[title], paper: arguments[paper],
      licence: arguments[licence], defaultSize: arguments[size], minimumSize: arguments[minimum],
      padsBySize: arguments[padsBySize])
    let draft = try DraftedEntry(fromKeras: arguments[file], facts)
    guard let output = arguments[output] else {
      console.write(draft.text)
      return
    }
    try arguments.refuseOverwriting([arguments[file]], by: output)
    try KnownEnding.check(output, contents: "JSON", "json")
    try draft.write(to: output)
    console.note("\(output): \(counted(draft.layerCount, "layer"))")
    for problem in draft.problems(in: output) { console.warn(problem.description) }
  }
}

extension ValueKind where Value == String {
  /// What an entry, its folder and its files can be called.
  fileprivate static var entryName: Self {
    Self(
      expectation: "a name of lower-case letters, digits, _, . and -",
      parse: { EntryFacts.isIdentifier($0) ? $0 : nil },
      show: \.self)
  }
}
