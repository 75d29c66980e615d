import Encoding
public import Errors
public import Files
public import TensorArchive

/// Why a file is not read as weights of PyTorch.
public enum TorchWeightsError: ZooError, Hashable {
  /// The file, or the archive that contains it, cannot be read; that error, unchanged.
  case bytes(FileError)
  /// A safetensors file that cannot be read; that error, unchanged.
  case safetensors(ArchiveError)
  /// The pickle is not what a pickle is, or does not agree with the file around it.
  case damaged(place: String, reason: String)
  /// The pickle asks for a class or a function that no weights need; nothing of it was run.
  ///
  /// - Parameters:
  ///   - name: as Python writes it: `argparse.Namespace`.
  ///   - key: that of the dictionary of tensors in it; nil where none is seen.
  case foreignName(path: String, name: String, key: String?)
  /// A way of saving tensors that is not read.
  case unsupported(place: String, what: String, advice: String)
  /// There is no dictionary of tensors; `found` says what there is.
  case noTensors(path: String, found: String)

  /// An archive of which no network of PyTorch that is known here computes the same; a sentence for each difference.
  case inexpressible(path: String, network: String, differences: [String])

  /// What kind of error it is.
  public var family: ErrorFamily {
    switch self {
    case .bytes(let error): error.family
    case .safetensors(let error): error.family
    case .damaged, .noTensors: .malformed
    case .foreignName, .unsupported, .inexpressible: .unsupported
    }
  }

  /// One sentence.
  public var description: String {
    switch self {
    case .bytes(let error): error.description
    case .safetensors(let error): error.description
    case .damaged(let place, let reason): "\(place): \(reason); fetch the file again, or save it again"
    case .foreignName(let path, let name, let key):
      "\(path): a pickle of PyTorch that asks for \(name.printable); expected tensors, dictionaries, lists, numbers and texts alone, "
        + "since nothing in a file is run; where you trust the file, save its weights alone in Python: "
        + "c = torch.load('FILE', weights_only=False); "
        + (key.map { "torch.save(c['\($0.printable)'], 'weights.pth'), where the tensors are" }
          ?? "torch.save(c.state_dict(), 'weights.pth'), or, of a checkpoint, torch.save(c['state_dict'], 'weights.pth')")
    case .unsupported(let place, let what, let advice): "\(place): \(what): not supported; \(advice)"
    case .inexpressible(let path, let network, let differences):
      "\(path): no network of torchvision or timm computes what this archive of \(network) does, and nothing is approximated; differences:"
        + differences.prefix(5).map { "\n  \($0)" }.joined()
        + (differences.count > 5 ? "\n  and \(differences.count - 5) more" : "")
        + "\nConvert a file of PyTorch of that network, or write a format of Keras"
    case .noTensors(let path, let found):
      "\(path): a file of PyTorch without weights: expected a dictionary of tensors by name, found \(found.printable); "
        + "save model.state_dict()"
    }
  }
}

/// Runs `body`, whose errors are those of the file.
func readingFile<Result>(_ body: () throws(FileError) -> Result) throws(TorchWeightsError) -> Result {
  do throws(FileError) { return try body() } catch { throw .bytes(error) }
}
