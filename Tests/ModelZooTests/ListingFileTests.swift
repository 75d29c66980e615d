import Datasets
import Files
import Foundation
import Images
import ModelZoo
import TestSupport
import Testing

/// A listing gives the images that its folders give, in parts as well, and knows what was changed.
@Suite struct ListingFileTests {
  /// Two classes with names as people have them, one without images, and folders in folders.
  private static let names = [
    "cats/a b.jpg", "cats/it's \"one\", two.jpg", "cats/sub-1/b.png", "cats/sub/a.png", "cats/Köln.jpg",
    "dogs/back\\slash.jpg", "dogs/1.png", "dogs/10.png", "dogs/2.png",
  ]

  private func fill(_ root: URL, _ names: [String]) throws {
    for name in names {
      let url = root.appending(path: name)
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data("contents of \(name)".utf8).write(to: url)
    }
  }

  private func expectSame(_ listed: Dataset, _ expected: Dataset) {
    #expect(listed.classes == expected.classes)
    #expect(listed.items.map(\.name) == expected.items.map(\.name))
    #expect(listed.items.map(\.label) == expected.items.map(\.label))
    #expect(listed.items.map(\.location.sha256) == expected.items.map(\.location.sha256))
    #expect(listed.items.allSatisfy { $0.fingerprint?.byteCount == $0.location.byteCount })
  }

  @Test(arguments: ["list.jsonl", "list.csv"], [false, true])
  func listedImagesAreThoseOfTheSources(name: String, isElsewhere: Bool) throws {
    try withTemporaryFolder { root in
      let photos = root.appending(path: "photos")
      try fill(photos, Self.names)
      // A name that is no text.
      try AtomicFile.write("bytes", to: photos.path + "/dogs/a\u{10F7B9}.jpg")
      try FileManager.default.createDirectory(
        at: photos.appending(path: "empty"), withIntermediateDirectories: true)
      try fill(
        root, ["more/x.jpg", "set/train/a/1.jpg", "set/train/b/2.jpg", "set/val/a/3.jpg", "set/val/b/4.jpg"])
      let tar = root.appending(path: "photos.tar")
      try Data(Packing.tar(try Packing.files(below: root.appending(path: "set/train")))).write(to: tar)
      try Data("image,label\nmore/x.jpg,a\nset/train/a/1.jpg,b\n".utf8).write(
        to: root.appending(path: "m.csv"))
      try OutputFolder.make(root.path + "/lists")
      let list = root.path + (isElsewhere ? "/lists/" : "/") + name
      func path(_ name: String) -> String { root.path + "/" + name }
      let cases = [
        [photos.path], [path("set")], [path("more")], [tar.path], [tar.path, path("more")],
        [path("more/x.jpg"), photos.path], [path("m.csv")], [root.path + "/./more/../photos"],
      ]
      for sources in cases {
        let expected = try Dataset(images: sources)
        let summary = try Listing.write(
          images: sources, to: list, options: ListingFileOptions(takesDigests: sources.count > 1)
        ).wait()
        #expect(summary.count == expected.items.count && summary.classes == expected.classes)
        #expect(summary.diagnostics == expected.diagnostics && summary.unknownCount == 0)
        let listing = try Listing(contentsOf: list)
        #expect(listing.count == expected.items.count)
        expectSame(try listing.dataset(), expected)
        expectSame(try Dataset(images: [list]), expected)
        #expect(try listing.dataset(rows: 1..<1).items.isEmpty)
        let parts = try (0..<listing.count).map { try listing.dataset(rows: $0..<$0 + 1).items[0] }
        let all = try listing.dataset().items
        #expect(parts == all)
        #expect(throws: ListingError.self) { try listing.dataset(rows: 0..<listing.count + 1) }
      }
    }
  }

  /// Without its index it is a manifest like any other.
  @Test(arguments: ["list.jsonl", "list.csv"]) func aListingIsAManifest(name: String) throws {
    try withTemporaryFolder { root in
      try fill(root.appending(path: "photos"), Self.names)
      let list = root.appending(path: name).path
      let photos = root.path + "/photos"
      try Listing.write(images: [photos], to: list).wait()
      let expected = try Dataset(folder: photos)
      try FileManager.default.removeItem(atPath: Listing.indexPath(of: list))
      let found = try Dataset(contentsOf: list)
      #expect(found.classes == expected.classes && found.items.map(\.label) == expected.items.map(\.label))
      #expect(found.items.map(\.location.sha256) == expected.items.map(\.location.sha256))
      #expect(found.items.map(\.name) == expected.items.map { "photos/" + $0.name })
      let lines = try String(contentsOfFile: list, encoding: .utf8).split(whereSeparator: \.isNewline)
      #expect(lines.count == expected.items.count + (name.hasSuffix("csv") ? 1 : 0))
    }
  }

