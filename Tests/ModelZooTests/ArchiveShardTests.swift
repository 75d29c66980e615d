import Foundation
import ModelZoo
import TestSupport
import Testing

/// Whole archives dealt to shards: each opens its own, and together they are the file of one run.
@Suite struct ArchiveShardTests {
  private struct Place {
    let folder: URL
    let backbone: Backbone
    let count: Int

    var shards: String { path("shards") }
    var pattern: String { path("{0..\(count - 1)}.tar") }

    func path(_ name: String) -> String { folder.appending(path: name).path }
    func bytes(_ name: String) throws -> Data { try Data(contentsOf: folder.appending(path: name)) }

    /// Computes a shard while the archives of all others are somewhere else.
    @discardableResult
    func write(_ index: Int, of shards: Int, keepsClasses: Bool = true) throws -> ShardSummary {
      let shard = try Shard(index, of: shards)
      let others = Set(0..<count).subtracting(shard.images(of: count)).map { "\($0).tar" }
      for name in others { try move(name, name + ".away") }
      defer { for name in others { try? move(name + ".away", name) } }
      return try backbone.writeShard(
        shard, of: ArchiveList([pattern], keepsClasses: keepsClasses), to: self.shards
      ).wait()
    }

    private func move(_ name: String, _ other: String) throws {
      try FileManager.default.moveItem(atPath: path(name), toPath: path(other))
    }

    func tar(_ number: Int, _ files: [Packing.File]) throws {
      try Data(Packing.tar(files)).write(to: folder.appending(path: "\(number).tar"))
    }
  }

