import Catalog
import HDF5
import KerasWeights
import Reports
import TensorArchive

/// `zoo inspect`
struct InspectCommand: Command {
  private let files = Argument<[String]>.list("FILE", help: "any file")
  private let tensors = Flag("tensors", help: "list every tensor")

  let name = "inspect"
  let abstract = "say what a file is"
  let discussion = """
    For a Keras weight file: the network, the era, the order of kernels and the graph, with the reasons. For an \
    archive: what it holds and where that came from. For anything else: what it is instead, and what to do. \
    What is wrong with a file is the answer here, not an error, and the exit code is 0; only a file that is not \
    there or cannot be read is an error (66).
    """
  let example = "zoo inspect weights_notop.h5"
  var parameters: [any Parameter] { [files, tensors, Common.zoo, Common.json] }

  func run(_ arguments: Arguments, _ console: Console) throws {
    let catalog = try arguments.catalog
    let targets = try ConversionTarget.all(of: catalog)
    let findings = try arguments[files].map { try Finding(path: $0, targets: targets) }
    if arguments[Common.json] {
      let pages = findings.map { $0.json(listsTensors: arguments[tensors]) }
      console.print(pages.count == 1 ? pages[0] : .array(pages))
      return
    }
    for finding in findings {
      for line in finding.lines(listsTensors: arguments[tensors]) { console.print(line) }
    }
  }
}
