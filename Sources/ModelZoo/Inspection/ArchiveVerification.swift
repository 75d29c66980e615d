import Catalog
import Errors
public import TensorArchive

/// The result of reading a whole archive: whether its bytes are those that were written, whether its tensors are the
/// parameters of the network it carries, and whether that network, with the head of a trained model, can be run.
///
/// ```swift
/// let found = paths.map(ArchiveVerification.init)
/// for file in found where !file.isIntact { print(file.path, file.verdict, file.failure ?? "") }
/// ```
public struct ArchiveVerification: Sendable {
  /// The result in one word.
  public enum Verdict: String, Hashable, Sendable {
    /// Every checksum holds, and every parameter of the network is there in its shape.
    case intact
    /// The structure is valid; the file has no checksums, so damage to elements would not be found.
    case wellFormed
    /// The file cannot be read, or bytes are not those that were written.
    case damaged
    /// The file is something else than a safetensors file.
    case notAnArchive
    /// The bytes are intact, but the tensors are not the network's parameters, or what is described cannot be run.
    case unfit
  }

  /// The file as it was named.
  public let path: String
  /// The archive; nil when the file cannot be opened as one.
  public private(set) var archive: Archive?
  /// What the checksums say; nil without an archive.
  public private(set) var checksums: Verification?
  /// The network the archive carries; nil for none, and where its description cannot be read.
  public private(set) var network: String?
  /// The variant of the network's graph; nil where there is one graph.
  public private(set) var graph: String?
  /// How many parameters of the network were found in their shapes: all, unless ``failure`` says otherwise.
  public private(set) var parameterCount = 0
  /// What is wrong; nil for nothing.
  public private(set) var failure: (any ZooError)?

  /// Whether nothing is wrong, as far as could be checked.
  public var isIntact: Bool { failure == nil }

  /// The result in one word.
  public var verdict: Verdict {
    switch (failure, checksums?.hasChecksums) {
    case (nil, true): .intact
    case (nil, _): .wellFormed
    case (let error as ArchiveError, _) where error.isOfAnotherKind: .notAnArchive
    case (is ArchiveError, _): .damaged
    default: .unfit
    }
  }

  /// Reads all of the file at `path`.
  ///
  /// - Complexity: O(file).
  public init(_ path: String) {
    self.path = path
    do {
      let archive = try Archive(contentsOf: path)
      self.archive = archive
      let checksums = try archive.check()
      self.checksums = checksums
      if let damage = checksums.error(path: path) { throw damage }
      guard let network = try ArchivedNetwork(sections: archive.manifest?.sections ?? [:], place: path) else {
        return
      }
      self.network = network.entry.identifier
      graph = network.variant
      parameterCount = try Self.bind(network, to: archive)
    } catch {
      failure = error as? any ZooError
    }
  }

  /// Finds every parameter of the network in the archive, in its shape, and goes through all else that running it takes; returns
  /// how many there are.
  private static func bind(_ network: ArchivedNetwork, to archive: Archive) throws -> Int {
    let parameters = try network.parameters()
    let shapes = Dictionary(
      archive.tensors.map { ($0.name, $0.shape) }, uniquingKeysWith: { first, _ in first })
    let problems = parameters.compactMap { parameter -> String? in
      guard let found = shapes[parameter.name] else { return "\(parameter.name) is missing" }
      guard found != parameter.shape else { return nil }
      return "\(parameter.name): expected \(parameter.shape), found \(found)"
    }
    guard problems.isEmpty else {
      throw ModelZooError.otherTensors(
        archive: archive.path, network: network.entry.identifier, problems: problems)
    }
    try Rehearsal.run(network, ModelSections(archive)) { shapes[$0] }
    return parameters.count
  }
}
