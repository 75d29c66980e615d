import Dispatch
import Images
import Synchronization
import Testing

/// Files are read ahead of the work, and whoever hangs is left behind.
@Suite struct PatienceTests {
  private let recipe = ImageRecipe(height: 8, width: 6, interpolation: .bilinear, preprocessing: .caffe)

  private var names: [String] { ["gray.jpg", "rgb8.png", "rgb24.bmp", "raw_255.ppm", "cmyk_adobe.jpg"] }

  private func path(_ name: String) -> String { ImageFixtures.path("decode/" + name) }

  /// A file system that does not answer for some names until it is told to.
  private final class Gate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)

    let patience = Patience(.seconds(3)) { path, begun, done in
      guard path.contains("hang") else {
        done.wait()
        return false
      }
      begun.wait()
      return true
    }

    var reading: ImageBatchLoader.Reading {
      { location, limits in
        guard location.path.contains("hang") else { return ImageBatchLoader.readFile(location, limits) }
        self.semaphore.wait()
        self.semaphore.signal()
        return .failure(.unreadable(path: location.path, reason: "late"))
      }
    }

    func open() { semaphore.signal() }
  }

  private func batches(_ names: [String], _ gate: Gate, threads: Int) throws -> [ImageBatch] {
    let loader = ImageBatchLoader(
      jobs: names.map { ImageJob(location: ImageLocation(path: path($0))) }, recipe: recipe, batchSize: 3,
      threads: threads, patience: gate.patience, reading: gate.reading)
    var batches: [ImageBatch] = []
    while let batch = try loader.next() { batches.append(batch) }
    return batches
  }

  @Test(arguments: [1, 2, 5]) func anImageThatHangsIsLeftOut(threads: Int) throws {
    let gate = Gate()
    defer { gate.open() }
    let found = try batches(
      [names[0], "hang.png"] + names.dropFirst() + ["hang.jpg"], gate, threads: threads)
    #expect(found.flatMap(\.indices) == [0, 2, 3, 4, 5])
    #expect(found.flatMap(\.failures).map(\.index) == [1, 6])
    let error = ImageError.timedOut(path: path("hang.png"), seconds: 3)
    #expect(found.flatMap(\.failures).first?.error == error)
    #expect(
      error.description
        == "\(path("hang.png")): reading and decoding it took longer than 3.0 s; see whether its file system answers, "
        + "or allow more time")
    let plain = ImageBatchLoader(paths: names.map(path), recipe: recipe)
    #expect(try found.flatMap(\.tensor.scalars) == plain.next()?.tensor.scalars)
  }

  /// A dead file system is no reason to leave out all images.
  @Test func onlySoManyMayHang() throws {
    let gate = Gate()
    defer { gate.open() }
    let error = #expect(throws: ImageError.self) {
      try batches((0..<Patience.mostHanging + 8).map { "hang\($0).png" }, gate, threads: 2)
    }
    // Each thread may be through with asking when the last of them is left.
    guard case .tooManyHanging(_, let count) = error, 0..<2 ~= count - Patience.mostHanging else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  /// However many files are read ahead, each is read once, and none far ahead of the work.
  @Test(arguments: [1, 4]) func filesAreReadOnceAndNotFarAhead(threads: Int) throws {
    let reads = Mutex<[String: Int]>([:])
    let count = 200
    let own = names.map(path)
    let loader = ImageBatchLoader(
      jobs: (0..<count).map { ImageJob(location: ImageLocation(path: own[$0 % 5] + "#\($0)")) },
      recipe: recipe, batchSize: 4, threads: threads,
      reading: { location, limits in
        reads.withLock { $0[location.path, default: 0] += 1 }
        let path = String(location.path.prefix { $0 != "#" })
        return ImageBatchLoader.readFile(ImageLocation(path: path), limits)
      })
    #expect(try loader.next()?.indices == [0, 1, 2, 3])
    // Two batches are asked for by now, and four more are the most that wait.
    #expect(reads.withLock { $0.count } <= 8 + 4 * 4 + 1)
    var rows = 4
    while let batch = try loader.next() { rows += batch.indices.count }
    #expect(rows == count)
    #expect(reads.withLock { $0.count == count && $0.values.allSatisfy { $0 == 1 } })
  }
}
