import Catalog
import Files
import Foundation
import TensorArchive

extension Backbone {
  /// Loads the one archive of `network` that lies in a folder; files are told by what is in them, not by their names.
  ///
  /// ```swift
  /// let backbone = try Backbone(NetworkCatalog().identifiers[0], in: "archives")
  /// ```
  ///
  /// - Parameters:
  ///   - network: its name in the catalog.
  ///   - folder: where to look; not in its sub-folders. Trained models, which hold a backbone too, do not count.
  ///   - options: input size, cut, pooling and preprocessing.
  ///   - threads: how many threads work, 1 to 1024; nil for one per core.
  ///   - images: how many images there will be in all; nil if unknown.
  /// - Throws: ``ModelZooError/noArchive(network:folder:found:)``, ``ModelZooError/severalArchives(network:paths:)``,
  ///   `FileError` for a folder that cannot be listed, and what loading an archive throws.
  /// - Complexity: O(headers of the archives in the folder), then that of loading one.
  public init(
    _ network: String, in folder: String, options: BackboneOptions = BackboneOptions(), threads: Int? = nil,
    images: Int? = nil
  ) throws {
    let archives = try Self.archives(in: folder)
    let found = archives.filter { $0.network == network }.map(\.path)
    guard let path = found.first else {
      throw ModelZooError.noArchive(
        network: network, folder: folder, found: Set(archives.map(\.network)).sorted())
    }
    guard found.count == 1 else { throw ModelZooError.severalArchives(network: network, paths: found) }
    try self.init(contentsOf: path, options: options, threads: threads, images: images)
  }

  /// The backbones in a folder, by path; what is no archive of one is passed over.
  private static func archives(in folder: String) throws(FileError) -> [(path: String, network: String)] {
    if let error = SystemError.opening(folder) { throw FileError.unreadable(folder, error) }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { !$0.hasPrefix(".") }.sorted().compactMap { name in
      let path = "\(folder)/\(name)"
      guard let archive = try? Archive(contentsOf: path), let sections = archive.manifest?.sections,
        sections[ModelSections.head] == nil,
        let network = try? ArchivedNetwork(sections: sections, place: path)
      else { return nil }
      return (path, network.entry.identifier)
    }
  }
}