  /// Of the folders of a tree too large to be held the files are listed again.
  @Test(arguments: [0, 1, 3, 100]) func whatIsHeldChangesNothing(mostHeld: Int) throws {
    try withTemporaryFolder { root in
      try fill(root, Self.names + ["cats/.hidden.jpg", "cats/notes.txt", "cats/sub/deep/c.png"])
      let expected = try Dataset(images: [root.path])
      var stream = try ImageStream(of: [root.path], ListingOptions(), mostHeld: mostHeld)
      var items: [Dataset.Item] = []
      while let next = try stream.next() { items += next }
      #expect(items == expected.items && stream.diagnostics == expected.diagnostics)
      #expect(items.count == Self.names.count + 1)
    }
  }

  /// Every program reads the lines; with its index or without, the listing leads to the same files.
  @Test func linesAreTextWhateverNamesAre() throws {
    try withTemporaryFolder { root in
      try fill(root.appending(path: "photos"), ["a/1.jpg"])
      let name = root.path + "/photos/a/b\u{10F7B9}\u{10F7FF}.jpg"
      try AtomicFile.write("bytes", to: name)
      let list = root.path + "/list.jsonl"
      try Listing.write(images: [root.path + "/photos"], to: list).wait()
      let text = try String(contentsOfFile: list, encoding: .utf8)
      #expect(text.contains(#""filename":"photos/a/b\udcb9\udcff.jpg""#), "\(text)")
      for _ in 0..<2 {
        let paths = try Dataset(images: [list]).items.map(\.location.path)
        #expect(paths.last?.utf8.elementsEqual(name.utf8) == true, "\(paths)")
        try? FileManager.default.removeItem(atPath: Listing.indexPath(of: list))
      }
    }
  }

