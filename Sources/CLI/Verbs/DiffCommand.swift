import ModelZoo
import Reports

/// `zoo diff`
struct DiffCommand: Command {
  private let first = Argument<String>.required("FILE", help: "an archive or a weight file of any format")
  private let second = Argument<String>.required("OTHER", help: "the file that it is compared with")
  private let tolerance = Option(
    "tolerance", value: "T|ABS,REL", .tolerance, default: .none,
    help: "a and b are equal where |a - b| <= ABS + REL x max(|a|, |b|); T alone is both")
  private let leavesOutFeatures = Flag(
    "no-features", help: "compare tensors and settings alone; run no network")
  private let all = Flag("all", help: "list every tensor, also those that are equal")

  let name = "diff"
  let abstract = "compare two files of weights, tensor by tensor"
  let discussion = """
    Both files may be of any format that zoo reads: archives, trained models, Keras's files of every version, PyTorch's, \
    .npz, ONNX models, and any safetensors file. Tensors of a known network are brought into one order of axes and compared \
    parameter by parameter; all others are matched by name, or else by their values. Of each the largest difference is \
    shown, and whether it was renamed, transposed, flipped, rounded to another type, or is in one file only. NaN is \
    equal to NaN in the same place, and 0 to -0.

    Besides weights, what differs between the networks is named: the graph (a padding, an epsilon), the scaling of \
    pixels, the size of images, the head, the classes. Where both can be run, both compute features of generated \
    pictures, which are equal up to 1e-5 of the largest, or the tolerance.

    The exit code is 0 where nothing differs, 1 where something does, and more than 1 for an error.
    """
  let example = """
    zoo diff weights_notop.h5 backbone.zoo.safetensors
    zoo diff backbone.zoo.safetensors half.zoo.safetensors --tolerance 1e-3
    """
  var declarations: [any CommandArgument] {
    [first, second, tolerance, leavesOutFeatures, all, Common.seed, Common.zoo, Common.json]
  }

  func run(_ arguments: Arguments, _ console: Console) throws {
    let options = ComparisonOptions(
      tolerance: arguments[tolerance], comparesFeatures: !arguments[leavesOutFeatures],
      seed: UInt64(arguments[Common.seed]))
    let progress = Locked<Progress?>(nil)
    let shown = Locked(0)
    let job = try arguments.catalog.startComparison(
      of: arguments[first], with: arguments[second], options: options)
    let found = try job.wait { event in
      guard case .values(let done, let total) = event else { return }
      if progress.value == nil { progress.value = console.progress("Comparing", total: total, unit: "value") }
      progress.value?.advance(by: done - shown.value)
      shown.value = done
    }
    progress.value?.finish()
    if arguments[Common.json] {
      console.print(ComparisonView.json(found, listsAll: arguments[all]))
    } else {
      ComparisonView.print(found, listsAll: arguments[all], on: console)
    }
    if !found.isEqual { throw FoundDifferent() }
  }
}

/// Two files that differ: the result was printed, and it is no error.
struct FoundDifferent: Error {}

extension ValueKind where Value == Tolerance {
  /// One number for both parts, or two.
  fileprivate static var tolerance: Self {
    Self(
      expectation: "a number of 0 or more, as in 1e-5, or two with a comma between them",
      parse: { text in
        let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
        guard 1...2 ~= numbers.count, let absolute = numbers[0], let relative = numbers[numbers.count - 1],
          absolute >= 0, relative >= 0, absolute.isFinite, relative.isFinite
        else { return nil }
        return Tolerance(absolute: absolute, relative: relative)
      }, show: { $0.isNone ? "0" : "\($0.absolute),\($0.relative)" })
  }
}
