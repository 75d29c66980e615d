import Catalog
import Files
import Foundation
import TensorArchive
import Tensors
import WeightConversion

/// Which weight sets of a catalog were recognised in given files.
public struct FittedWeightSets: Sendable {
  private var sets: Set<[String]> = []
  /// Why some files confirm no weight set: one sentence for each.
  public private(set) var objections: [String] = []

  /// Whether a file was recognised as this set, as the very file that was published if one was.
  public func contains(network: String, tag: String) -> Bool { sets.contains([network, tag]) }

  fileprivate init(in folder: String, _ catalog: EntryCatalog) throws {
    let targets = try ConversionTargets(catalog)
    let recognizer = Recognizer(targets)
    for path in try Self.weightFiles(in: folder) {
      try Task.checkCancellation()
      do {
        let recognition = try recognizer.recognize(WeightFile.open(path, targets: targets))
        let publication = Publication(of: try FileDigests(contentsOf: path), recognition.layout)
        if let reason = Self.objection(recognition, publication) {
          objections.append("\(path): \(reason)")
        } else {
          sets.insert([recognition.network, recognition.weightSet])
        }
      } catch {
        objections.append("\(error)")
      }
    }
  }

  private static func weightFiles(in folder: String) throws -> [String] {
    if let error = SystemError.opening(folder) {
      throw FileError.unreadable(folder, error)
    }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasSuffix(".h5") || $0.hasSuffix(".hdf5") }.sorted().map { "\(folder)/\($0)" }
  }

  /// Why a file does not show that its set is right; nil when it does.
  private static func objection(_ recognition: Recognition, _ publication: Publication) -> String? {
    let name = "\(recognition.network) \(recognition.weightSet)"
    guard recognition.fits else { return "fits no weight set; the nearest is \(name)" }
    if case .different = publication { return "fits \(name), but \(publication.description)" }
    return nil
  }
}

extension NetworkCatalog {
  /// Compares the catalog with every HDF5 file (`.h5`, `.hdf5`) directly in `folder`.
  ///
  /// - Throws: `ArchiveError` for a folder that cannot be listed; what is wrong with a file is an objection, not an
  ///   error.
  /// - Complexity: O(bytes of all files).
  public func fittedWeightSets(in folder: String) throws -> FittedWeightSets {
    try FittedWeightSets(in: folder, catalog)
  }
}
