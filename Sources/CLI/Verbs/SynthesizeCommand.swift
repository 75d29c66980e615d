import ModelZoo
import Reports

/// `zoo synthesize`
struct SynthesizeCommand: Command {
  private let entry = Argument<String>.required("ENTRY", help: "a network of the catalog, or images")
  private let output = Option<String?>.optional(
    "output", short: "o", value: "OUT", .output,
    help: "where to write (default: the published file's name, or the folder images)")
  private let weightSet = Option<String?>.optional(
    "weight-set", value: "TAG", .text,
    help: "use the layout of this weight set (default: the current download)")
  private let seed = Option<Int>(
    "seed", value: "N", .integer(in: 0...Int.max), default: 1, help: "seed of the random values")
  private let count = Option<Int>(
    "count", value: "N", .integer(in: 1...9999), default: 12, help: "for images: number of images per class")

  let name = "synthesize"
  let abstract = "write a Keras weight file with random weights, or generated images"
  let discussion = """
    The file has the layout in which Keras saves the network, at full size. The values are random, in ranges that keep \
    activations from vanishing. They are not trained: features computed from them mean nothing.

    zoo synthesize images writes a folder of generated images instead, with one sub-folder for each of three patterns: \
    enough to try training and prediction.
    """
  var example: String {
    """
    zoo synthesize \(Common.exampleEntry) --seed 1 -o weights_notop.h5
    zoo synthesize images --count 12 -o images
    """
  }
  var declarations: [any CommandArgument] {
    [entry, output, weightSet, seed, count, Common.zoo, Common.json]
  }

  func run(_ arguments: Arguments, _ console: Console) throws {
    // "pictures" is 0.1.0's spelling.
    if ["images", "pictures"].contains(arguments[entry]) {
      try writeImages(arguments, console)
    } else {
      try writeWeights(arguments, console)
    }
  }

  private func writeImages(_ arguments: Arguments, _ console: Console) throws {
    if arguments[weightSet] != nil {
      throw UsageError.conflict("--weight-set: needs a network; found images")
    }
    let path = arguments[output] ?? "images"
    if arguments[output] == nil { try arguments.refuseReplacing(unnamed: path, option: "--output") }
    let folder = SyntheticImageFolder(seed: UInt64(arguments[seed]), countPerClass: arguments[count])
    let before = Self.imageCount(path)
    let progress = console.progress("Drawing", total: folder.imageCount, unit: "image")
    try folder.write(to: path) { _ in progress.advance() }
    progress.finish()
    let kept = Self.imageCount(path) - folder.imageCount
    if kept > 0 {
      console.warn(
        "\(path): \(counted(kept, "image")) that lay there before are still there, beside the new ones")
    }
    if before > kept { console.note("\(path): \(counted(before - kept, "image")) replaced") }
    if arguments[Common.json] {
      let facts: JSON = [
        "output": .string(path), "images": .integer(folder.imageCount), "seed": .integer(arguments[seed]),
      ]
      console.print(facts)
    } else {
      let size = "\(folder.width) x \(folder.height)"
      console.print(
        "\(path): \(counted(folder.imageCount, "image")) of \(size) pixels from seed \(arguments[seed])")
    }
  }

  /// How many images lie in a folder; none where there is none.
  private static func imageCount(_ path: String) -> Int { (try? Dataset(flat: path))?.items.count ?? 0 }

  private func writeWeights(_ arguments: Arguments, _ console: Console) throws {
    let file = try arguments.catalog.syntheticWeights(
      of: arguments[entry], weightSet: arguments[weightSet], seed: UInt64(arguments[seed]))
    let path = arguments[output] ?? file.fileName
    if arguments[output] == nil { try arguments.refuseReplacing(unnamed: path, option: "--output") }
    try KnownEnding.check(path, contents: "an HDF5 file", "h5", "hdf5")
    let progress = console.progress("Writing", total: file.tensorCount, unit: "tensor")
    let byteCount = try file.write(to: path) { _ in progress.advance() }
    progress.finish()
    if arguments[Common.json] {
      let facts: [(name: String, value: JSON)] = [
        ("output", .string(path)), ("bytes", .integer(byteCount)), ("entry", .string(file.network)),
        ("weightSet", .string(file.weightSet)), ("tensors", .integer(file.tensorCount)),
        ("values", .integer(file.valueCount)), ("seed", .integer(arguments[seed])),
      ]
      console.print(JSON.object(facts))
      return
    }
    let layout = "\(file.title) in the layout of weight set \(file.weightSet)"
    let counts =
      "\(counted(file.tensorCount, "tensor")), \(counted(file.valueCount, "value")) from seed \(arguments[seed])"
    console.print("\(path): \(layout), \(counts), \(byteCount.grouped) bytes")
  }
}
