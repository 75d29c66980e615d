import Dispatch
import Foundation
import ModelZoo
import Synchronization
import TestSupport
import Testing

/// Every way to ask for the features of files gives the same rows; whoever stops early leaves nothing half done.
@Suite("Features of files")
struct ExtractionTests {
  private struct Place {
    let folder: URL
    let backbone: Backbone
    let images: Dataset
    var cache: FeatureCache { FeatureCache(folder: folder.appending(path: "cache").path) }
    func path(_ name: String) -> String { folder.appending(path: name).path }
  }

  /// Nine images of three classes and one that cannot be read, the fourth by name.
  private static func place(in folder: URL) throws -> Place {
    let photos = folder.appending(path: "photos")
    try DrawnImages.write(to: photos, perClass: 3)
    try Data("no image".utf8).write(to: photos.appending(path: "noise/0a.png"))
    let archive = try SyntheticArchive.write("squeezenet", to: folder)
    return Place(
      folder: folder, backbone: try Backbone(contentsOf: archive, options: BackboneOptions(size: 64)),
      images: try Dataset(folder: photos.path))
  }

  private func withPlace(_ body: (Place) throws -> Void) throws {
    try withTemporaryFolder { try body(Self.place(in: $0)) }
  }

  private func withPlace(_ body: (Place) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "zoo-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try await body(Self.place(in: folder))
  }

  /// Blocks, as a script does.
  private static func table(_ place: Place) throws -> FeatureTable {
    try place.backbone.features(of: place.images, options: ExtractionOptions(batchSize: 4))
  }

  @Test func rowsAndTableAreThoseOfTheBlockingCall() async throws {
    try await withPlace { place in
      let expected = try Self.table(place)
      #expect(expected.rows.files.count == 9)
      let options = ExtractionOptions(batchSize: 2)
      let table = try await place.backbone.features(of: place.images, options: options)
      #expect(table.features == expected.features)
      #expect(table.rows == expected.rows && table.skipped == expected.skipped)
      let told = Mutex<[ExtractionEvent]>([])
      var rows: [FeatureRow] = []
      let report = { @Sendable (event: ExtractionEvent) in told.withLock { $0.append(event) } }
      for try await row in place.backbone.features(of: place.images, options: options, report: report) {
        rows.append(row)
      }
      #expect(rows.map(\.file) == expected.rows.files)
      #expect(rows.compactMap(\.label) == expected.rows.labels)
      #expect(rows.allSatisfy { $0.features.shape == [512] })
      #expect(rows.flatMap(\.features.scalars) == expected.features.scalars)
      let events = told.withLock(\.self)
      #expect(events.last == .images(done: 10, total: 10))
      #expect(events.contains(.skipped(expected.skipped[0])))
    }
  }

  @Test func aJobWritesAFileAndTellsWhatHappens() async throws {
    try await withPlace { place in
      let expected = try Self.table(place)
      let options = ExtractionOptions(batchSize: 4, cache: place.cache)
      for (name, found) in [("cold.npy", 0), ("warm.safetensors", 9)] {
        let job = try place.backbone.writeFeatures(of: place.images, to: place.path(name), options: options)
        var events: [ExtractionEvent] = []
        for await event in job.events { events.append(event) }
        let summary = try await job.value
        #expect(summary.rows == expected.rows && summary.skipped == expected.skipped)
        #expect(events.contains(.images(done: 10, total: 10)))
        #expect(events.filter { $0 == .skipped(expected.skipped[0]) }.count == 1)
        #expect(events.last == .cached(CacheUse(found: found, computed: 9 - found)))
        let written = try FeatureTable(contentsOf: place.path(name))
        #expect(written.features == expected.features && written.rows == expected.rows)
      }
    }
  }

  @Test func aCancelledJobStopsWithinABatchAndLeavesTheFileAsItWas() throws {
    try withPlace { place in
      try Data("old".utf8).write(to: URL(fileURLWithPath: place.path("out.npy")))
      let before = try FileManager.default.contentsOfDirectory(atPath: place.folder.path).sorted()
      let (begun, mayGoOn) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
      let batches = Mutex(0)
      let options = ExtractionOptions(
        batchSize: 1,
        observer: { event in
          guard case .images = event else { return }
          batches.withLock { $0 += 1 }
          begun.signal()
          mayGoOn.wait()
        })
      let job = try place.backbone.writeFeatures(
        of: place.images, to: place.path("out.npy"), options: options)
      begun.wait()
      job.cancel()
      mayGoOn.signal()
      #expect(throws: CancellationError.self) { try job.wait() }
      #expect(batches.withLock(\.self) == 1)
      #expect(try Data(contentsOf: URL(fileURLWithPath: place.path("out.npy"))) == Data("old".utf8))
      #expect(try FileManager.default.contentsOfDirectory(atPath: place.folder.path).sorted() == before)
    }
  }

  @Test func aCancelledTaskGetsNeitherTableNorRows() async throws {
    try await withPlace { place in
      let (backbone, images) = (place.backbone, place.images)
      let tasks = [
        Task { _ = try await backbone.features(of: images) as FeatureTable },
        Task { for try await _ in backbone.features(of: images) { Issue.record("a row") } },
      ]
      for task in tasks { task.cancel() }
      for task in tasks {
        await #expect(throws: CancellationError.self) { try await task.value }
      }
    }
  }

  @Test func whoeverStopsEarlyKeepsWhatWasComputed() async throws {
    try await withPlace { place in
      let told = Mutex<[ExtractionEvent]>([])
      let report = { @Sendable (event: ExtractionEvent) in told.withLock { $0.append(event) } }
      let options = ExtractionOptions(batchSize: 2, cache: place.cache)
      for try await _ in place.backbone.features(of: place.images, options: options, report: report) {
        break
      }
      #expect(told.withLock(\.last) == .cached(CacheUse(found: 0, computed: 2)))
      #expect(place.cache.shelves(verifying: true).map(\.rowCount) == [2])
      let table = try await place.backbone.features(of: place.images, options: options)
      #expect(try Self.table(place).features == table.features)
      // Two of the nine images are copies of others, byte for byte, and share their rows.
      #expect(place.cache.shelves(verifying: true).map(\.rowCount) == [7])
    }
  }

  @Test func whatGoesWrongIsThrownAndNothingIsWritten() async throws {
    try await withPlace { place in
      let strict = ExtractionOptions(batchSize: 2, onBadImage: .fail)
      let job = try place.backbone.writeFeatures(of: place.images, to: place.path("a.npy"), options: strict)
      let refusal = try #require(await #expect(throws: ImageError.self) { try await job.value })
      #expect("\(refusal)".contains("noise/0a.png"))
      #expect(!FileManager.default.fileExists(atPath: place.path("a.npy")))
      var count = 0
      await #expect(throws: refusal) {
        for try await _ in place.backbone.features(of: place.images, options: strict) { count += 1 }
      }
      #expect(count == 4)
      #expect(throws: FeatureFileError.unknownEnding(path: "a.csv")) {
        try place.backbone.writeFeatures(of: place.images, to: "a.csv")
      }
      let broken = try Dataset(images: [place.folder.appending(path: "photos/noise/0a.png").path])
      await #expect(throws: ModelZooError.self) {
        for try await _ in place.backbone.features(of: broken) {}
      }
    }
  }
}
