import Foundation
import ModelZoo
import Reports

/// `zoo explain`
struct ExplainCommand: Command {
  private let model = Argument.required("MODEL", help: "a model written by zoo train")
  private let image = Argument.required("IMAGE", help: "an image")
  private let label = Option.optional(
    "class", value: "NAME", .text, help: "the class to look for (default: the most likely one)")
  private let output = Option.optional(
    "output", short: "o", value: "FILE", .output,
    help: "where to write the PNG (default: IMAGE's name with .explained.png, here)")

  let name = "explain"
  let abstract = "show where in an image a trained model looks"
  let discussion = """
    Writes the image under a heat map: yellow is what speaks for the class, violet what does not. This is \
    Grad-CAM at the layer the head sits on; the map is as coarse as that layer. --json prints the map itself.
    """
  let example = "zoo explain animals.zoo.safetensors cat.jpg --class cats -o cat-why.png"
  var declarations: [any CommandArgument] { [model, image, label, output, Common.threads, Common.json] }

  func run(_ arguments: Arguments, _ console: Console) throws {
    let path = arguments[output] ?? Self.defaultOutput(arguments[image])
    try arguments.refuseOverwriting([arguments[model], arguments[image]], by: path)
    try KnownEnding.check(path, contents: "a PNG image", "png")
    let model = try TrainedModel(contentsOf: arguments[model], threads: arguments[Common.threads])
    let explanation = try Explainer(model).explain(arguments[image], label: arguments[label])
    try explanation.write(to: path)
    if !explanation.hasEvidence {
      console.warn("\(arguments[image]): nothing speaks for \(explanation.label); the map is all cold")
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
      console.print("\(path): what speaks for \(explanation.label)")
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
