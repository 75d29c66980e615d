import Datasets
import Errors
import Files
import KerasWeights
import Reports
public import TensorArchive
import Tensors
public import WeightConversion

/// The type and contents of a file, found from its content and never from its name.
///
/// ```swift
/// switch try NetworkCatalog().inspect("download.h5").content {
/// case .weights(let file, let recognition): print(file.layerCount, recognition.network, recognition.reasons)
/// case .archive(let archive, let model): print(archive.tensors.count, model?.labels ?? [])
/// case .other(_, let explanation): print(explanation)
/// }
/// ```
public struct Inspection: Sendable {
  /// The kinds of files there are.
  public enum Content: Sendable {
    /// Weights that Keras, PyTorch or NumPy saved, and the network they belong to, or, where none fits, the nearest.
    case weights(WeightFileDescription, Recognition)
    /// An archive, or any safetensors file; with a description where it holds a trained model.
    case archive(Archive, TrainedModelDescription?)
    /// Something else: its kind in a word (`html`, `git-lfs-pointer`, `empty`), and a sentence that says what it is and what
    /// to do about it.
    case other(kind: String, explanation: String)
  }

  /// The file as it was named.
  public let path: String
  /// What it is.
  public let content: Content
}

extension NetworkCatalog {
  /// Finds out what the file at `path` is. A file that cannot be used is a result, not an error.
  ///
  /// - Throws: an error of the family `ErrorFamily.missing` for a file that is not there or cannot be read.
  /// - Complexity: O(header); no tensor is read.
  public func inspect(_ path: String) throws -> Inspection {
    let facts = try FileFacts(path: path)
    let content: Inspection.Content =
      switch facts.kind {
      case .folder where (try? ShardFolder(path: path).holdsRun()) == true: inspectShards(path)
      case let kind where kind.isText && Listing.isListing(path): inspectListing(path)
      case let kind where kind.mayHoldWeights && facts.missingByteCount == 0: try inspectWeights(facts)
      case .safetensors where WeightFile.isStateDictionary(path, facts.kind): try inspectWeights(facts)
      case .safetensors: try inspectArchive(path)
      case .model(.numPy): inspectArray(path, facts)
      case .html: inspectPage(path, facts)
      default: .other(kind: facts.name, explanation: facts.explanation)
      }
    return Inspection(path: path, content: content)
  }

  /// Whether the file at `path` is a safetensors file, as all archives are.
  ///
  /// - Throws: an error of the family `ErrorFamily.missing` for a file that is not there or cannot be read.
  public func isArchive(_ path: String) throws -> Bool {
    if case .safetensors = try FileFacts(path: path).kind { true } else { false }
  }

  /// A file that cannot be used is a finding; one that cannot be read is an error.
  private func inspectWeights(_ facts: FileFacts) throws -> Inspection.Content {
    let path = facts.path
    let targets = try ConversionTargets(catalog)
    do {
      let file = try WeightFile.open(path, targets: targets)
      let recognition = try Recognizer(targets).recognize(file)
      return .weights(WeightFileDescription(file, path: path), recognition)
    } catch KerasWeightsError.file(.notHDF5(_, let finding)) {
      return .other(kind: facts.name, explanation: finding)
    } catch let error as any ZooError {
      let reason = Self.sentence(error, without: path)
      guard case .hdf5 = facts.kind else { return .other(kind: facts.name, explanation: reason) }
      return .other(
        kind: "hdf5", explanation: reason.hasPrefix("HDF5, but ") ? reason : "HDF5, but \(reason)")
    }
  }

  /// An array of NumPy; of features, where a table of their images lies beside it.
  private func inspectArray(_ path: String, _ facts: FileFacts) -> Inspection.Content {
    guard let file = try? FileBytes(path: path), let header = try? NumPyHeader(path: path, file: file)
    else { return .other(kind: facts.name, explanation: facts.explanation) }
    let array = "\(header.shape) of \(header.scalarType.rawValue), \(facts.byteCount.grouped) bytes"
    let table = path + ".csv"
    return .other(
      kind: facts.name,
      explanation: FileIdentity(table) == nil
        ? "a NumPy array \(array), or features without their table \(table); for weights, \(facts.advice)"
        : "features \(array): one row per image, with the file names in \(table)")
  }

  /// A page; perhaps one that this library wrote.
  private func inspectPage(_ path: String, _ facts: FileFacts) -> Inspection.Content {
    let head = (try? FileBytes(path: path).head(FileKind.headByteCount)) ?? []
    let text = String(decoding: head, as: UTF8.self)
    let size = "\(facts.byteCount.grouped) bytes"
    guard Page.isOurs(text) else {
      return .other(
        kind: facts.name,
        explanation: "an HTML page of \(size), not one of ours; for weights: \(facts.advice)")
    }
    return .other(
      kind: facts.name,
      explanation: "\(Page.kind(of: text)?.words ?? "a report"), \(size) of HTML: open it in a browser")
  }

  private func inspectArchive(_ path: String) throws -> Inspection.Content {
    do {
      let archive = try Archive(contentsOf: path)
      return .archive(archive, TrainedModelDescription(archive))
    } catch let error as any ZooError {
      return .other(kind: "safetensors", explanation: Self.sentence(error, without: path))
    }
  }

  /// An error's sentence without the place it begins with.
  private static func sentence(_ error: any ZooError, without path: String) -> String {
    let sentence = error.description
    let place = ["\(path): ", "\(path) (unpacked): "].first { sentence.hasPrefix($0) } ?? ""
    return String(sentence.dropFirst(place.count))
  }
}

extension Page.Kind {
  fileprivate var words: String {
    switch self {
    case .training: "the report of a training"
    case .choice: "a comparison of backbones"
    case .audit: "the report of an audit"
    case .evidence: "a page of explained predictions"
    }
  }
}