  @Test func namesWithLineBreaksNeedJSON() throws {
    try withTemporaryFolder { root in
      try fill(root, ["photos/a/two\nlines.jpg", "photos/b/1.jpg"])
      let photos = root.path + "/photos"
      try Listing.write(images: [photos], to: root.path + "/list.jsonl").wait()
      expectSame(try Dataset(images: [root.path + "/list.jsonl"]), try Dataset(images: [photos]))
      #expect(throws: ListingError.lineBreak(path: root.path + "/list.csv", name: "photos/a/two\nlines.jpg"))
      {
        try Listing.write(images: [photos], to: root.path + "/list.csv").wait()
      }
      #expect(!FileManager.default.fileExists(atPath: root.path + "/list.csv"))
      #expect(throws: ListingError.ending(path: "list.txt")) {
        try Listing.write(images: [photos], to: "list.txt")
      }
    }
  }

  /// A part is read without a look at the rest: what is changed in one block is found by whoever reads that.
  @Test(arguments: ["list.jsonl", "list.csv"]) func aPartReadsItsOwnLines(name: String) throws {
    try withTemporaryFolder { root in
      let list = root.path + "/" + name
      let count = 20_000
      let index = try AtomicFile.write(to: list) { sink in
        var writer = try ListingWriter(
          list, to: sink, sources: ["s"], .folder, classes: ["a", "b"], hasDigests: false)
        let dataset = try Dataset(folder: synthetic(root))
        for row in 0..<count {
          try writer.append(dataset.items[row % 2], ImageFingerprint(byteCount: row))
        }
        return try writer.finish()
      }
      try AtomicFile.write(index, to: Listing.indexPath(of: list))
      let listing = try Listing(contentsOf: list)
      #expect(listing.count == count)
      for shard in [0, 1, 499, 999] {
        let rows = try Shard(shard, of: 1000).images(of: count)
        let part = try listing.dataset(rows: rows)
        #expect(part.items.map(\.fingerprint?.byteCount) == rows.map { $0 })
        #expect(part.items.map(\.label) == rows.map { $0 % 2 })
      }
      #expect(try listing.dataset(rows: 4000..<9000).items.count == 5000)
      var bytes = try Data(contentsOf: URL(fileURLWithPath: list))
      bytes[bytes.count / 2] ^= 1
      try bytes.write(to: URL(fileURLWithPath: list))
      let changed = try Listing(contentsOf: list)
      #expect(try changed.dataset(rows: 0..<100).items.count == 100)
      #expect(try changed.dataset(rows: count - 100..<count).items.count == 100)
      #expect(throws: ListingError.self) { try changed.dataset(rows: count / 2 - 100..<count / 2 + 100) }
      try (bytes + Data("\n".utf8)).write(to: URL(fileURLWithPath: list))
      #expect(throws: ListingError.self) { try Listing(contentsOf: list) }
    }
  }

  private func synthetic(_ root: URL) throws -> String {
    let photos = root.appending(path: "photos")
    try fill(photos, ["a/1.jpg", "b/2.jpg"])
    return photos.path
  }

  /// Whatever is in an index, there is a typed error or a part of the listing.
  @Test func damagedIndexesAreErrors() throws {
    try withTemporaryFolder { root in
      let list = root.path + "/list.jsonl"
      try Listing.write(images: [try synthetic(root)], to: list).wait()
      let url = URL(fileURLWithPath: Listing.indexPath(of: list))
      let whole = try Data(contentsOf: url)
      let numbers = ["-1", "0", "7", "9223372036854775807", "\"x\""]
      let text = String(decoding: whole, as: UTF8.self)
      let lies = try ["rows", "byteCount", "blockRows", "start", "version"].flatMap { key in
        let pattern = try Regex("\"\(key)\":\\d+")
        return numbers.map { Data(text.replacing(pattern, with: "\"\(key)\":\($0)").utf8) }
      }
      for bytes in lies + (0..<whole.count).map({ whole.prefix($0) })
        + whole.indices.map({ flipped(whole, $0) })
      {
        try bytes.write(to: url)
        do {
          _ = try Listing(contentsOf: list).dataset()
        } catch {
          #expect(error is ListingError || error is FileError, "\(error)")
        }
      }
    }
  }

  private func flipped(_ bytes: Data, _ offset: Int) -> Data {
    var other = bytes
    other[offset] = other[offset] == UInt8(ascii: "9") ? UInt8(ascii: "1") : UInt8(ascii: "9")
    return other
  }
}

/// Shards of a listing are those of its folder.
@Suite struct ListedShardTests {
  private struct Place {
    let folder: URL
    let backbone: Backbone
    var photos: String { path("photos") }
    var list: String { path("list.jsonl") }
    func path(_ name: String) -> String { folder.appending(path: name).path }

    func writeListing(digests: Bool = false) throws {
      try Listing.write(
        images: [photos], to: list, options: ListingFileOptions(takesDigests: digests)
      ).wait()
    }

    @discardableResult func write(_ index: Int, of count: Int, _ run: String = "shards") throws
      -> ShardSummary
    {
      try backbone.writeShard(Shard(index, of: count), of: Listing(contentsOf: list), to: path(run)).wait()
    }
  }

  private func withPlace(_ body: (Place) throws -> Void) throws {
    try withTemporaryFolder { folder in
      try DrawnImages.write(to: folder.appending(path: "photos"), perClass: 3)
      let archive = try SyntheticArchive.write("squeezenet", to: folder)
      let backbone = try Backbone(contentsOf: archive, options: BackboneOptions(size: 64))
      try body(Place(folder: folder, backbone: backbone))
    }
  }

  @Test(arguments: [1, 4, 11]) func shardsOfAListingAreThoseOfItsFolder(count: Int) throws {
    try withPlace { place in
      let whole = place.path("whole.safetensors")
      try place.backbone.writeFeatures(of: try Dataset(folder: place.photos), to: whole).wait()
      try place.writeListing()
      var runs: Set<Data> = []
      for index in 0..<count {
        try place.write(index, of: count)
        runs.insert(try Data(contentsOf: URL(fileURLWithPath: place.path("shards/run.json"))))
      }
      #expect(runs.count == 1)
      try FeatureShards(folder: place.path("shards")).merge(to: place.path("all.safetensors")).wait()
      let files = try [whole, place.path("all.safetensors")].map {
        try Data(contentsOf: URL(fileURLWithPath: $0))
      }
      #expect(files[0] == files[1])
      #expect(try place.write(0, of: count).wasFinished)
    }
  }

