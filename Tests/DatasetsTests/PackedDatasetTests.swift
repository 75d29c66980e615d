import Datasets
import Files
import Foundation
import Images
import TestSupport
import Testing

/// Pictures in an archive are listed as those of the folder are that it unpacks to.
@Suite struct PackedDatasetTests {
  private struct Expected: Decodable {
    struct Keras: Decodable {
      let classes: [String]
      let filenames: [String]
      let labels: [Int]
    }

    let archives: [String: [String: String]]
    let keras: Keras
  }

  private static func path(_ name: String) -> String { Repository.fixture("packed/\(name)") }

  private static func expected() throws -> Expected {
    try JSONDecoder().decode(
      Expected.self, from: Data(contentsOf: URL(fileURLWithPath: path("expected.json"))))
  }

  /// Writes what is in an archive to a folder, as an unpacking program would.
  private func unpack(_ archive: PackedFiles, _ inside: String, to folder: URL) throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let contents = try #require(archive.contents(of: inside))
    for (name, member) in contents.files {
      try Data(member.contents()).write(to: folder.appending(path: name))
    }
    for name in contents.folders {
      let inner = inside.isEmpty ? name : inside + "/" + name
      try unpack(archive, inner, to: folder.appending(path: name))
    }
  }

  /// What Keras lists of those files that the form of archive has room for the names of.
  @Test(arguments: [
    "stored.zip", "deflated.zip", "ustar.tar", "gnu.tar", "pax.tar", "v7.tar", "wrapped.zip", "wrapped.tar",
  ])
  func classesAndOrder(name: String) throws {
    let expected = try Self.expected()
    let prefix = name.hasPrefix("wrapped") ? "animals/" : ""
    let files = try #require(expected.archives[name])
    let dataset = try Dataset(contentsOf: Self.path(name))
    let listed = zip(expected.keras.filenames, expected.keras.labels).filter { files[prefix + $0.0] != nil }
    // Only what has a member of its own is there: wrapped archives have none for the empty folder.
    let classes = expected.keras.classes.filter { name in
      name == "empty" ? prefix.isEmpty : listed.contains { $0.0.hasPrefix(name + "/") }
    }
    #expect(dataset.classes == classes)
    #expect(dataset.items.map(\.name) == listed.map(\.0))
    #expect(
      dataset.items.map { dataset.classes[$0.label ?? -1] } == listed.map { expected.keras.classes[$0.1] })
    #expect(dataset.paths == listed.map { "\(Self.path(name))/\(prefix)\($0.0)" })
    #expect(dataset.files == [Self.path(name)])
    #expect(
      dataset.diagnostics.first
        == (prefix.isEmpty
          ? dataset.diagnostics.first
          : .entered(place: Self.path(name), folder: Self.path(name) + "/animals")))
  }

  /// The same names, bytes, notes and digests.
  @Test(arguments: ["stored.zip", "deflated.zip", "gnu.tar", "pax.tar"])
  func asTheUnpackedFolder(name: String) throws {
    try withTemporaryFolder { root in
      let path = Self.path(name)
      let archive = try #require(try PackedFiles.find(path)).archive
      try unpack(archive, "", to: root)
      let lists: [(String) throws -> Dataset] = [
        { try Dataset(folder: $0) }, { try Dataset(flat: $0) }, { try Dataset(images: [$0]) },
        { try Dataset(folder: $0, classes: ["zebra", "cats"]) },
      ]
      for list in lists {
        let (packed, unpacked) = (try list(path), try list(root.path))
        #expect(packed.items.map(\.name) == unpacked.items.map(\.name))
        #expect(packed.items.map(\.label) == unpacked.items.map(\.label))
        #expect(packed.classes == unpacked.classes && packed.source == unpacked.source)
        let said = { (dataset: Dataset) in
          dataset.diagnostics.map { $0.description.replacing(dataset.place, with: "PLACE") }
        }
        #expect(said(packed) == said(unpacked))
        #expect(ImageDigest.sha256(of: packed.items) == ImageDigest.sha256(of: unpacked.items))
        #expect(packed.copies(of: unpacked).count == packed.items.count)
        for (one, other) in zip(packed.items, unpacked.items) {
          #expect(one.location.byteCount == other.location.byteCount)
          let pixels = try Bitmap(contentsOf: one.location).pixels
          #expect(try pixels == Bitmap(contentsOf: other.location).pixels)
          #expect(try pixels == Bitmap(contentsOf: one.path).pixels, "by its path")
        }
      }
    }
  }

  @Test(arguments: ["parts.zip", "parts.tar"]) func parts(name: String) throws {
    let path = Self.path(name)
    let split = try DatasetSplit(DatasetSources(training: path))
    #expect(split.parts.map(\.part) == [.training, .validation, .test])
    #expect(split.parts.allSatisfy { $0.images.classes == ["a", "b"] && $0.images.items.count == 4 })
    let listed = try Dataset(images: [path])
    #expect(
      listed.items.count == 12 && listed.items[0].name == "train/a/0.png" && listed.classes == ["a", "b"])
    let inner = name == "parts.zip" ? path : path + "/set"
    let named = try DatasetSplit(
      DatasetSources(training: inner + "/train", validation: inner + "/val"))
    #expect(named.training == split.training && named.validation == split.validation)
    #expect(Set(named.training.items).isDisjoint(with: named.validation?.items ?? []))
    #expect(throws: DatasetError.self) { try Dataset(folder: inner + "/nothing") }
  }

  /// What has a class beside it is listed with it; the classes are in the order that folders of these names have.
  @Test func shardsOfAWebDataset() throws {
    let path = Self.path("shard.tar")
    let shard = try Dataset(contentsOf: path)
    #expect(shard.classes == (0..<11).map(String.init).sorted())
    #expect(shard.items.map(\.name) == (0..<12).map { "0000\($0 < 10 ? "0" : "")\($0).jpg" })
    #expect(shard.items.map { $0.label.map { shard.classes[$0] } } == (0..<12).map { "\($0 % 11)" })
    #expect(
      shard.diagnostics == [
        .labelledSamples(place: path), .unlabelled(place: path, count: 1, first: "000012.jpg"),
      ])
    let some = try Dataset(folder: path, classes: ["10", "0"])
    #expect(some.items.map(\.label) == [1, 0, 1])
    #expect(throws: DatasetError.self) { try Dataset(folder: path, classes: ["11"]) }
    let json = try Dataset(contentsOf: Self.path("shard-json.tar"))
    #expect(json.classes == ["cat", "dog"] && json.items.map(\.label) == [1, 0, 1])
    #expect(
      json.diagnostics.map(\.description).last?.hasSuffix("do not end as images do: 3 .txt") == true)
    let both = try Dataset(images: [path, Self.path("shard-json.tar")])
    #expect(both.items.count == 15 && both.classes.count == 13)
    #expect(both.items[12].name == Self.path("shard-json.tar") + "/000000.jpg")
    #expect(both.diagnostics.map(\.description).count { $0.contains("the classes are those beside") } == 1)
  }

  @Test func whatIsNoFileIsSaid() throws {
    let path = Self.path("special.tar")
    let dataset = try Dataset(folder: path)
    #expect(dataset.items.map(\.name) == ["cats/a.png", "cats/z.png"])
    #expect(
      dataset.diagnostics == [.specialFiles(place: path, count: 7, first: "cats/device.png")])
    #expect(dataset.diagnostics[0].severity == .warning)
  }

  /// A link is none of the images, and a member that is packed in a way that is not read is one that cannot be read.
  @Test func oddMembersOfAZipArchive() throws {
    let path = Self.path("odd.zip")
    let dataset = try Dataset(folder: path)
    #expect(dataset.items.map(\.name) == ["cats/a.png", "cats/b.png"])
    #expect(dataset.diagnostics == [.specialFiles(place: path, count: 1, first: "cats/link.png")])
    #expect(throws: Never.self) { try Bitmap(contentsOf: dataset.items[0].location) }
    let error = #expect(throws: ImageError.self) { try Bitmap(contentsOf: dataset.items[1].location) }
    #expect(error?.description.hasPrefix("\(path)/cats/b.png: packed by bzip2: not supported;") == true)
    #expect(error?.family == .unsupported)
  }

  /// Of a member that is there twice the last counts, as when Python or tar unpack it.
  @Test func theLastOfTwoCounts() throws {
    let expected = try #require(try Self.expected().archives["twice.tar"])
    let dataset = try Dataset(folder: Self.path("twice.tar"))
    #expect(dataset.items.map(\.name) == ["cats/a.png", "cats/b.png"])
    #expect(dataset.items.map(\.location.sha256) == [expected["cats/a.png"], expected["cats/b.png"]])
  }

  /// Names are bytes: an `é` of one scalar and one of two are two classes, and two images.
  @Test func namesThatLookAlikeAreTwo() throws {
    try withTemporaryFolder { root in
      let (one, two) = ("caf\u{E9}", "cafe\u{301}")
      let names = ["\(two)/0.jpg", "\(one)/0.jpg", "\(one)/\(two).jpg", "\(one)/\(one).jpg"]
      let files: [Packing.File] = names.enumerated().map { (Array($0.element.utf8), [UInt8($0.offset)]) }
      for (name, bytes) in [("a.zip", Packing.zip(files)), ("a.tar", Packing.tar(files))] {
        let file = root.appending(path: name)
        try Data(bytes).write(to: file)
        let dataset = try Dataset(folder: file.path)
        #expect(dataset.classes.map { Array($0.utf8) } == [Array(two.utf8), Array(one.utf8)])
        #expect(dataset.items.map(\.label) == [0, 1, 1, 1] && dataset.classIndices.count == 1)
        let contents = try dataset.items.map { item in try #require(item.location.member).contents() }
        #expect(contents == [[0], [1], [2], [3]])
        let some = try Dataset(folder: file.path, classes: [one])
        #expect(some.items.count == 3, "by its own bytes")
      }
      let file = root.appending(path: "one.tar")
      try Data(Packing.tar([(Array(names[0].utf8), [0])])).write(to: file)
      #expect(try Dataset(folder: file.path, classes: [one]).items.count == 1, "by its characters")
      #expect(throws: DatasetError.self) { try Dataset(folder: file.path, classes: [one, two]) }
    }
  }

  /// A manifest beside an archive, or in one.
  @Test func manifests() throws {
    try withTemporaryFolder { root in
      let manifest = root.appending(path: "list.csv")
      let rows = "filename,class\ncats/im2.jpg,x\ncats/im3.jpg,x\nzebra/folder.png/inside.jpg,y\n"
      try Data(rows.utf8).write(to: manifest)
      let outside = try Dataset(manifest: manifest.path, directory: Self.path("gnu.tar"))
      #expect(outside.items.map(\.name) == ["cats/im2.jpg", "zebra/folder.png/inside.jpg"])
      #expect(outside.items.map(\.label) == [0, 1] && outside.files == [Self.path("gnu.tar")])
      #expect(
        outside.diagnostics == [
          .missingFiles(
            place: manifest.path, count: 1, total: 3, first: "cats/im3.jpg",
            tried: ["cats/im3.jpg", "im3.jpg"].map { Self.path("gnu.tar") + "/" + $0 })
        ])
      let photograph = try Dataset(folder: Self.path("gnu.tar")).items[0].location
      let archive = root.appending(path: "both.zip")
      let image = try [UInt8](
        Data(contentsOf: URL(fileURLWithPath: Repository.fixture("images/decode/baseline_444.jpg"))))
      try Data(
        Packing.zip([
          (Array("set/list.csv".utf8), Array("filename,class\nimages/a.jpg,x\n".utf8)),
          (Array("set/images/a.jpg".utf8), image),
        ])
      ).write(to: archive)
      let inside = try Dataset(contentsOf: archive.path + "/set/list.csv")
      #expect(inside.items.map(\.name) == ["images/a.jpg"] && inside.source == .manifest)
      #expect(inside.items[0].path == archive.path + "/set/images/a.jpg")
      #expect(photograph.archive == Self.path("gnu.tar"))
    }
  }

  /// By what it is, whatever it is called.
  @Test func theNameOfAnArchiveDoesNotMatter() throws {
    try withTemporaryFolder { root in
      for (name, called) in [("stored.zip", "photos"), ("gnu.tar", "photos.csv"), ("v7.tar", "photos.jpg")] {
        let place = root.appending(path: called).path
        try FileManager.default.copyItem(atPath: Self.path(name), toPath: place)
        #expect(try Dataset(contentsOf: place).classes.contains("cats"), "\(called)")
        #expect(!Dataset.isManifest(place))
      }
    }
  }

  @Test func whatIsPackedAsAWholeIsRefusedWithTheCommand() throws {
    try withTemporaryFolder { root in
      let place = root.appending(path: "photos.tar.gz").path
      try Data([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]).write(to: URL(fileURLWithPath: place))
      let lists: [(String) throws -> Dataset] = [
        { try Dataset(folder: $0) }, { try Dataset(images: [$0, $0]) },
      ]
      for list in lists {
        let error = #expect(throws: DatasetError.self) { try list(place) }
        #expect(
          error?.description == """
            \(place): packed as a whole by gzip, so that no member can be read by itself: not supported; unpack it once \
            (gunzip -k '\(place)'), and name what comes of it
            """)
        #expect(error?.family == .unsupported)
      }
    }
  }

  /// One damaged member is one image that cannot be read.
  @Test func aDamagedMemberIsOneImage() throws {
    try withTemporaryFolder { root in
      let file = root.appending(path: "damaged.zip")
      var bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: Self.path("parts.zip"))))
      // In the pixels of the first image, behind its header of 30 bytes and its name of 13.
      bytes[43 + 60] ^= 0xFF
      try Data(bytes).write(to: file)
      let dataset = try Dataset(folder: file.path + "/train")
      let recipe = ImageRecipe(height: 8, width: 8, preprocessing: .rescaled(by: 1))
      let loader = ImageBatchLoader(locations: dataset.items.map(\.location), recipe: recipe)
      let batch = try #require(try loader.next())
      #expect(batch.indices == [1, 2, 3] && batch.failures.map(\.index) == [0])
      let error = batch.failures[0].error
      #expect(error.family == .malformed)
      #expect(
        error.description.hasPrefix(
          "\(file.path)/train/a/0.png: its bytes are not those that were packed; expected CRC-32"))
      let strict = ImageBatchLoader(
        locations: dataset.items.map(\.location), recipe: recipe, onBadImage: .fail)
      #expect(throws: error) { try strict.next() }
    }
  }
}
