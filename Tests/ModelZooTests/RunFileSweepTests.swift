import Errors
import Foundation
import Images
import ModelZoo
import TensorArchive
import Tensors
import TestSupport
import Testing

/// Checkpoints and shards of the feature cache, damaged: files that a run writes for the next one.
@Suite struct RunFileSweepTests {
  /// The checkpoint of a training of two epochs.
  private func checkpoint() throws -> TrainingCheckpoint {
    let made = Locked<TrainingCheckpoint?>(nil)
    var trainer = try Trainer(head: Head { Dense(2, activation: .softmax) }, inputShape: [3], seed: 1)
    let features = Tensor(shape: [4, 3], scalars: (0..<12).map { Float($0 % 5) })
    try trainer.fit(
      features, .classes([0, 1, 0, 1]), epochs: 2, batchSize: 2, callbacks: [Keeper(made)])
    return try #require(made.value)
  }

  private final class Keeper: TrainingCallback {
    private let made: Locked<TrainingCheckpoint?>

    init(_ made: Locked<TrainingCheckpoint?>) { self.made = made }

    func epochEnded(_: Int, _: Logs, _ trainer: inout Trainer) { trainer.requestsCheckpoint = true }

    func checkpointMade(_ checkpoint: TrainingCheckpoint, _: inout Trainer) { made.value = checkpoint }
  }

  @Test func noChangeOfACheckpointGoesUnnoticed() throws {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "c.safetensors")
      try checkpoint().write(to: file.path)
      let bytes = [UInt8](try Data(contentsOf: file))
      let sweep = try Sweep(of: bytes, sample: 23, maySayOtherwise: false) { bytes in
        try Data(bytes).write(to: file)
        let checkpoint = try TrainingCheckpoint(contentsOf: file.path)
        return [try checkpoint.json] + checkpoint.tensors.map { "\($0) \($1)" }.sorted()
      }
      #expect(sweep.errors > sweep.same && sweep.different == 0)
    }
  }

  /// Behind the seal: what is read can be asked how far it is.
  @Test func theRecordOfACheckpointIsReadOrRefused() throws {
    let whole = try checkpoint()
    let sweep = try Sweep(of: Array(whole.json.utf8), sample: 7, maySayOtherwise: true) { bytes in
      let read = try TrainingCheckpoint(
        json: String(decoding: bytes, as: UTF8.self), tensors: whole.tensors)
      #expect(read.epoch == read.history.epochs.count && read.batch >= 0 && !read.place.isEmpty)
      return read.place
    }
    #expect(sweep.errors > 0)
  }

  private enum ShardError: String, ZooError {
    case unreadable
    var family: ErrorFamily { .malformed }
    var description: String { rawValue }
  }

  /// A damaged row is no row; none ever holds other numbers, and none appears.
  @Test func aDamagedShardHoldsFewerRowsAndNoOthers() throws {
    let rows: [FeatureShard.Row] = (0..<3).map { index in
      (ImageKey(high: UInt64(index), low: 7), [Float(index), .pi, -1, 0])
    }
    try withTemporaryFolder { folder in
      let file = URL(fileURLWithPath: try FeatureShard.write(rows, context: "network x\n", to: folder.path))
      let bytes = [UInt8](try Data(contentsOf: file))
      let lost = Locked(0)
      let sweep = try Sweep(of: bytes, sample: 1, maySayOtherwise: false) { bytes in
        try Data(bytes).write(to: file)
        guard let shard = FeatureShard(path: file.path) else { throw ShardError.unreadable }
        let found = rows.map { shard.row($0.key) }
        lost.update { $0 += found.count { $0 == nil } }
        #expect(zip(found, rows).allSatisfy { $0 == nil || $0 == Array($1.values) })
        return shard.keys
      }
      #expect(sweep.errors > sweep.same && lost.value > 0)
    }
  }
}
