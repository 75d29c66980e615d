import Catalog
import KerasWeights
import Reports
import TensorArchive
import Tensors

/// `zoo convert`
struct ConvertCommand: Command {
  private let file = Argument<String>.required("FILE", help: "a Keras weight file (.h5)")
  private let output = Option<String>.required(
    "output", short: "o", value: "ARCHIVE", .text, help: "write the archive here (.zoo.safetensors)")
  private let entry = Option<String?>.optional(
    "entry", value: "NAME", .text, help: "take the file for this network of the catalog")
  private let graph = Option<String?>.optional(
    "graph", value: "NAME", .text, help: "take this variant of the network's graph")
  private let kernels = Option<String?>.optional(
    "kernels", value: "ORDER", .text, help: "theano or tensorflow: whether kernels are rotated by 180°")
  private let dropTop = Flag("drop-top", help: "leave out the classifier's layers")

  let name = "convert"
  let abstract = "convert a Keras weight file into an archive"
  let discussion = """
    What the file is (network, era, order of kernels, variant of the graph) is found from its content, never \
    from its name, and said with the reasons. Every tensor of the network must be there in its shape, and \
    nothing else; otherwise nothing is written and everything that does not fit is listed.
    """
  let example = "zoo convert weights_notop.h5 -o backbone.zoo.safetensors"
  var parameters: [any Parameter] {
    [file, output, entry, graph, kernels, dropTop, Common.zoo, Common.json]
  }

  func run(_ arguments: Arguments, _ console: Console) throws {
    let catalog = try arguments.catalog
    let options = Conversion.Options(
      recognition: RecognitionOptions(
        entry: arguments[entry], graph: arguments[graph], kernels: try kernelOrder(arguments)),
      dropsTop: arguments[dropTop], producer: Release.producer)
    try arguments.refuseOverwriting([arguments[file]], by: arguments[output])
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

  private func write(
    _ conversion: Conversion, to output: String, _ console: Console
  ) throws -> Conversion.Report {
    let values = conversion.recognition.valueCount
    let progress = console.progress("converting", total: values * 4, unit: "byte")
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
