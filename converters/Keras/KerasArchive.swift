import Files
import Foundation
import HDF5

/// What Keras 3 saves as `.keras`: a zip archive of the architecture, the weights, and what wrote them.
enum KerasArchive {
  static let configuration = "config.json"
  static let weights = "model.weights.h5"
  static let metadata = "metadata.json"
  /// Under this name the metadata say how pixels are scaled, in a word; nobody else writes it.
  static let preprocessing = "preprocessing"
  private static let pickledWeights = "model.weights.npz"

  /// No architecture is longer.
  private static let mostText = 64 << 20

  private struct Metadata: Decodable {
    let kerasVersion: String?
    let preprocessing: String?

    enum CodingKeys: String, CodingKey {
      case kerasVersion = "keras_version"
      case preprocessing
    }
  }

  /// What the names of the archive's members begin with: nothing, or the one folder that a `.keras` file was unpacked to before
  /// it was packed again. Nil for an archive of anything else.
  static func folder(in archive: ZipArchive) -> String? {
    if archive[configuration] != nil || archive[weights] != nil { return "" }
    let found = archive.members.map(\.name).filter {
      $0.hasSuffix("/" + weights) && !$0.hasPrefix("__MACOSX/")
    }
    return found.count == 1 ? String(found[0].dropLast(weights.count)) : nil
  }

  /// - Parameters:
  ///   - folder: what the members' names begin with.
  ///   - given: an architecture for an archive without one.
  static func open(
    _ archive: ZipArchive, _ folder: String, _ bytes: FileBytes, _ given: String?
  ) throws(KerasWeightsError) -> any KerasSource {
    guard let member = archive[folder + weights] else {
      guard archive[folder + pickledWeights] != nil else {
        let names = archive.members.prefix(8).map(\.name).joined(separator: ", ")
        throw .damaged(place: bytes.name, reason: "expected a member '\(weights)', found \(names)")
      }
      throw .unsupportedLayout(
        path: bytes.name,
        layout: "'\(pickledWeights)', which holds Python pickles that Keras itself does not open",
        advice: "save the model with weights in HDF5: model.save('model.keras')")
    }
    let architecture = try text(folder + configuration, of: archive) ?? given
    let metadata = try text(folder + metadata, of: archive).flatMap {
      try? JSONDecoder().decode(Metadata.self, from: Data($0.utf8))
    }
    let part = try readingFile { () throws(FileError) in
      try archive.bytes(of: member, atMost: PackedWeights.mostUnpacked(of: bytes))
    }
    let file = try reading { () throws(HDF5Error) in try HDF5File(part) }
    let integrity = Integrity { () throws(FileError) in try archive.verify(member) }
    return try KerasVariables(
      [file], in: bytes, .archive, architecture: architecture, integrity: integrity
    ).written(
      by: metadata?.kerasVersion, preprocessing: metadata?.preprocessing,
      beside: PackedCompanions(archive, folder: folder))
  }

  private static func text(_ name: String, of archive: ZipArchive) throws(KerasWeightsError) -> String? {
    guard let member = archive[name] else { return nil }
    let bytes = try readingFile { () throws(FileError) in try archive.contents(of: member, atMost: mostText) }
    return String(decoding: bytes, as: UTF8.self)
  }
}
