import Encoding
public import Errors
public import Files

/// Why an ONNX model is not read as a network.
public enum ONNXModelError: ZooError, Hashable {
  /// The file cannot be read; that error, unchanged.
  case bytes(FileError)
  /// Bytes that are no ONNX model, or contradict themselves.
  case damaged(place: String, reason: String)
  /// What the model has and no operation here computes: each in a sentence, after what the model is.
  case unsupported(place: String, model: String, problems: [String])
  /// Numbers that lie in another file, which is not read.
  case external(place: String, file: String, reason: String)

  /// What kind of error it is.
  public var family: ErrorFamily {
    switch self {
    case .bytes(let error): error.family
    case .damaged: .malformed
    case .unsupported, .external: .unsupported
    }
  }

  /// Some sentences, with no line break of a path or a name in them.
  public var description: String { sentence.printable }

  private var sentence: String {
    switch self {
    case .bytes(let error): return error.description
    case .damaged(let place, let reason):
      return
        "\(place): not an ONNX model that can be read: \(reason); fetch the file again, or export it again"
    case .unsupported(let place, let model, let problems):
      let shown = problems.prefix(8).joined(separator: "; ")
      let rest = problems.count > 8 ? "; and \(problems.count - 8) more" : ""
      return "\(place): \(model): no network of it: \(shown)\(rest)"
    case .external(let place, let file, let reason):
      return "\(place): its numbers are in the file '\(file.prefix(80))', which is not read: \(reason); "
        + "put it beside the model under a plain name, or save the model with its numbers in one file"
    }
  }
}

/// Runs `body`, whose errors are those of the file.
func readingModel<Result>(_ body: () throws(FileError) -> Result) throws(ONNXModelError) -> Result {
  do throws(FileError) { return try body() } catch { throw .bytes(error) }
}
