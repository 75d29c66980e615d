import Encoding
import Files
import Foundation

/// The files of a run: `run.json`, and for each shard `part-00003-of-00007.safetensors` and, written last, its record
/// `part-00003-of-00007.json`.
struct ShardFolder: Hashable, Sendable {
  static let runName = "run.json"
  /// Records and runs are small; a name takes up to some hundred bytes.
  private static let mostBytes = 1 << 30

  let path: String

  var runPath: String { "\(path)/\(Self.runName)" }
  func partPath(_ shard: Shard) -> String { "\(path)/\(shard.name).safetensors" }
  func recordPath(_ shard: Shard) -> String { "\(path)/\(shard.name).json" }

  /// Whether shards were written to it.
  ///
  /// - Throws: where the system does not let us see what is in it.
  func holdsRun() throws(FileError) -> Bool { try Self.isThere(runPath) }

  private static func isThere(_ path: String) throws(FileError) -> Bool {
    guard let error = SystemError.reaching(path) else { return true }
    guard error.isAbsence else { throw .unreadable(path, error) }
    return false
  }

  /// Makes this the folder of `run`, or finds that it is.
  ///
  /// - Throws: ``ShardError/otherRun(folder:differences:)``, and `FileError` where the folder cannot be written.
  func begin(_ run: ShardedRun) throws {
    try OutputFolder.make(path)
    if try AtomicFile.create(run.json() + "\n", at: runPath) { return }
    let differences = run.differences(from: try readRun())
    guard differences.isEmpty else { throw ShardError.otherRun(folder: path, differences: differences) }
  }

  func readRun() throws -> ShardedRun {
    guard try holdsRun() else { throw ShardError.noRun(folder: path) }
    let run: ShardedRun = try Self.read(runPath)
    guard ShardedRun.versions.contains(run.version) else {
      throw ShardError.malformed(
        path: runPath,
        reason:
          "expected layout version \(ShardedRun.versions.map(String.init).joined(separator: " or ")), found \(run.version)"
      )
    }
    guard 1...Shard.mostShards ~= run.shards, run.countsWhatIsDealt, !run.columns.isEmpty,
      run.columns.allSatisfy({ $0.shape.allSatisfy { 1...1 << 31 ~= $0 } && 1...16 ~= $0.shape.count })
    else {
      throw ShardError.malformed(
        path: runPath, reason: "expected counts of shards, images and numbers, found others")
    }
    return run
  }

  /// The record of a finished shard; nil where there is none.
  ///
  /// - Parameter run: the digest of the run.
  /// - Throws: ``ShardError/malformed(path:reason:)`` where it is not of this shard or of another run, or the file of features is not
  ///   as it says.
  func record(of shard: Shard, in run: String) throws -> ShardRecord? {
    let path = recordPath(shard)
    guard try Self.isThere(path) else { return nil }
    let record: ShardRecord = try Self.read(path)
    guard record.shard == shard.index, record.shards == shard.count else {
      throw ShardError.malformed(
        path: path,
        reason: "expected shard \(shard.index) of \(shard.count), found \(record.shard) of \(record.shards)")
    }
    guard record.run == run else {
      throw ShardError.malformed(
        path: path,
        reason:
          "expected a shard of the run \(run.prefix(16)) that \(Self.runName) describes, found one of the run \(record.run.prefix(16))"
      )
    }
    guard record.rows >= 0, record.rows <= record.byteCount, 0...record.rows ~= record.notFinite else {
      throw ShardError.malformed(path: path, reason: "expected counts of rows, found others")
    }
    let found = try Self.isThere(partPath(shard)) ? FileBytes(path: partPath(shard)).byteCount : nil
    guard found == record.byteCount else {
      throw ShardError.malformed(
        path: partPath(shard),
        reason: "expected \(record.byteCount.grouped) bytes, found \(found.map(\.grouped) ?? "no such file")")
    }
    return record
  }

  /// The record of a finished shard whose file of features is, byte for byte, as it was written; nil where there is none.
  ///
  /// - Throws: what ``record(of:in:)`` throws.
  /// - Complexity: O(bytes of the file).
  func intactRecord(of shard: Shard, in run: String) throws -> ShardRecord? {
    guard let record = try record(of: shard, in: run) else { return nil }
    let path = partPath(shard)
    guard try FileDigests(contentsOf: path).sha256 == record.sha256 else {
      throw ShardError.malformed(path: path, reason: "expected the bytes that were written, found others")
    }
    return record
  }

  private static func read<Value: Decodable>(_ path: String) throws -> Value {
    let file = try FileBytes(path: path)
    guard file.byteCount <= mostBytes else {
      throw ShardError.malformed(path: path, reason: "expected at most \(mostBytes.grouped) bytes")
    }
    let bytes = try file.bytes(at: 0, count: file.byteCount)
    if let problem = JSONBudget.problem(with: String(decoding: bytes, as: UTF8.self), bytesPerValue: 16) {
      throw ShardError.malformed(path: path, reason: problem)
    }
    guard let value = try? JSONDecoder().decode(Value.self, from: Data(bytes)) else {
      throw ShardError.malformed(
        path: path, reason: "expected a record of a run of shards, found something else")
    }
    return value
  }
}
