import Foundation
import ModelZoo
import Reports

/// `zoo explain`
struct ExplainCommand: Command {
  private let model = ModelArguments()
  private let image = Argument.required(
    "IMAGE", help: "an image, which may be in an archive: photos.zip/cats/im1.jpg")
  private let label = Option.optional(
    "class", value: "NAME", .text, help: "the class to explain (default: the most likely one)")
  private let output = Option.optional(
    "output", short: "o", value: "FILE", .output,
    help: "where to write the PNG (default: IMAGE's name with .explained.png, in the current folder)")

  let name = "explain"
  let abstract = "show which parts of an image are evidence for a class"
  let discussion = """
    Writes the image with a heat map on top: yellow parts are evidence for the class, violet parts are not. The method \
    is Grad-CAM, at the layer that the head reads; the map is as coarse as that layer. --json also prints the map.
    """
  let example = "zoo explain animals.zoo.safetensors cat.jpg --class cats -o cat-why.png"
  var declarations: [any CommandArgument] {
    [model.path, image, label, output, model.backbone, Common.interpolation, Common.threads, Common.json]
  }

  func run(_ arguments: Arguments, _ console: Console) throws {
    let path = arguments[output] ?? Self.defaultOutput(arguments[image])
    let location = try ImageLocation(resolving: arguments[image])
    try arguments.refuseOverwriting(model.files(arguments) + [location.archive ?? location.path], by: path)
    try KnownEnding.check(path, contents: "a PNG image", "png")
    let model = try model.load(arguments, console)
    try arguments.refuseOverwriting([model.backbone.path], by: path)
    let explanation = try Explainer(model).explain(location, label: arguments[label])
    try explanation.write(to: path)
    if !explanation.hasEvidence {
      console.warn("\(arguments[image]): no part is evidence for \(explanation.label); the heat map is empty")
    }
    if arguments[Common.json] {
      console.print(Self.json(explanation, path))
    } else {
      let share = { (probability: Float) in fixed(Double(probability) * 100, decimals: 2) + " %" }
      let said = "\(explanation.prediction.label) \(share(explanation.prediction.probability))"
      let meant =
        explanation.label == explanation.prediction.label
        ? "" : ", \(explanation.label) \(share(explanation.probability))"
      console.print("\(arguments[image]): \(said)\(meant)")
      console.print("\(path): evidence for \(explanation.label)")
    }
  }

  private static func defaultOutput(_ image: String) -> String {
    URL(fileURLWithPath: image).deletingPathExtension().lastPathComponent + ".explained.png"
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
