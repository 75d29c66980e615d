import Files
public import Catalog
import Foundation
import Kernels
public import KerasWeights
import Machine
import TensorArchive
import WeightConversion

/// The result of checking a catalog entry.
public struct EntryCheck: Sendable {
  /// The network.
  public let network: String
  /// How many graphs it has; 0 where the entry cannot be read.
  public let graphCount: Int
  /// Everything that is wrong, with file and line; empty when the entry is correct.
  public let problems: [CatalogProblem]
}

/// The file of a catalog entry, `model.json`, as text.
public struct EntryFile: Sendable {
  /// The file as it was named.
  public let path: String
  /// The entry.
  public let text: String
  /// The same in the standard layout: one layer per line, keys in a fixed order, values that equal a default left out.
  public let canonicalText: String

  /// Reads an entry.
  ///
  /// - Throws: `CatalogError` for a file that is not there or no entry.
  public init(contentsOf path: String) throws(CatalogError) {
    let entry = try CatalogEntry(json: try EntryCatalog.text(of: path), file: path)
    self.path = path
    text = entry.json
    canonicalText = entry.canonicalJSON
  }

  /// The first place where the text differs from the standard layout; nil if it does not.
  public var layoutProblem: CatalogProblem? {
    guard text != canonicalText else { return nil }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let others = canonicalText.split(separator: "\n", omittingEmptySubsequences: false)
    return CatalogProblem(
      file: path, line: 1 + zip(lines, others).prefix { $0 == $1 }.count,
      text: "not in the standard layout; format it, which does not change its meaning")
  }

  /// Rewrites the file in the standard layout; its meaning does not change.
  ///
  /// - Throws: `ArchiveError` where it cannot be written.
  public func format() throws { try AtomicFile.write(canonicalText, to: path) }
}

/// An entry that was made from the architecture that Keras writes.
public struct DraftedEntry: Sendable {
  /// The text of `model.json`, in the standard layout, with every claim computed.
  public let text: String
  /// How many layers the network has.
  public let layerCount: Int
  private let entry: CatalogEntry

  /// Makes an entry from what Keras's `model.to_json()` wrote, of Keras 2 or 3, functional or sequential.
  ///
  /// - Parameters:
  ///   - path: the architecture.
  ///   - facts: what it does not say.
  /// - Throws: `CatalogError`, which lists all layers that an entry cannot describe.
  public init(fromKeras path: String, _ facts: EntryFacts) throws(CatalogError) {
    text = try EntryDraft.entry(fromKeras: EntryCatalog.text(ofArchitecture: path), facts)
    entry = try CatalogEntry(json: text)
    layerCount = entry.claims.layers ?? 0
  }

  /// Everything that is wrong with the entry, as ``NetworkCatalog/check(_:)`` would find it in `file`: also that its
  /// name differs from that of the folder of a `model.json`.
  public func problems(in file: String) -> [CatalogProblem] {
    let parts = file.split(separator: "/").suffix(2)
    let folder = parts.count == 2 && parts.last == "model.json" ? parts.first.map(String.init) : nil
    let misplaced = folder.flatMap(entry.problem(inFolder:))
    return ([misplaced].compactMap(\.self) + entry.problems()).map {
      CatalogProblem(file: file, line: $0.line, text: $0.text)
    }
  }

  /// Writes the entry; its folder is made when it is not there.
  ///
  /// - Throws: `ArchiveError` where it cannot be written.
  public func write(to path: String) throws {
    // An entry is a folder of its own, which nobody has made before its first file.
    try OutputFolder.make(URL(fileURLWithPath: path).deletingLastPathComponent().relativePath)
    try AtomicFile.write(text, to: path)
  }
}

extension NetworkCatalog {
  /// Proves every claim of an entry: shapes, counts and sizes of each of its graphs, wiring and layout.
  ///
  /// - Throws: `CatalogError` for a name that does not exist; what is wrong with the entry is in the result.
  public func check(_ network: String) throws(CatalogError) -> EntryCheck {
    do throws(CatalogError) {
      let entry = try catalog.entry(network)
      return EntryCheck(
        network: network, graphCount: entry.variants.count + (entry.writtenVariant == nil ? 1 : 0),
        problems: entry.problems())
    } catch {
      guard case .invalidEntry(let problems) = error else { throw error }
      return EntryCheck(network: network, graphCount: 0, problems: problems)
    }
  }

  /// A weight file to be written with values from a seed, as one of a network's weight sets lays it out.
  ///
  /// - Parameters:
  ///   - network: its name in the catalog.
  ///   - tag: the weight set; nil for the current download.
  ///   - seed: the seed of all values.
  /// - Throws: `CatalogError` and `ConversionError` for names that do not exist,
  ///   ``ModelZooError/notEnoughMemory(work:neededBytes:availableBytes:advice:)`` for a network with a tensor of more values than
  ///   there is room for.
  public func syntheticWeights(
    of network: String, weightSet tag: String? = nil, seed: UInt64
  ) throws -> SyntheticWeightFile {
    let target = try ConversionTarget(network, of: catalog)
    let largest = target.parameters.map(\.shape.elementCount).max() ?? 0
    do {
      try MemoryLimit.check(MemoryLimit.product(largest, 2, MemoryLayout<Float>.size))
    } catch {
      throw ModelZooError.notEnoughMemory(
        work: "the largest tensor of \(network)", neededBytes: error.neededBytes,
        availableBytes: error.availableBytes, advice: "choose a smaller network")
    }
    return try SyntheticWeightFile(target, weightSet: tag, seed: seed)
  }
}
