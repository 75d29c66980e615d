import Catalog
import Encoding
import HDF5
import KerasWeights
import Reports
import TensorArchive

/// `zoo synthesize`
struct SynthesizeCommand: Command {
  private let entry = Argument<String>.required("ENTRY", help: "a network of the catalog, or pictures")
  private let output = Option<String?>.optional(
    "output", short: "o", value: "OUT", .output,
    help: "write here (default: the published file's name, or the folder pictures)")
  private let weightSet = Option<String?>.optional(
    "weight-set", value: "TAG", .text, help: "in the layout of this weight set (default: today's download)")
  private let seed = Option<Int>(
    "seed", value: "N", .integer(in: 0...Int.max), default: 1, help: "the values' seed")
  private let count = Option<Int>(
    "count", value: "N", .integer(in: 1...9999), default: 12, help: "with pictures, so many of each class")

  let name = "synthesize"
  let abstract = "write a Keras weight file, or pictures, from a seed"
  let discussion = """
    The file is laid out as Keras lays out the network's own, at full size; the values are random, in ranges \
    that keep activations alive. They are not ImageNet's: features from them mean nothing.

    zoo synthesize pictures writes a folder of generated pictures instead, a sub-folder for each of three \
    patterns: enough to try training and prediction with.
    """
  var example: String {
    """
    zoo synthesize \(Common.exampleEntry) --seed 1 -o weights_notop.h5
    zoo synthesize pictures --count 12 -o pictures
    """
  }
  var parameters: [any Parameter] { [entry, output, weightSet, seed, count, Common.zoo, Common.json] }

  func run(_ arguments: Arguments, _ console: Console) throws {
    if arguments[entry] == "pictures" {
      try writePictures(arguments, console)
    } else {
      try writeWeights(arguments, console)
    }
  }

  private func writePictures(_ arguments: Arguments, _ console: Console) throws {
    if arguments[weightSet] != nil {
      throw UsageError.conflict("--weight-set: belongs to a network; found pictures")
    }
    let path = arguments[output] ?? "pictures"
    let folder = SyntheticPictureFolder(seed: UInt64(arguments[seed]), countPerClass: arguments[count])
    let pictures = try folder.write(to: path, console)
    if arguments[Common.json] {
      console.print(
        ["output": .string(path), "pictures": .integer(pictures), "seed": .integer(arguments[seed])] as JSON)
    } else {
      let size = "\(folder.width) x \(folder.height)"
      console.print("\(path): \(counted(pictures, "picture")) of \(size) pixels from seed \(arguments[seed])")
    }
  }

  private func writeWeights(_ arguments: Arguments, _ console: Console) throws {
    let catalog = try arguments.catalog
    let target = try ConversionTarget(arguments[entry], of: catalog)
    let synthesis = try Synthesis(
      target, weightSet: arguments[weightSet], seed: UInt64(arguments[seed]))
    let path = arguments[output] ?? synthesis.fileName
    let progress = console.progress("writing", total: target.parameters.count, unit: "tensor")
    try synthesis.write(to: path, progress: { _ in progress.advance() })
    progress.finish()
    let byteCount = try FileSignature(path: path).byteCount
    let values = target.parameters.reduce(0) { $0 + $1.shape.elementCount }
    if arguments[Common.json] {
      let facts: [(name: String, value: JSON)] = [
        ("output", .string(path)), ("bytes", .integer(byteCount)), ("entry", .string(target.identifier)),
        ("weightSet", .string(synthesis.tag)), ("tensors", .integer(target.parameters.count)),
        ("values", .integer(values)), ("seed", .integer(arguments[seed])),
      ]
      console.print(JSON.object(facts))
      return
    }
    let layout = "\(target.title) in the layout of weight set \(synthesis.tag)"
    let counts = "\(target.parameters.count) tensors, \(values.grouped) values from seed \(arguments[seed])"
    console.print("\(path): \(layout), \(counts), \(byteCount.grouped) bytes")
  }
}
