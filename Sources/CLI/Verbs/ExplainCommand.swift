import Foundation
import ModelZoo
import Reports

/// `zoo explain`
struct ExplainCommand: Command {
  private let model = ModelArguments()
  private let images = Argument.list(
    "IMAGE", help: "images, which may be in an archive: photos.zip/cats/im1.jpg")
  private let label = Option.optional(
    "class", value: "NAME", .text, help: "the class to explain (default: the most likely one of each image)")
  private let output = Option.optional(
    "output", short: "o", value: "FILE", .output,
    help:
      "where to write: a .png file of one image, or an .html page of any number (default: IMAGE's name with .explained.png, or explained.html for several, in the current folder)"
  )

  let name = "explain"
  let abstract = "show which parts of an image are evidence for a class"
  let discussion = """
    Writes the image, the same under a heat map, and the scale of the map side by side: yellow parts are evidence for the \
    class, violet parts are not. The method is Grad-CAM, at the layer that the head reads; the map is as coarse as that \
    layer. A page also has the probabilities. --json also prints the map, in a list for several images.
    """
  let example = """
    zoo explain animals.zoo.safetensors cat.jpg --class cats -o cat-why.png
    zoo explain animals.zoo.safetensors cat.jpg dog.jpg -o why.html
    """
  var declarations: [any CommandArgument] {
    [model.path, images, label, output, model.backbone, Common.interpolation, Common.threads, Common.json]
  }

  func run(_ arguments: Arguments, _ console: Console) throws {
    let paths = arguments[images]
    let path = arguments[output] ?? Self.defaultOutput(paths)
    if arguments[output] == nil { try arguments.refuseReplacing(unnamed: path, option: "--output") }
    let locations = try paths.map { try ImageLocation(resolving: $0) }
    try arguments.refuseOverwriting(
      model.files(arguments) + locations.map { $0.archive ?? $0.path }, by: path)
    let isPage = try Self.isPage(path, of: paths.count)
    try AtomicFile.checkWritable(path)
    let loaded = try model.load(arguments, console)
    try arguments.refuseOverwriting([loaded.backbone.path], by: path)
    let explainer = try Explainer(loaded)
    var report = ExplanationReport(of: arguments[model.path])
    var documents: [JSON] = []
    for (image, location) in zip(paths, locations) {
      let explanation = try explainer.explain(location, label: arguments[label])
      if isPage { try report.add(explanation) } else { try explanation.write(to: path) }
      if !explanation.hasEvidence {
        console.warn("\(image): no part is evidence for \(explanation.label); the heat map is empty")
      }
      if arguments[Common.json] {
        documents.append(Self.json(explanation, path))
      } else {
        Self.show(explanation, of: image, isPage ? nil : path, console)
      }
    }
    if isPage {
      try report.write(to: path)
      if !arguments[Common.json] { console.print("\(path): \(counted(paths.count, "image"))") }
    }
    if arguments[Common.json] { console.print(documents.count == 1 ? documents[0] : .array(documents)) }
  }

  /// Whether a page is asked for.
  private static func isPage(_ path: String, of count: Int) throws(UsageError) -> Bool {
    let ending = path.split(separator: ".").last?.lowercased() ?? ""
    if ["html", "htm"].contains(ending) { return true }
    guard count == 1 else {
      throw .conflict(
        "--output: \(count) images make a page; expected a name ending in .html, found \(path)")
    }
    try KnownEnding.check(path, contents: "a PNG image or a page", "png", "html", "htm")
    return false
  }

  private static func show(_ explanation: Explanation, of image: String, _ path: String?, _ console: Console)
  {
    let share = { (probability: Float) in fixed(Double(probability) * 100, decimals: 2) + " %" }
    let said = "\(explanation.prediction.label) \(share(explanation.prediction.probability))"
    let meant =
      explanation.label == explanation.prediction.label
      ? "" : ", \(explanation.label) \(share(explanation.probability))"
    console.print("\(image): \(said)\(meant)")
    if let path { console.print("\(path): evidence for \(explanation.label)") }
  }

  private static func defaultOutput(_ images: [String]) -> String {
    guard images.count == 1 else { return "explained.html" }
    return URL(fileURLWithPath: images[0]).deletingPathExtension().lastPathComponent + ".explained.png"
  }

  private static func json(_ explanation: Explanation, _ path: String) -> JSON {
    let heat = explanation.heat
    let rows = (0..<heat.height).map { row -> JSON in
      .array(heat.values[row * heat.width..<(row + 1) * heat.width].map { JSON($0) })
    }
    return [
      "file": .string(explanation.prediction.file), "label": .string(explanation.prediction.label),
      "class": .string(explanation.label), "probability": JSON(explanation.probability),
      "heat": .array(rows), "output": .string(path),
    ]
  }
}
