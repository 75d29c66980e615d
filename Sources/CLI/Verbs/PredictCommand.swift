import ModelZoo
import Reports

/// `zoo predict`
struct PredictCommand: Command {
  private let model = Argument.required("MODEL", help: "a model written by zoo train")
  private let pictures = Argument.list(
    "IMAGE|FOLDER", help: "pictures, folders of pictures, or manifests (.csv, .jsonl)")
  private let top = Option(
    "top", value: "K", .integer(in: 1...1000), default: 3, help: "show the K most likely classes")
  private let csv = Flag("csv", help: "print comma-separated values: file, label, probability, rank")
  private let listing = PictureParameters()
  private let extraction = ExtractionParameters()

  let name = "predict"
  let abstract = "classify pictures with a trained model"
  let discussion = """
    The model holds everything: backbone, head, labels and how pictures are resized and preprocessed.
    """
  let example = "zoo predict animals.zoo.safetensors cat.jpg dog.jpg --top 2"
  let essentials = ["top", "csv", "json", "batch", "on-bad-image"]
  var groups: [OptionGroup] {
    [
      OptionGroup("Result", [top, csv, Common.seed, Common.exact, Common.json]), listing.group,
      extraction.group,
    ]
  }
  var parameters: [any Parameter] { [model, pictures] + groups.flatMap(\.parameters) }

  func run(_ arguments: Arguments, _ console: Console) throws {
    if arguments[csv], arguments[Common.json] {
      throw UsageError.conflict("--csv and --json: give one of them, not both")
    }
    let list = try listing.list(arguments[pictures], arguments, console)
    let model = try TrainedModel(
      contentsOf: arguments[model], threads: arguments[Common.threads], isExact: arguments[Common.exact],
      pictures: list.items.count)
    let (predictions, skipped) = try extraction.withOptions(arguments, console, total: list.items.count) {
      try model.predict(list, options: $0)
    }
    console.list(skipped: skipped)
    if arguments[Common.json] {
      console.print(.array(predictions.map { json($0, arguments[top]) }))
    } else if arguments[csv] {
      printCSV(predictions, arguments[top], console)
    } else {
      printTable(predictions, arguments[top], console)
    }
  }

  private func json(_ prediction: Prediction, _ count: Int) -> JSON {
    let scores = prediction.scores.prefix(count).map { score -> JSON in
      ["label": .string(score.label), "probability": JSON(score.probability)]
    }
    return ["file": .string(prediction.file), "label": .string(prediction.label), "top": .array(scores)]
  }

  private func printCSV(_ predictions: [Prediction], _ count: Int, _ console: Console) {
    console.write(CSV.record(["file", "label", "probability", "rank"]))
    for prediction in predictions {
      for (rank, score) in prediction.scores.prefix(count).enumerated() {
        console.write(
          CSV.record([prediction.file, score.label, "\(score.probability)", String(rank + 1)]))
      }
    }
  }

  private func printTable(_ predictions: [Prediction], _ count: Int, _ console: Console) {
    let ranks = predictions.map { min(count, $0.scores.count) }.max() ?? 0
    let columns = (1...max(1, ranks)).flatMap { rank in
      [Table.Column("\(rank)."), Table.Column("", .trailing)]
    }
    var table = Table([Table.Column("image")] + columns)
    for prediction in predictions {
      let cells = prediction.scores.prefix(count).flatMap { score in
        [score.label, fixed(Double(score.probability) * 100, decimals: 2) + " %"]
      }
      table.append([prediction.file] + cells)
    }
    console.print(table)
  }
}