  @Test func changedImagesAreBadOnes() throws {
    try withPlace { place in
      let (longer, other) = (place.path("photos/discs/1.png"), place.path("photos/noise/0.png"))
      try place.writeListing(digests: true)
      let copy = try Data(contentsOf: URL(fileURLWithPath: other))
      var changed = copy
      changed[changed.count - 20] ^= 1
      try changed.write(to: URL(fileURLWithPath: other))
      try (Data(contentsOf: URL(fileURLWithPath: longer)) + Data([0])).write(to: URL(fileURLWithPath: longer))
      let summary = try place.write(0, of: 1)
      #expect(summary.rowCount == 7 && summary.skipped.map(\.name) == ["discs/1.png", "noise/0.png"])
      let reasons = summary.skipped.map(\.reason)
      #expect(
        reasons[0].contains("changed since it was listed; expected ") && reasons[0].contains(" bytes, found ")
      )
      #expect(reasons[1].contains("expected SHA-256 "))
      // Listed again it is another run, whatever the names are.
      try place.writeListing(digests: true)
      #expect(throws: ShardError.self) { try place.write(0, of: 1) }
      #expect(try place.write(0, of: 1, "others").skipped.map(\.name) == ["noise/0.png"])
    }
  }

  /// What was listed, and what is there now.
  @Test func anArchiveThatIsAnotherIsSaid() throws {
    try withPlace { place in
      let tar = URL(fileURLWithPath: place.path("a.tar"))
      let files = try Packing.files(below: URL(fileURLWithPath: place.photos))
      let pack = { (files: [Packing.File]) in try Data(Packing.tar(files)).write(to: tar) }
      try pack(files)
      try Listing.write(images: [tar.path], to: place.list).wait()
      let others = { (name: String) in try place.write(0, of: 1, name).skipped.map(\.reason) }
      try pack(Array(files.dropFirst()))
      let one = try others("one")
      #expect(one.count == 1 && one[0].contains("changed since it was listed; expected "))
      #expect(
        one[0].contains(
          " bytes in an archive, found no such file in the archive \(tar.path); list the images again"))
      try Data("no archive".utf8).write(to: tar)
      let nothing = #expect(throws: ModelZooError.self) { try others("two") }
      #expect(
        nothing?.description.contains("found \(tar.path), which is no archive; list the images again") == true
      )
      try pack(files)
      try Data(contentsOf: tar).dropLast(1500).write(to: tar)
      let damaged = #expect(throws: ListingError.self) { try others("three") }
      #expect(
        damaged?.description.contains("expected the archive of a.tar/") == true,
        "\(String(describing: damaged))")
    }
  }

  @Test func noNameOfAListingHasAZeroByte() throws {
    try withPlace { place in
      try place.writeListing()
      let url = URL(fileURLWithPath: place.list)
      let text = try String(contentsOf: url, encoding: .utf8)
      let changed = text.replacing("noise/1.png", with: "noise\\u0000.png")
      #expect(changed != text)
      try Data(changed.utf8).write(to: url)
      // Not even where the index was written for these lines.
      let index = URL(fileURLWithPath: Listing.indexPath(of: place.list))
      var words = try String(contentsOf: index, encoding: .utf8)
      let digest = { (bytes: Data) in
        var digest = SHA256()
        Array(bytes).withRawSpan { digest.update($0) }
        return digest.hexadecimal
      }
      words = words.replacing(digest(Data(text.utf8)), with: digest(Data(changed.utf8)))
        .replacing("\"byteCount\":\(text.utf8.count)", with: "\"byteCount\":\(changed.utf8.count)")
      try Data(words.utf8).write(to: index)
      let error = #expect(throws: ListingError.self) { try Listing(contentsOf: place.list).dataset() }
      #expect(error?.description.contains("zero byte") == true, "\(String(describing: error))")
    }
  }

  @Test func aChangedListingIsRefused() throws {
    try withPlace { place in
      try place.writeListing()
      try place.write(0, of: 2)
      let text = try String(contentsOfFile: place.list, encoding: .utf8)
      try text.replacing("noise/1", with: "noise/2").write(
        toFile: place.list, atomically: true, encoding: .utf8)
      #expect(throws: ListingError.self) { try place.write(1, of: 2) }
    }
  }
}
