import Encoding
import HDF5
import KerasWeights
import Reports
import TensorArchive
import Tensors

/// What `zoo inspect` found one file to be.
struct Finding {
  enum Content {
    case keras(KerasFile, Recognition)
    case archive(Archive)
    /// Not one of ours; a sentence says what instead.
    case other(kind: String, String)
  }

  let path: String
  let content: Content

  init(path: String, targets: [ConversionTarget]) throws {
    self.path = path
    let signature = try FileSignature(path: path)
    switch signature.kind {
    case .hdf5 where signature.missingByteCount == 0: content = try Self.hdf5(path, targets)
    case .safetensors: content = try Self.archive(path)
    default: content = .other(kind: signature.name, signature.explanation)
    }
  }

  /// An HDF5 file that cannot be used is a finding; one that cannot be read is an error.
  private static func hdf5(_ path: String, _ targets: [ConversionTarget]) throws -> Content {
    do {
      let file = try KerasFile(path: path)
      return .keras(file, try Recognizer(targets).recognize(file))
    } catch {
      let reason = try Self.explain(error, path)
      return .other(kind: "hdf5", reason.hasPrefix("HDF5, but ") ? reason : "HDF5, but \(reason)")
    }
  }

  private static func archive(_ path: String) throws -> Content {
    do {
      return .archive(try Archive(contentsOf: path))
    } catch {
      return .other(kind: "safetensors", try Self.explain(error, path))
    }
  }

  /// The sentence of an error that tells what the file is; other errors go on their way.
  private static func explain(_ error: any Error, _ path: String) throws -> String {
    guard let known = error as? any ZooError else { throw error }
    let place = "\(path): "
    let sentence = known.description
    return sentence.hasPrefix(place) ? String(sentence.dropFirst(place.count)) : sentence
  }

  func lines(listsTensors: Bool) -> [String] {
    switch content {
    case .keras(let file, let recognition): KerasPage(file, recognition).lines(listsTensors)
    case .archive(let archive): ArchivePage(archive).lines(listsTensors)
    case .other(_, let sentence): ["\(path): \(sentence)"]
    }
  }

  func json(listsTensors: Bool) -> JSON {
    switch content {
    case .keras(let file, let recognition): KerasPage(file, recognition).json(listsTensors)
    case .archive(let archive): ArchivePage(archive).json(listsTensors)
    case .other(let kind, let sentence):
      ["file": .string(path), "kind": .string(kind), "explanation": .string(sentence)]
    }
  }
}
