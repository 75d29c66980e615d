import Files
import Images
import Foundation
import Synchronization

/// The rows of one context, open for reading, and those that were computed since.
final class OpenShelf: Sendable {
  /// Rows are written in files of about this size, so that a run that is cut short keeps most of its work.
  private static let shardByteCount = 16 << 20
  /// Files below this are put together when there are many.
  private static let smallByteCount = 1 << 20
  private static let smallFileLimit = 8

  private let cache: FeatureCache
  private let context: FeatureContext
  private let rowWidth: Int
  private let folder: String
  private let shards: [FeatureShard]
  private let state: Mutex<State>

  private struct State {
    var pending: [FeatureShard.Row] = []
    /// What was kept since, so that copies of an image are kept once.
    var kept: Set<ImageKey> = []
    var written: [String] = []
    var used: Set<Int> = []
    var writtenByteCount = 0
    var lastWriting = ContinuousClock.now
    var failure: String?
  }

  init(_ cache: FeatureCache, _ context: FeatureContext, rowWidth: Int) {
    (self.cache, self.context, self.rowWidth) = (cache, context, rowWidth)
    folder = cache.folder(of: context)
    let files = cache.shards(in: folder)
    shards = files.compactMap { file in
      let shard = FeatureShard(path: file.path)
      // A damaged head names no row; the file is of no use to anyone.
      if shard == nil { try? FileManager.default.removeItem(atPath: file.path) }
      return shard
    }
    .filter { $0.context == context.text && $0.layout.rowWidth == rowWidth }
    state = Mutex(State())
  }

  /// The row called `key`; nil when it is not here or damaged. Any thread may ask.
  func row(_ key: ImageKey) -> [Float]? {
    for (index, shard) in shards.enumerated() where shard.contains(key) {
      guard let row = shard.row(key) else { continue }
      state.withLock { _ = $0.used.insert(index) }
      return row
    }
    return nil
  }

  /// Keeps a row that was computed.
  func keep(_ key: ImageKey, _ values: ArraySlice<Float>) {
    state.withLock { state in
      guard state.failure == nil, state.kept.insert(key).inserted else { return }
      state.pending.append((key, values))
      let isLong = state.lastWriting.duration(to: .now) >= cache.writingInterval
      if isLong || state.pending.count * rowWidth * 4 >= Self.shardByteCount { flush(&state) }
    }
  }

  /// Writes what is left, marks what was used, and makes room.
  ///
  /// - Returns: why rows could not be written, if so.
  func close() -> String? {
    state.withLock { state in
      let merged = state.failure == nil && !state.pending.isEmpty ? smallShards : []
      for shard in merged { adopt(shard, into: &state.pending) }
      flush(&state)
      if state.failure == nil { for shard in merged { remove(shard, unless: state.written) } }
      for index in state.used { touch(shards[index].path) }
      if !state.written.isEmpty {
        let own = state.written + state.used.map { shards[$0].path }
        _ = cache.shrink(to: cache.byteLimit, sparing: Set(own))
      }
      return state.failure
    }
  }

  private var smallShards: [FeatureShard] {
    let small = shards.filter { $0.byteCount < Self.smallByteCount }
    return small.count >= Self.smallFileLimit ? small : []
  }

  private func adopt(_ shard: FeatureShard, into pending: inout [FeatureShard.Row]) {
    let known = Set(pending.map(\.key))
    pending += shard.keys.filter { !known.contains($0) }.compactMap { key in
      shard.row(key).map { (key, $0[...]) }
    }
  }

  private func flush(_ state: inout State) {
    guard state.failure == nil, !state.pending.isEmpty else { return }
    let byteCount = state.pending.count * rowWidth * 4
    defer { (state.pending, state.lastWriting) = ([], .now) }
    // More than the cache may hold: what would be removed again is not written.
    guard state.writtenByteCount + byteCount <= cache.byteLimit else { return }
    do {
      try OutputFolder.make(folder)
      state.written.append(try FeatureShard.write(state.pending, context: context.text, to: folder))
      state.writtenByteCount += byteCount
    } catch {
      state.failure = "features cannot be cached: \(error)"
    }
  }

  private func remove(_ shard: FeatureShard, unless written: [String]) {
    guard !written.contains(shard.path) else { return }
    try? FileManager.default.removeItem(atPath: shard.path)
  }

  private func touch(_ path: String) {
    try? FileManager.default.setAttributes([.modificationDate: Date()], ofItemAtPath: path)
  }
}
