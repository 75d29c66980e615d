import Files
import TensorArchive
import Tensors

/// The shards of a run, in the folder they were written to.
///
/// ```swift
/// let shards = try FeatureShards(folder: "features")
/// print(shards.states.filter { $0 == .missing }.count)
/// try await shards.merge(to: "features.safetensors").value
/// ```
public struct FeatureShards: Sendable {
  /// How far a shard is.
  public enum State: Hashable, Sendable {
    /// Computed: so many rows, so many images without one, and what was said of the listing of its archives.
    case finished(rows: Int, skipped: Int, notes: [ShardNote] = [])
    /// Not computed, or not to the end.
    case missing
    /// There, but not as it was written.
    case damaged(reason: String)
    /// There, and the system does not let us read it.
    case unreadable(reason: String)
  }

  /// What was put together.
  public struct Merged: Hashable, Sendable {
    /// The images that the rows belong to.
    public let rows: FeatureRows
    /// Images without a row.
    public let skipped: [ShardSummary.Skipped]
    /// What computed the shards: instruction set and image libraries. With more than one, rows of different shards are equal to
    /// what one machine computes but for rounding.
    public let machines: [String]
    /// What was said of the listings of the archives, where whole archives were dealt.
    public let notes: [ShardNote]
  }

  /// What happens meanwhile.
  public enum MergeEvent: Hashable, Sendable {
    /// So many of all rows are written.
    case rows(done: Int, total: Int)
  }

  /// The folder.
  public let folder: String
  /// What all shards have in common.
  public let run: ShardedRun

  private var place: ShardFolder { ShardFolder(path: folder) }

  /// Opens the folder of a run; its shards need not be finished.
  ///
  /// - Throws: ``ShardError/noRun(folder:)``, ``ShardError/malformed(path:reason:)``, `FileError`.
  public init(folder: String) throws {
    self.folder = folder
    run = try ShardFolder(path: folder).readRun()
  }

  /// The files of the run, those that are not there yet included.
  public var files: [String] {
    let shards = (0..<run.shards).compactMap { try? Shard($0, of: run.shards) }
    return [place.runPath] + shards.flatMap { [place.partPath($0), place.recordPath($0)] }
  }

  /// Every shard, in order. Of files the sizes are looked at; their contents are when a shard is computed again or put together.
  ///
  /// - Complexity: a file or two are opened for each.
  public var states: [State] {
    let digest = Result { try run.digest() }
    return (0..<run.shards).map { index in
      do {
        let record = try place.record(of: try Shard(index, of: run.shards), in: digest.get())
        return record.map { record in
          .finished(
            rows: record.rows, skipped: record.skipped.count,
            notes: (record.notes ?? []).map { ShardNote(index, $0) })
        } ?? .missing
      } catch  where error.isOfSystem {
        return .unreadable(reason: "\(error)")
      } catch {
        return .damaged(reason: "\(error)")
      }
    }
  }
}
