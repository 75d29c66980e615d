import Catalog
import Files
import Foundation

/// A weight file that was published for a network: what it is called, where, and what it is told by.
///
/// ```swift
/// let weights = try NetworkCatalog().publishedWeights(of: name)
/// let file = try weights.start(to: weights.fileName).wait { print($0) }
/// try NetworkCatalog().convert(file.path, to: "backbone.zoo.safetensors")
/// ```
public struct PublishedWeights: Sendable {
  /// The network the weights are for.
  public let network: String
  /// The tag of the weight set.
  public let tag: String
  /// What the weights are, in words.
  public let title: String
  /// The name of the file.
  public let fileName: String
  /// The address it was published at, or that of the page it was published on.
  public let address: String
  /// Its size in bytes, where that is known.
  public let byteCount: Int?
  /// Its MD5 in hexadecimal, where that is known.
  public let md5: String?
  /// Its SHA-256 in hexadecimal, where that is known.
  public let sha256: String?
  /// The licence of the weights.
  public let licence: String?
  /// More bytes than that are not fetched: its size, or where that is not known what weights of the network can have.
  public let mostBytes: Int

  /// Whether anything tells the file from others.
  public var isIdentified: Bool { md5 != nil || sha256 != nil }
  /// Whether it has an address of its own.
  public var hasAddress: Bool { address.lowercased().hasSuffix(".h5") && !address.hasSuffix("/") }

  /// What a file can have besides 4 bytes a parameter: names, and room that HDF5 leaves.
  private static let mostOverhead = 32 << 20

  init?(_ set: WeightSet, of network: CatalogNetwork) {
    guard let file = set.file else { return nil }
    self.network = network.identifier
    (tag, title, licence) = (set.tag, set.title, set.licence)
    // A name is never a path.
    fileName = file.name.split(separator: "/").last.map(String.init) ?? set.tag
    (address, byteCount, md5, sha256) = (file.source, file.size, file.md5, file.sha256)
    mostBytes = file.size ?? 4 * network.parameterCount + network.parameterCount / 2 + Self.mostOverhead
  }

  /// Where it is fetched from.
  ///
  /// - Parameter mirror: the address of a folder with files under their published names; nil for the publisher's.
  /// - Throws: ``FetchError`` for an address that nothing is fetched from.
  public func address(mirror: String? = nil) throws(FetchError) -> String {
    guard let mirror else {
      guard hasAddress else { throw .noAddress(file: fileName, page: address) }
      return try Self.checked(address)
    }
    return try Self.checked(mirror.hasSuffix("/") ? mirror + fileName : "\(mirror)/\(fileName)")
  }

  private static func checked(_ address: String) throws(FetchError) -> String {
    let isClean = address.utf8.allSatisfy {
      (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#")
    }
    guard isClean, let url = URL(string: address), ["http", "https"].contains(url.scheme?.lowercased()),
      url.host?.isEmpty == false
    else { throw .badAddress(address) }
    return address
  }

  /// Whether the file at `path` is this one; of one that nothing tells from others, whether it is a whole weight file of a possible size.
  ///
  /// - Throws: `FileError` where it cannot be read, ``FetchError`` with what differs.
  public func check(_ path: String, from address: String? = nil) throws -> FileDigests {
    let found = try FileDigests(contentsOf: path)
    let address = address ?? path
    if let byteCount, found.byteCount != byteCount {
      throw FetchError.wrongSize(address: address, expected: byteCount, found: found.byteCount)
    }
    if let md5, found.md5 != md5 {
      throw FetchError.wrongDigest(address: address, algorithm: "MD5", expected: md5, found: found.md5)
    }
    if let sha256, found.sha256 != sha256 {
      throw FetchError.wrongDigest(
        address: address, algorithm: "SHA-256", expected: sha256, found: found.sha256)
    }
    if !isIdentified {
      let facts = try FileFacts(path: path)
      guard case .hdf5 = facts.kind, facts.missingByteCount == 0, found.byteCount <= mostBytes else {
        throw FetchError.notWeights(address: address, finding: facts.explanation)
      }
    }
    return found
  }
}

extension NetworkCatalog {
  /// The files that were published for a network, the one that is usually meant first: one with an address and a digest, not rotated, of
  /// the latest era.
  ///
  /// - Parameter network: its name.
  /// - Throws: `CatalogError` for a name that does not exist and for an entry that cannot be read.
  public func allPublishedWeights(of network: String) throws(CatalogError) -> [PublishedWeights] {
    let entry = try self.network(network)
    let sets = catalog.weightFiles(of: network).compactMap { file in
      try? WeightSet(json: file.text, file: file.path)
    }
    let found = sets.compactMap { set in PublishedWeights(set, of: entry).map { (set, $0) } }
    return found.enumerated().sorted { left, right in
      let (one, other) = (Self.rank(left.element), Self.rank(right.element))
      return one == other ? left.offset < right.offset : one > other
    }.map(\.element.1)
  }

  private static func rank(_ found: (set: WeightSet, weights: PublishedWeights)) -> Int {
    let eras: [WeightSet.Era] = [.pytorch, .keras1, .keras2, .tfKeras2, .keras3]
    return (found.weights.hasAddress ? 32 : 0) + (found.weights.isIdentified ? 16 : 0)
      + (found.set.kernels == .tensorflow ? 8 : 0) + (eras.firstIndex(of: found.set.era) ?? 0)
  }

  /// One file that was published for a network.
  ///
  /// - Parameters:
  ///   - network: its name.
  ///   - tag: that of the weight set; nil for the file that is usually meant.
  /// - Throws: `CatalogError` for a name that does not exist, ``FetchError`` where there is no such file.
  public func publishedWeights(of network: String, tag: String? = nil) throws -> PublishedWeights {
    let all = try allPublishedWeights(of: network)
    guard let found = all.first(where: { tag == nil || $0.tag == tag }) else {
      throw FetchError.notPublished(network: network, tag: tag, known: all.map(\.tag))
    }
    return found
  }
}
