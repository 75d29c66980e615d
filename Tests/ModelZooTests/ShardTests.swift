import Foundation
import ModelZoo
import Synchronization
import TestSupport
import Testing

/// However many shards there are, and in whatever order they are computed, together they are the file of one run.
@Suite struct ShardTests {
  private struct Place {
    let folder: URL
    let archive: String
    let backbone: Backbone
    let images: Dataset
    var shards: String { path("shards") }
    func path(_ name: String) -> String { folder.appending(path: name).path }

    func bytes(_ name: String) throws -> Data { try Data(contentsOf: folder.appending(path: name)) }

    @discardableResult
    func write(_ index: Int, of count: Int, _ options: ExtractionOptions = ExtractionOptions()) throws
      -> ShardSummary
    {
      try backbone.writeShard(Shard(index, of: count), of: images, to: shards, options: options).wait()
    }
  }

  /// Nine images of three classes and one that cannot be read, the fourth by name.
  private func withPlace(_ body: (Place) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let photos = folder.appending(path: "photos")
      try DrawnImages.write(to: photos, perClass: 3)
      try Data("no image".utf8).write(to: photos.appending(path: "noise/0a.png"))
      let archive = try SyntheticArchive.write("squeezenet", to: folder)
      try body(
        Place(
          folder: folder, archive: archive,
          backbone: try Backbone(contentsOf: archive, options: BackboneOptions(size: 64)),
          images: try Dataset(folder: photos.path)))
    }
  }

  /// With as many shards as images one of them has no row, with more some have no image.
  @Test(arguments: [1, 3, 10, 13]) func togetherTheyAreTheFileOfOneRun(count: Int) throws {
    try withPlace { place in
      for name in ["whole.npy", "whole.safetensors"] {
        try place.backbone.writeFeatures(of: place.images, to: place.path(name)).wait()
      }
      for index in (0..<count).reversed() { try place.write(index, of: count) }
      let shards = try FeatureShards(folder: place.shards)
      #expect(shards.run.images == 10 && shards.states.count == count)
      for (name, whole) in [("all.npy", "whole.npy"), ("all.safetensors", "whole.safetensors")] {
        let merged = try shards.merge(to: place.path(name)).wait()
        #expect(merged.rows.files.count == 9 && merged.machines.count == 1)
        #expect(merged.skipped.map(\.index) == [4] && merged.skipped.map(\.name) == ["noise/0a.png"])
        #expect(try place.bytes(name) == place.bytes(whole))
      }
      #expect(try place.bytes("all.npy.csv") == place.bytes("whole.npy.csv"))
      let (table, whole) = (
        try FeatureTable(contentsOf: place.shards), try FeatureTable(contentsOf: place.path("whole.npy"))
      )
      #expect(table.features == whole.features && table.rows == whole.rows)
    }
  }

  @Test func severalLayersAndImagesWithoutClassesToo() throws {
    try withPlace { place in
      let images = place.images.withoutClasses
      let taps = try place.backbone.taps(at: ["fire4/concat", "fire9/concat"])
      try taps.writeFeatures(of: images, to: place.path("whole.safetensors")).wait()
      for index in 0..<3 {
        try taps.writeShard(Shard(index, of: 3), of: images, to: place.shards).wait()
      }
      let shards = try FeatureShards(folder: place.shards)
      try shards.merge(to: place.path("all.safetensors")).wait()
      #expect(try place.bytes("all.safetensors") == place.bytes("whole.safetensors"))
      #expect(throws: FeatureFileError.self) { try shards.merge(to: place.path("all.npy")) }
      #expect(throws: FeatureFileError.self) { try FeatureTable(contentsOf: place.shards) }
      let layer = try FeatureTable(contentsOf: place.shards, layer: "fire9/concat")
      #expect(
        try layer.features
          == FeatureTable(contentsOf: place.path("whole.safetensors"), layer: "fire9/concat").features)
    }
  }

  @Test func aFinishedShardIsNotComputedAgain() throws {
    try withPlace { place in
      let first = try place.write(1, of: 3)
      #expect(!first.wasFinished)
      let observed = Mutex(0)
      let options = ExtractionOptions(observer: { _ in observed.withLock { $0 += 1 } })
      let second = try place.write(1, of: 3, options)
      #expect(second.wasFinished && observed.withLock(\.self) == 0)
      #expect(second.rowCount == first.rowCount && second.skipped == first.skipped)
      // The record alone says so, and only of a file that is as long as it was.
      try Data("short".utf8).write(to: URL(fileURLWithPath: first.path))
      #expect(try !place.write(1, of: 3, options).wasFinished)
      #expect(observed.withLock(\.self) > 0)
      try FileManager.default.removeItem(atPath: place.path("shards/part-00001-of-00003.json"))
      #expect(try !place.write(1, of: 3).wasFinished)
    }
  }

  @Test func aShardThatIsStoppedLeavesNothing() throws {
    try withPlace { place in
      try place.write(0, of: 2)
      let names = { try FileManager.default.contentsOfDirectory(atPath: place.shards).sorted() }
      let before = try names()
      let stop = Mutex<(() -> Void)?>(nil)
      let options = ExtractionOptions(
        batchSize: 1, observer: { _ in while stop.withLock({ $0?() }) == nil { usleep(100) } })
      let job = place.backbone.writeShard(
        try Shard(1, of: 2), of: place.images, to: place.shards, options: options)
      stop.withLock { $0 = { job.cancel() } }
      #expect(throws: CancellationError.self) { try job.wait() }
      #expect(try names() == before)
    }
  }

  @Test func severalProcessesOnOneShardDoNoHarm() throws {
    try withPlace { place in
      let jobs = try (0..<6).map {
        place.backbone.writeShard(try Shard($0 % 2, of: 2), of: place.images, to: place.shards)
      }
      for job in jobs { try job.wait() }
      let names = try FileManager.default.contentsOfDirectory(atPath: place.shards)
      #expect(names.count == 5, "\(names)")
      try FeatureShards(folder: place.shards).merge(to: place.path("all.npy")).wait()
    }
  }

  /// What a job says; empty where it does its work.
  private func refusal(_ job: Job<ExtractionEvent, ShardSummary>) -> String {
    do {
      try job.wait()
      return ""
    } catch {
      return "\(error)"
    }
  }

  @Test func shardsOfAnotherRunAreRefused() throws {
    try withPlace { place in
      try place.write(0, of: 3)
      let start = "\(place.shards): has the shards of another run: "
      let end = "; choose another folder, or delete this one"
      func said(_ backbone: Backbone, _ shard: Shard, _ images: Dataset) -> String {
        refusal(backbone.writeShard(shard, of: images, to: place.shards))
      }
      #expect(
        said(place.backbone, try Shard(0, of: 4), place.images) == start + "shards: expected 4, found 3" + end
      )
      let shard = try Shard(1, of: 3)
      let larger = try Backbone(contentsOf: place.archive, options: BackboneOptions(size: 96))
      let inputs = "expected input 96 x 96, nearest, rgb, found input 64 x 64, nearest, rgb"
      #expect(said(larger, shard, place.images) == start + inputs + end)
      let fewer = try Dataset(folder: place.path("photos"), classes: ["discs", "stripes"])
      let classes = "classes: expected discs, stripes, found discs, noise, stripes"
      #expect(said(place.backbone, shard, fewer) == start + "images: expected 6, found 10; " + classes + end)
      try FileManager.default.moveItem(
        atPath: place.path("photos/noise/0.png"), toPath: place.path("photos/noise/00.png"))
      let renamed = try Dataset(folder: place.path("photos"))
      #expect(said(place.backbone, shard, renamed).contains("listing: expected "))
    }
  }

  @Test func missingAndDamagedShardsAreNamedTogether() throws {
    try withPlace { place in
      #expect(throws: ShardError.noRun(folder: place.shards)) { try FeatureShards(folder: place.shards) }
      for index in [0, 2, 3, 4, 6] { try place.write(index, of: 7) }
      let part = URL(fileURLWithPath: place.path("shards/part-00003-of-00007.safetensors"))
      var bytes = try Data(contentsOf: part)
      bytes[bytes.count - 9] ^= 1
      try bytes.write(to: part)
      try Data("{}".utf8).write(to: URL(fileURLWithPath: place.path("shards/part-00004-of-00007.json")))
      let shards = try FeatureShards(folder: place.shards)
      #expect(shards.states.count { $0 == .missing } == 2)
      let error = ShardError.incomplete(folder: place.shards, count: 7, missing: [1, 5], damaged: [3, 4])
      #expect(throws: error) { try shards.merge(to: place.path("all.npy")).wait() }
      #expect(
        error.description
          == "\(place.shards): expected 7 finished shards, found 3; missing: 1,5; damaged: 3-4; compute these again: 1,3-5"
      )
      #expect(!FileManager.default.fileExists(atPath: place.path("all.npy")))
      for index in 0..<7 where [1, 4, 5].contains(index) { try place.write(index, of: 7) }
      // As long as it was, and damaged all the same.
      #expect(try !place.write(3, of: 7).wasFinished)
      #expect(try place.write(3, of: 7).wasFinished)
      try shards.merge(to: place.path("all.npy")).wait()
    }
  }

  /// What the system does not let us see is not damaged, and not to be computed again.
  @Test func whatCannotBeReadIsNotDamaged() throws {
    try withPlace { place in
      for index in 0..<3 { try place.write(index, of: 3) }
      let shards = try FeatureShards(folder: place.shards)
      for name in ["part-00001-of-00003.safetensors", "part-00001-of-00003.json", "run.json"] {
        let path = place.path("shards/\(name)")
        try FileManager.default.moveItem(atPath: path, toPath: path + ".away")
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: path)
        let reason = FileError.unreadable(path: path, reason: "its symbolic links go round in a circle")
        if name == "run.json" {
          #expect(throws: reason) { try FeatureShards(folder: place.shards) }
          #expect(throws: reason) { try FeatureSet(contentsOf: place.shards) }
        } else {
          #expect(shards.states[1] == .unreadable(reason: reason.description))
          #expect(throws: reason) { try shards.merge(to: place.path("all.npy")).wait() }
        }
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.moveItem(atPath: path + ".away", toPath: path)
      }
      try shards.merge(to: place.path("all.npy")).wait()
    }
  }

  /// What does not belong together, or cannot be, is an error.
  @Test func recordsThatLieAreErrors() throws {
    try withPlace { place in
      for index in 0..<2 { try place.write(index, of: 2) }
      func change(_ name: String, _ old: String, _ new: String) throws -> String {
        let url = URL(fileURLWithPath: place.path("shards/\(name)"))
        let whole = try String(contentsOf: url, encoding: .utf8)
        #expect(whole.contains(old))
        try whole.replacing(old, with: new).write(to: url, atomically: true, encoding: .utf8)
        defer { try? whole.write(to: url, atomically: true, encoding: .utf8) }
        do {
          let shards = try FeatureShards(folder: place.shards)
          _ = shards.states
          try shards.merge(to: place.path("all.npy")).wait()
          return "none"
        } catch {
          return error is ShardError ? "shard" : "\(error)"
        }
      }
      let classes = "[\"discs\",\"noise\",\"stripes\"]"
      for other in [
        "[\"discs\"]", "[\"noise\",\"discs\",\"stripes\"]", "[\"discs\",\"discs\",\"discs\"]", "[]",
      ] {
        #expect(try change("run.json", classes, other) == "shard", "\(other)")
      }
      let record = "part-00000-of-00002.json"
      for number in ["9223372036854775807", "-9223372036854775807", "-1", "7"] {
        #expect(try change(record, "\"notFinite\":0", "\"notFinite\":\(number)") == "shard", "\(number)")
        #expect(try change(record, "\"rows\":4", "\"rows\":\(number)") == "shard", "\(number)")
      }
      #expect(try change(record, "\"index\":4", "\"index\":9") == "shard")
      #expect(try change(record, "\"notFinite\":0", "\"notFinite\":0") == "none")
    }
  }

  @Test func mergingReplacesNothingOfTheRun() throws {
    try withPlace { place in
      for index in 0..<2 { try place.write(index, of: 2) }
      let shards = try FeatureShards(folder: place.shards)
      let part = place.path("shards/part-00001-of-00002.safetensors")
      let before = try Data(contentsOf: URL(fileURLWithPath: part))
      #expect(throws: FileError.self) { try shards.merge(to: part).wait() }
      #expect(try Data(contentsOf: URL(fileURLWithPath: part)) == before)
    }
  }

  /// As one process does, which fails at the first image that cannot be read, or where there is none that can.
  @Test func whatOneProcessRefusesShardsRefuse() throws {
    try withPlace { place in
      try place.write(0, of: 2)
      let strict = ExtractionOptions(onBadImage: .fail)
      #expect(throws: ImageError.self) { try place.write(0, of: 2, strict) }
      let folder = place.folder.appending(path: "bad/none")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      for name in ["a.png", "b.png"] { try Data("no image".utf8).write(to: folder.appending(path: name)) }
      let images = try Dataset(folder: place.path("bad"))
      for index in 0..<2 {
        try place.backbone.writeShard(Shard(index, of: 2), of: images, to: place.path("others")).wait()
      }
      let error = #expect(throws: ModelZooError.self) {
        try FeatureShards(folder: place.path("others")).merge(to: place.path("all.npy")).wait()
      }
      guard case .nothingReadable(2, _) = error else {
        Issue.record("\(String(describing: error))")
        return
      }
    }
  }

  /// Whatever is in the files of a run, there is a typed error or a result.
  @Test func damagedRecordsAreErrors() throws {
    try withPlace { place in
      for index in 0..<2 { try place.write(index, of: 2) }
      for name in ["run.json", "part-00001-of-00002.json"] {
        let url = URL(fileURLWithPath: place.path("shards/\(name)"))
        let whole = try Data(contentsOf: url)
        for length in 0..<whole.count {
          try whole.prefix(length).write(to: url)
          look(place)
        }
        for offset in whole.indices {
          var other = whole
          other[offset] = other[offset] == UInt8(ascii: "9") ? UInt8(ascii: "0") : UInt8(ascii: "9")
          try other.write(to: url)
          look(place)
        }
        try whole.write(to: url)
      }
      try FeatureShards(folder: place.shards).merge(to: place.path("all.npy")).wait()
    }
  }

  private func look(_ place: Place) {
    do {
      let shards = try FeatureShards(folder: place.shards)
      guard shards.run.shards < 100 else { return }
      _ = shards.states
      _ = try shards.merge(to: place.path("all.safetensors")).wait()
    } catch {
      #expect(error is ShardError || error is FeatureFileError, "\(error)")
    }
  }

  /// As after two folders were copied into one: names and sizes may be the same, the run is not.
  @Test func shardsOfTwoRunsAreNotMixed() throws {
    try withPlace { place in
      for index in 0..<2 { try place.write(index, of: 2) }
      let record = URL(fileURLWithPath: place.path("shards/part-00001-of-00002.json"))
      let text = try String(contentsOf: record, encoding: .utf8)
      let digest = try #require(text.firstMatch(of: /"run":"([0-9a-f]{64})"/)).1
      let other = text.replacing(digest, with: String(repeating: "0", count: digest.count))
      try other.write(to: record, atomically: true, encoding: .utf8)
      let shards = try FeatureShards(folder: place.shards)
      guard case .damaged(let reason) = shards.states[1] else {
        Issue.record("\(shards.states)")
        return
      }
      #expect(reason.contains("found one of the run 0000000000000000"))
      #expect(throws: ShardError.self) { try shards.merge(to: place.path("all.npy")).wait() }
      #expect(throws: ShardError.self) { try FeatureSet(contentsOf: place.shards) }
      #expect(try !place.write(1, of: 2).wasFinished)
    }
  }

  /// A disk that was not there for a minute is no result.
  @Test func imagesThatCouldNotBeReadAreTriedAgain() throws {
    try withPlace { place in
      let places = try Shard(0, of: 2).images(of: place.images.items.count)
      let files = place.images.items[places].map(\.path)
      let away = place.path("away")
      try FileManager.default.createDirectory(atPath: away, withIntermediateDirectories: true)
      func move(_ names: some Sequence<String>, back: Bool) throws {
        for (index, name) in names.sorted().enumerated() {
          let other = "\(away)/\(index)"
          try FileManager.default.moveItem(atPath: back ? other : name, toPath: back ? name : other)
        }
      }
      let present = files.filter { FileManager.default.fileExists(atPath: $0) }
      try move(present, back: false)
      #expect(throws: ModelZooError.self) { try place.write(0, of: 2) }
      #expect(!FileManager.default.fileExists(atPath: place.path("shards/part-00000-of-00002.json")))
      try move(present, back: true)
      let one = try #require(present.min())
      try move([one], back: false)
      let first = try place.write(0, of: 2)
      #expect(first.retriedCount == 1)
      try move([one], back: true)
      let second = try place.write(0, of: 2)
      #expect(!second.wasFinished && second.rowCount == first.rowCount + 1 && second.retriedCount == 0)
      #expect(try place.write(0, of: 2).wasFinished)
    }
  }

  @Test func shardsTileTheListing() throws {
    for (total, count) in [(0, 1), (0, 5), (10, 3), (3, 10), (808, 64), (1_000_000_007, 999_983)] {
      let step = max(1, count / 1000)
      var end = 0
      for index in stride(from: 0, to: count, by: 1) where index % step == 0 || count < 1000 {
        let images = try Shard(index, of: count).images(of: total)
        if count < 1000 { #expect(images.lowerBound == end) }
        #expect(total / count...total / count + 1 ~= images.count)
        end = images.upperBound
      }
      #expect(try Shard(count - 1, of: count).images(of: total).upperBound == total)
    }
    for (index, count) in [(-1, 2), (2, 2), (0, 0), (0, 1_000_001)] {
      #expect(throws: ShardError.number(index: index, count: count)) { try Shard(index, of: count) }
    }
  }

  @Test func numbersAreWrittenAsSchedulersTakeThem() {
    #expect(Shard.expression(of: []) == "")
    #expect(Shard.expression(of: [3]) == "3")
    #expect(Shard.expression(of: [1, 2, 5, 6, 7, 8, 9, 10, 12]) == "1-2,5-10,12")
  }
}
