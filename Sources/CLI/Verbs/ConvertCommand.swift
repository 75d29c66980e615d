import Catalog
import Encoding
import HDF5
import KerasWeights
import Reports
import TensorArchive
import Tensors

/// `zoo convert`
struct ConvertCommand: Command {
  private let file = Argument<String>.required(
    "FILE", help: "a Keras weight file (.h5), or with --dtype an archive")
  private let output = Option<String>.required(
    "output", short: "o", value: "ARCHIVE", .output, help: "write the archive here (.zoo.safetensors)")
  private let entry = Option<String?>.optional(
    "entry", value: "NAME", .text, help: "take the file for this network of the catalog")
  private let graph = Option<String?>.optional(
    "graph", value: "NAME", .text, help: "take this variant of the network's graph")
  private let kernels = Option<String?>.optional(
    "kernels", value: "ORDER", .text, help: "theano or tensorflow: whether kernels are rotated by 180°")
  private let dropTop = Flag("drop-top", help: "leave out the classifier's layers")
  private let type = Option.optional(
    "dtype", value: "TYPE", .choice(["f32", "f16", "bf16"]),
    help: "store kernels as TYPE (default: as the file has them); f16 and bf16 take half the room")

  let name = "convert"
  let abstract = "convert a Keras weight file into an archive"
  let discussion = """
    What the file is (network, era, order of kernels, variant of the graph) is found from its content, never \
    from its name, and said with the reasons. Every tensor of the network must be there in its shape, and \
    nothing else; otherwise nothing is written and everything that does not fit is listed.

    With --dtype numbers are rounded to the nearest of that type, of two the even one; a number too large for it \
    is refused. Biases and the statistics of normalisations stay f32. An archive can be stored anew that way, \
    a trained model too.
    """
  let example = """
    zoo convert weights_notop.h5 -o backbone.zoo.safetensors
    zoo convert backbone.zoo.safetensors --dtype bf16 -o half.zoo.safetensors
    """
  var parameters: [any Parameter] {
    [file, output, entry, graph, kernels, dropTop, type, Common.zoo, Common.json]
  }

  func run(_ arguments: Arguments, _ console: Console) throws {
    try arguments.refuseOverwriting([arguments[file]], by: arguments[output])
    if let type = scalarType(arguments),
      case .safetensors = try FileSignature(path: arguments[file]).kind
    {
      return try store(arguments, as: type, console)
    }
    let catalog = try arguments.catalog
    let options = Conversion.Options(
      recognition: RecognitionOptions(
        entry: arguments[entry], graph: arguments[graph], kernels: try kernelOrder(arguments)),
      dropsTop: arguments[dropTop], scalarType: scalarType(arguments), producer: Release.producer)
    let conversion = try Conversion(
      path: arguments[file], targets: try ConversionTarget.all(of: catalog), options: options)
    let report = try write(conversion, to: arguments[output], console)
    if arguments[Common.json] {
      console.print(ConversionPage.json(report, output: arguments[output]))
    } else {
      for line in ConversionPage.lines(report, file: arguments[file], output: arguments[output]) {
        console.print(line)
      }
    }
  }

  /// Stores an archive anew, its numbers as `type`.
  private func store(_ arguments: Arguments, as type: ScalarType, _ console: Console) throws {
    guard arguments[entry] == nil, arguments[graph] == nil, arguments[kernels] == nil, !arguments[dropTop]
    else { throw UsageError.conflict("--entry, --graph, --kernels, --drop-top: not for an archive") }
    let archive = try Archive(contentsOf: arguments[file])
    let values = archive.tensors.reduce(0) { $0 + $1.shape.elementCount }
    let progress = console.progress("converting", total: values, unit: "value")
    try archive.write(to: arguments[output], as: type) { progress.advance(by: $0) }
    progress.finish()
    let stored = try Archive(contentsOf: arguments[output])
    if arguments[Common.json] {
      console.print(ArchivePage(stored).json(false))
    } else {
      console.print(
        "\(stored.path): \(stored.tensors.count) tensors (\(ArchivePage.types(of: stored))), "
          + "\(stored.byteCount.grouped) bytes; \(archive.path) has \(archive.byteCount.grouped)")
    }
  }

  private func scalarType(_ arguments: Arguments) -> ScalarType? {
    arguments[type].flatMap { ScalarType(rawValue: $0.uppercased()) }
  }

  private func write(
    _ conversion: Conversion, to output: String, _ console: Console
  ) throws -> Conversion.Report {
    let values = conversion.recognition.valueCount
    let progress = console.progress("converting", total: values, unit: "value")
    let report = try conversion.write(to: output) { progress.advance(by: $0) }
    progress.finish()
    return report
  }

  private func kernelOrder(_ arguments: Arguments) throws(UsageError) -> WeightSet.KernelOrder? {
    guard let text = arguments[kernels] else { return nil }
    guard let order = WeightSet.KernelOrder(rawValue: text) else {
      throw .invalid(
        parameter: "--kernels", expected: "theano or tensorflow", found: text,
        suggestion: nil)
    }
    return order
  }
}
