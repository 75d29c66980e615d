import ModelZoo
import Reports

/// `zoo bench`
struct BenchCommand: Command {
  private let archive = Argument<String>.required("ARCHIVE", help: "an archive written by zoo convert")
  private let batch = Option(
    "batch", value: "N", .integer(in: 1...1024), default: 1, help: "batch size, in images")
  private let size = Option<Int?>.optional(
    "size", value: "N", .integer(in: 1...4096), help: "images of N x N pixels (default: the network's)")
  private let layer = Option<String?>.optional(
    "layer", value: "NAME", .text, help: "stop after this layer (default: the last)")
  private let seconds = Option(
    "seconds", value: "N", .integer(in: 1...3600), default: 2, help: "measure for about N seconds")
  private let profile = Flag("profile", help: "list the time of every step")

  let name = "bench"
  let abstract = "measure the speed of a network on this machine"
  let discussion = """
    Runs the network repeatedly on synthetic images. Prints the median time per image, and the throughput as a share \
    of this processor's peak, which is measured in the same run.

    GFLOP/s counts the operations of every layer by its definition, so an algorithm that needs fewer of them counts as \
    faster. The share of the peak counts the multiplications that are really computed, without the transforms and \
    additions of the Winograd and Strassen algorithms.
    """
  let example = """
    zoo bench network.zoo.safetensors --batch 8
    zoo bench network.zoo.safetensors --profile --json
    """
  var declarations: [any CommandArgument] {
    [
      archive, batch, size, layer, Common.exact, Common.threads, seconds, profile, Common.wide, Common.json,
    ]
  }

  func run(_ arguments: Arguments, _ console: Console) throws {
    let benchmark = try NetworkBenchmark(
      archive: arguments[archive], size: arguments[size], layer: arguments[layer],
      threads: arguments[Common.threads], isExact: arguments[Common.exact])
    console.note("measuring for about \(counted(arguments[seconds], "second")) ...")
    let report = try benchmark.measure(
      batch: arguments[batch], seconds: Double(arguments[seconds]), profilesSteps: arguments[profile])
    let view = BenchmarkView(report: report)
    if arguments[Common.json] {
      console.print(view.json)
    } else {
      view.print(on: console)
    }
  }
}
