import Datasets
import Files
import TensorArchive

/// What was said of the images of a shard when its archives were listed, such as how many were left out: nobody else lists them.
public struct ShardNote: Hashable, Sendable {
  /// The number of the shard.
  public let shard: Int
  /// What one should know, in one sentence.
  public let sentence: String
  /// Whether it is probably not what was meant.
  public let isWarning: Bool

  init(_ shard: Int, _ note: ShardRecord.Note) {
    (self.shard, sentence, isWarning) = (shard, note.sentence, note.isWarning)
  }
}

extension ShardRecord {
  /// A note as the record of a shard keeps it.
  struct Note: Hashable, Sendable, Codable {
    let sentence: String
    let isWarning: Bool

    init(_ diagnostic: DatasetDiagnostic) {
      (sentence, isWarning) = (diagnostic.description, diagnostic.severity == .warning)
    }
  }
}

extension Error {
  /// Whether it is nothing that a file has in it, but what the system says of opening or reading it.
  var isOfSystem: Bool {
    if case .file(let error)? = self as? ArchiveError { return error.isOfSystem }
    return (self as? FileError)?.isOfSystem ?? false
  }
}
