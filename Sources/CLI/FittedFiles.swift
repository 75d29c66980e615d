import Catalog
import Files
import Foundation
import KerasWeights
import TensorArchive
import Tensors

/// Which weight sets of a catalog were found to be those of real files.
struct FittedFiles {
  private var sets: Set<[String]> = []
  /// Why some files prove nothing.
  private(set) var objections: [String] = []

  /// Lays the catalog over every HDF5 file directly in `folder`.
  init(in folder: String, _ catalog: EntryCatalog) throws {
    let recognizer = Recognizer(try ConversionTarget.all(of: catalog))
    for path in try Self.weightFiles(in: folder) {
      do {
        let recognition = try recognizer.recognize(KerasFile(path: path))
        let publication = Publication(of: try FileDigests(contentsOf: path), recognition.weightSet)
        if let reason = Self.objection(recognition, publication) {
          objections.append("\(path): \(reason)")
        } else {
          sets.insert([recognition.target.identifier, recognition.weightSet.tag])
        }
      } catch {
        objections.append("\(error)")
      }
    }
  }

  func contains(entry: String, tag: String) -> Bool { sets.contains([entry, tag]) }

  private static func weightFiles(in folder: String) throws -> [String] {
    if let error = SystemError.opening(folder) {
      throw FileError.unreadable(folder, error)
    }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasSuffix(".h5") || $0.hasSuffix(".hdf5") }.sorted().map { "\(folder)/\($0)" }
  }

  /// Why a file does not show that its set is right; nil when it does.
  private static func objection(_ recognition: Recognition, _ publication: Publication) -> String? {
    let name = "\(recognition.target.identifier) \(recognition.weightSet.tag)"
    guard recognition.fits else { return "fits no weight set; nearest is \(name)" }
    if case .different = publication { return "fits \(name), but \(publication.description)" }
    return nil
  }
}
