import Datasets
import Encoding
import Files
import Foundation

/// What all shards of one run have in common: they can be put together only where this is equal.
public struct ShardedRun: Hashable, Sendable, Codable {
  /// The version of the folder's layout.
  let version: Int
  /// How many shards there are.
  public let shards: Int
  /// How many images are listed in all; nil where whole archives are dealt, and nobody has listed all.
  public let images: Int?
  /// How many archives are dealt; nil where images are.
  public let archives: Int?
  /// SHA-256 of the names and classes of all images, in their order; of a listing in a file, of its index; of archives, of their names.
  public let listing: String
  /// The names of the classes; empty without, and where whole archives are dealt.
  public let classes: [String]
  /// The tensors of every shard.
  let columns: [Column]
  /// For each tensor what decides its numbers besides the image, one setting a line: network, weights, input, preprocessing.
  public let settings: [String]
  /// How the images were listed and prepared; absent in runs of earlier versions.
  let recipe: FeatureRecipe?

  /// What computes all shards.
  var origin: FeatureOrigin? { recipe.map { FeatureOrigin(settings: settings, recipe: $0) } }

  /// What is dealt, in words: `10 images`, `3 archives`.
  public var words: String {
    archives.map { counted($0, "archive") } ?? counted(images ?? 0, "image")
  }

  struct Column: Hashable, Sendable, Codable {
    let name: String
    /// Of a row.
    let shape: [Int]
  }

  /// Of runs that deal images, and of those that deal archives.
  static let versions = [1, 2]

  /// Whether it says how many images or archives there are, as runs of its version do.
  var countsWhatIsDealt: Bool {
    switch (images, archives) {
    case (let images?, nil): version == 1 && images >= 0
    case (nil, let archives?): version == 2 && archives >= shards && classes.isEmpty
    case (_?, _?), (nil, nil): false
    }
  }

  init(_ backbone: Backbone, _ images: ShardImages, _ columns: [FeatureColumn], shards: Int) throws {
    self.shards = shards
    version = images.archives == nil ? 1 : 2
    self.images = images.count
    archives = images.archives?.paths.count
    listing = images.digest
    classes = images.classes
    self.columns = columns.map { Column(name: $0.name, shape: $0.shape.dimensions) }
    let origin = try FeatureOrigin(backbone, images.source, outputs: columns.count)
    (settings, recipe) = (origin.settings, origin.recipe)
  }

  /// SHA-256 of `run.json`, which the records of its shards have.
  func digest() throws -> String {
    var digest = SHA256()
    Array(try json().utf8).withRawSpan { digest.update($0) }
    return digest.hexadecimal
  }

  static func digest(of archives: ArchiveList) -> String {
    var digest = SHA256()
    for line in ["classes \(archives.keepsClasses)"] + archives.paths.map({ "\($0.utf8.count) \($0)" }) {
      Array("\(line)\n".utf8).withRawSpan { digest.update($0) }
    }
    return digest.hexadecimal
  }

  static func digest(of images: Dataset) -> String {
    var digest = SHA256()
    let classes = images.classes.map { Array("class \($0.utf8.count) \($0)\n".utf8) }
    for line in classes { line.withRawSpan { digest.update($0) } }
    for item in images.items {
      let label = item.label.map(String.init) ?? "-"
      Array("\(label) \(item.name.utf8.count) \(item.name)\n".utf8).withRawSpan { digest.update($0) }
    }
    return digest.hexadecimal
  }

  /// What of `other` is not as here, a sentence each, with this as what was expected.
  func differences(from other: ShardedRun) -> [String] {
    var found: [String] = []
    func compare(_ what: String, _ own: some CustomStringConvertible, _ theirs: some CustomStringConvertible)
    {
      if own.description != theirs.description { found.append("\(what): expected \(own), found \(theirs)") }
    }
    compare("shards", shards, other.shards)
    compare(
      "what is dealt", archives == nil ? "images" : "archives", other.archives == nil ? "images" : "archives")
    if let images, let others = other.images { compare("images", images, others) }
    if let archives, let others = other.archives { compare("archives", archives, others) }
    if images == other.images, archives == other.archives {
      compare("listing", listing.prefix(16), other.listing.prefix(16))
    }
    if classes != other.classes {
      compare("classes", classes.joined(separator: ", "), other.classes.joined(separator: ", "))
    }
    let (own, theirs) = (Self.lines(settings), Self.lines(other.settings))
    for (line, otherLine) in zip(own, theirs) where line != otherLine {
      found.append("expected \(line), found \(otherLine)")
    }
    if columns != other.columns || own.count != theirs.count {
      compare("tensors", Self.names(columns), Self.names(other.columns))
    }
    return found
  }

  private static func lines(_ settings: [String]) -> [Substring] {
    settings.flatMap { $0.split(separator: "\n") }
  }

  private static func names(_ columns: [Column]) -> String {
    columns.map { "\($0.name) \($0.shape)" }.joined(separator: ", ")
  }
}