  /// Five archives: the first two have a class each that no other has, the third has no image, one image cannot be read.
  private func withPlace(labelled: Bool = true, _ body: (Place) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let photos = folder.appending(path: "photos")
      try DrawnImages.write(to: photos, perClass: 3)
      let images = try Packing.files(below: photos).map(\.bytes)
      let archive = try SyntheticArchive.write("squeezenet", to: folder)
      let place = Place(
        folder: folder,
        backbone: try Backbone(contentsOf: archive, options: BackboneOptions(size: 64)), count: 5)
      for (number, classes) in ["22", "333", "", "1010", "3"].enumerated() {
        let files = classes.enumerated().flatMap { index, name -> [Packing.File] in
          let key = "\(number)\(index)"
          let image = (
            Array("\(key).png".utf8), number == 3 && index == 1 ? [1, 2, 3] : images[number + index]
          )
          return labelled ? [image, (Array("\(key).cls".utf8), Array("\(name)0".utf8))] : [image]
        }
        try place.tar(number, files + [(Array("readme.txt".utf8), [65])])
      }
      try body(place)
    }
  }

  @Test(arguments: [1, 2, 5], [true, false]) func togetherTheyAreTheFileOfOneRun(
    count: Int, labelled: Bool
  ) throws {
    try withPlace(labelled: labelled) { place in
      let images = try Dataset(images: [place.pattern])
      #expect(images.classes == (labelled ? ["00", "10", "20", "30"] : []))
      for name in ["whole.npy", "whole.safetensors"] {
        try place.backbone.writeFeatures(of: images, to: place.path(name)).wait()
      }
      for index in (0..<count).reversed() { try place.write(index, of: count) }
      let shards = try FeatureShards(folder: place.shards)
      #expect(shards.run.images == nil && shards.run.archives == 5 && shards.states.count == count)
      // Nothing of the archives is needed any more.
      for number in 0..<5 { try FileManager.default.removeItem(atPath: place.path("\(number).tar")) }
      for (name, whole) in [("all.npy", "whole.npy"), ("all.safetensors", "whole.safetensors")] {
        let merged = try shards.merge(to: place.path(name)).wait()
        #expect(merged.skipped.map(\.index) == [6], "\(merged.skipped)")
        #expect(try place.bytes(name) == place.bytes(whole))
      }
      #expect(try place.bytes("all.npy.csv") == place.bytes("whole.npy.csv"))
      let (table, whole) = (
        try FeatureSet(contentsOf: place.shards), try FeatureSet(contentsOf: place.path("whole.safetensors"))
      )
      #expect(table.rows == whole.rows)
    }
  }

  @Test func classesMayBeLeftAside() throws {
    try withPlace { place in
      var options = ListingOptions()
      options.columns.label = nil
      let images = try Dataset(images: [place.pattern], options: options)
      try place.backbone.writeFeatures(of: images, to: place.path("whole.safetensors")).wait()
      for index in 0..<3 { try place.write(index, of: 3, keepsClasses: false) }
      try FeatureShards(folder: place.shards).merge(to: place.path("all.safetensors")).wait()
      #expect(try place.bytes("all.safetensors") == place.bytes("whole.safetensors"))
    }
  }

  @Test func anArchiveOfAnotherSizeIsComputedAgain() throws {
    try withPlace { place in
      let first = try place.write(1, of: 3)
      #expect(try !first.wasFinished && place.write(1, of: 3).wasFinished)
      let bytes = try place.bytes("1.tar")
      try (bytes + Data(count: 512)).write(to: place.folder.appending(path: "1.tar"))
      #expect(try !place.write(1, of: 3).wasFinished)
    }
  }

  /// Nobody but the shard lists its archives: what it says is kept with it.
  @Test func whatIsLeftOutOfArchivesIsSaid() throws {
    try withPlace { place in
      let images = try Packing.files(below: place.folder.appending(path: "photos")).map(\.bytes)
      try place.tar(
        4, [("0.png", images[0]), ("1.png", images[1]), ("1.cls", [65])].map { (Array($0.0.utf8), $0.1) })
      let path = place.path("4.tar")
      let expected = [
        "\(path): the classes are those beside the images (.cls, .json)",
        "\(path): left out 1 image without a class beside them (.cls, .json); the first is \(path)/0.png",
      ]
      #expect(try ArchiveList([place.pattern]).dataset(4..<5).diagnostics.map(\.description) == expected)
      for index in 0..<5 {
        let notes = try place.write(index, of: 5).notes
        if index == 4 {
          #expect(notes.map(\.sentence) == expected && notes.map(\.isWarning) == [false, true])
        }
      }
      let again = try place.write(4, of: 5)
      #expect(again.wasFinished && again.notes.map(\.sentence) == expected)
      let shards = try FeatureShards(folder: place.shards)
      guard case .finished(1, 0, let notes) = shards.states[4] else {
        Issue.record("\(shards.states[4])")
        return
      }
      #expect(notes == again.notes)
      let merged = try shards.merge(to: place.path("all.npy")).wait()
      #expect(merged.notes.filter { $0.shard == 4 } == again.notes)
    }
  }

  @Test func archivesWithAndWithoutClassesAreNotPutTogether() throws {
    try withPlace { place in
      let images = try Packing.files(below: place.folder.appending(path: "photos")).map(\.bytes)
      try place.tar(4, [(Array("0.png".utf8), images[0])])
      for index in 0..<5 { try place.write(index, of: 5) }
      let error = #expect(throws: ShardError.self) {
        try FeatureShards(folder: place.shards).merge(to: place.path("all.npy")).wait()
      }
      #expect(error == .partlyLabelled(folder: place.shards, labelled: [0, 1, 3], unlabelled: [4]))
      let mixed = DatasetError.partlyLabelled(
        place: "\(place.path("3.tar")), \(place.path("4.tar"))", labelled: place.path("3.tar"),
        unlabelled: place.path("4.tar"), count: 1)
      #expect(throws: mixed) { try ArchiveList([place.pattern]).dataset(3..<5) }
    }
  }

  @Test func whatCannotBeDealtIsRefused() throws {
    try withPlace { place in
      #expect(throws: ShardError.tooManyShards(count: 6, archives: 5)) { try place.write(1, of: 6) }
      #expect(throws: DatasetError.notSeveralArchives(place: "a.tar", count: 1)) {
        try ArchiveList(["a.tar"])
      }
      let own = { (names: [String]) in
        _ = try place.backbone.writeShard(Shard(0, of: 2), of: ArchiveList(names), to: place.shards).wait()
      }
      #expect(throws: DatasetError.notAnArchive(path: place.path("photos"))) {
        try own([place.path("photos"), place.path("1.tar")])
      }
      let absent = #expect(throws: DatasetError.self) { try own([place.path("9.tar"), place.path("1.tar")]) }
      #expect(absent?.description.hasPrefix("\(place.path("9.tar")): cannot be read") == true)
      #expect(!FileManager.default.fileExists(atPath: place.path("shards/part-00000-of-00002.json")))
      try place.write(0, of: 2)
      #expect(throws: ShardError.self) { try place.write(0, of: 3) }
      #expect(throws: ShardError.self) { try own([place.path("0.tar"), place.path("1.tar")]) }
      let images = try Dataset(images: [place.pattern])
      let error = #expect(throws: ShardError.self) {
        try place.backbone.writeShard(Shard(0, of: 2), of: images, to: place.shards).wait()
      }
      #expect(error?.description.contains("what is dealt: expected images, found archives") == true)
    }
  }

  /// A damaged record or run is no crash.
  @Test(arguments: [
    #""archives":5"#: #""archives":1"#, #""version":2"#: #""version":1"#,
    #""classes":[]"#: #""classes":["a"]"#,
    #""archives":5,"#: "",
  ]) func runsThatContradictThemselvesAreRefused(old: String, new: String) throws {
    try withPlace { place in
      try place.write(0, of: 2)
      let path = place.path("shards/run.json")
      let text = try String(contentsOfFile: path, encoding: .utf8)
      #expect(text.contains(old))
      try text.replacing(old, with: new).write(toFile: path, atomically: true, encoding: .utf8)
      #expect(throws: ShardError.self) { try FeatureShards(folder: place.shards) }
    }
  }
}
