import Catalog
import HDF5
import KerasWeights
import Reports
import TensorArchive

/// `zoo synthesize`
struct SynthesizeCommand: Command {
  private let entry = Argument<String>.required("ENTRY", help: "a network of the catalog")
  private let output = Option<String?>.optional(
    "output", short: "o", value: "FILE", .text, help: "write here (default: the published file's name)")
  private let weightSet = Option<String?>.optional(
    "weight-set", value: "TAG", .text, help: "in the layout of this weight set (default: today's download)")
  private let seed = Option<Int>(
    "seed", value: "N", .integer(in: 0...Int.max), default: 1, help: "the values' seed")

  let name = "synthesize"
  let abstract = "write a Keras weight file with values from a seed"
  let discussion = """
    The file is laid out as Keras lays out the network's own, at full size; the values are random, in ranges \
    that keep activations alive. They are not ImageNet's: features from them mean nothing.
    """
  let example = "zoo synthesize resnet50 --seed 1 -o resnet50_notop.h5"
  var parameters: [any Parameter] { [entry, output, weightSet, seed, Common.zoo, Common.json] }

  func run(_ arguments: Arguments, _ console: Console) throws {
    let catalog = try Catalog.forCommand(arguments[Common.zoo])
    let target = try ConversionTarget(arguments[entry], of: catalog)
    let synthesis = try Synthesis(
      target, weightSet: arguments[weightSet], seed: UInt64(arguments[seed]))
    let path = arguments[output] ?? synthesis.fileName
    let progress = console.progress("writing", total: target.parameters.count, unit: "tensor")
    try synthesis.write(to: path) { _ in progress.advance() }
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
