import Datasets
import Foundation
import TestSupport
import Testing

/// Folders that are no classes, and what lies beside those that are.
@Suite struct MisplacedFolderTests {
  @Test(
    "two folders of one part are no guess",
    arguments: [
      ("train val validation", DatasetPart.validation, ["val", "validation"]),
      ("Train train val", .training, ["Train", "train"]), ("holdout test train", .test, ["holdout", "test"]),
    ] as [(String, DatasetPart, [String])])
  func severalParts(folders: String, part: DatasetPart, found: [String]) throws {
    try withTemporaryFolder { root in
      for name in folders.split(separator: " ") {
        try make(root, "\(name)/a/1.png", "\(name)/b/1.png")
      }
      let error = DatasetError.severalParts(place: root.path, part: part, folders: found)
      #expect(throws: error) { try PartFolders(root.path) }
      #expect(throws: error) { try DatasetSplit(DatasetSources(training: root.path)) }
      #expect(throws: error) { try Dataset(images: [root.path]) }
      let first = root.path + "/" + found[0]
      #expect(try DatasetSplit(DatasetSources(training: first)).training.classes == ["a", "b"])
    }
  }

  /// A classifier of `train` against `val` is nobody's wish, unless they say so.
  @Test func partsAreNotTakenForClasses() throws {
    try withTemporaryFolder { root in
      func listed(_ name: String, classes: [String]? = nil) throws -> DatasetSplit {
        try DatasetSplit(
          DatasetSources(
            training: root.appending(path: name).path, listing: ListingOptions(classes: classes)))
      }
      try make(root, "flat/training_set/1.png", "flat/test_set/1.png", "flat/labels/1.xml")
      let path = root.appending(path: "flat").path
      #expect(throws: DatasetError.unsortedParts(place: path, folders: ["test_set", "training_set"])) {
        try listed("flat")
      }
      let asked = try listed("flat", classes: ["test_set", "training_set"])
      #expect(asked.training.items.count == 2 && asked.diagnostics.isEmpty)
      try make(root, "mixed/train/1.png", "mixed/val/1.png", "mixed/birds/1.png")
      let mixed = try listed("mixed")
      #expect(mixed.training.classes == ["birds", "train", "val"])
      let named = DatasetDiagnostic.classesNamedAsParts(
        place: root.appending(path: "mixed").path, names: ["train", "val"])
      #expect(mixed.diagnostics == [named] && named.severity == .warning)
      try make(root, "street/bus/1.png", "street/train/1.png")
      #expect(try listed("street").diagnostics.isEmpty)
      try make(root, "set/train/a/1.png", "set/train/b/1.png", "set/val/a/1.png", "set/notes/a.xml")
      try FileManager.default.createDirectory(
        at: root.appending(path: "set/val/b"), withIntermediateDirectories: true)
      let set = try listed("set")
      let place = root.appending(path: "set").path
      #expect(set.training.classes == ["a", "b"] && set.validation?.items.count == 1)
      #expect(
        set.diagnostics.contains(.besideParts(place: place, names: ["notes"], holdImages: false)))
      let unmeasured = DatasetDiagnostic.unmeasuredClasses(
        place: place + "/val", part: .validation, names: ["b"])
      #expect(set.findings().contains(unmeasured) && unmeasured.severity == .warning)
    }
  }

  @Test func imagesBesideTheClassesAreSaid() throws {
    try withTemporaryFolder { root in
      try make(root, "a/1.png", "b/1.png", "stray.jpg", "zebra.png", "labels.csv")
      #expect(
        try Dataset(folder: root.path).diagnostics.map(\.description) == [
          "\(root.path): passed over files that do not end as images do: 1 .csv",
          "\(root.path): left out 2 images beside the folders, without a class; the first is stray.jpg",
        ])
      #expect(try Dataset(flat: root.path).diagnostics.count == 1, "labels.csv is no image")
    }
  }

  @Test func aFolderAroundTheClassesIsEntered() throws {
    try withTemporaryFolder { root in
      try make(
        root, "one/animals/a/1.png", "one/animals/b/1.png", "two/x/y/train/a/1.png", "two/x/y/val/a/1.png")
      for (name, inner) in [("one", "animals"), ("two", "x/y")] {
        let place = root.appending(path: name).path
        let split = try DatasetSplit(DatasetSources(training: place))
        let listed = try Dataset(images: [place])
        #expect(split.training.items[0].path.hasPrefix("\(place)/\(inner)/"))
        #expect(
          listed.classes == split.training.classes && listed.classes == (name == "one" ? ["a", "b"] : ["a"]))
        for diagnostics in [split.diagnostics, listed.diagnostics] where name == "one" {
          #expect(diagnostics.contains(.entered(place: place, folder: "\(place)/\(inner)")))
        }
      }
      let place = root.appending(path: "one").path
      #expect(try Dataset(folder: place, classes: ["b"]).items.map(\.name) == ["b/1.png"])
      #expect(try Dataset(folder: place, classes: ["animals"]).items.count == 2)
      // An image beside it belongs to no class, and so the folder is none around others.
      try make(root, "one/stray.png")
      let error = DatasetError.wrapped(place: place, inner: place + "/animals", found: ["a", "b"])
      #expect(throws: error) { try DatasetSplit(DatasetSources(training: place)) }
      #expect(throws: error) { try Dataset(folder: place, classes: ["b"]) }
      #expect(error.description.contains("name \(place)/animals, which has a, b"))
    }
  }

  /// An archive and the folder that it unpacks to have the same classes, and the same is said of both.
  @Test func archivesAndFoldersAreTheSame() throws {
    let names = [
      "animals/cats/1.png", "animals/cats/.DS_Store", "animals/dogs/2.png", "animals/notes.txt", ".DS_Store",
      "__MACOSX/animals/cats/._1.png", "README.md",
    ]
    try withTemporaryFolder { root in
      let folder = root.appending(path: "unpacked")
      for name in names { try make(folder, name) }
      let archives = ["a.zip": Packing.zip, "a.tar": Packing.tar, "w.zip": Self.packedByWindows]
      for (name, pack) in archives {
        let file = root.appending(path: name)
        try Data(pack(names.map { (Array($0.utf8), []) })).write(to: file)
        for list in [Self.listed, Self.listedAll] {
          let (packed, unpacked) = try (list(file.path), list(folder.path))
          #expect(packed.classes == ["cats", "dogs"] && packed.classes == unpacked.classes)
          #expect(packed.items.map(\.name) == unpacked.items.map(\.name))
          let said = [packed, unpacked].map { dataset in
            dataset.diagnostics.map { $0.description.replacing(dataset.place, with: "P") }
          }
          #expect(
            said[0].map { $0.replacing(file.path, with: "F") }
              == said[1].map { $0.replacing(folder.path, with: "F") })
          #expect(
            said[0].map { $0.replacing(file.path, with: "F") } == [
              "F: one folder is around all others; the images are those of P",
              "F: left out what is hidden, or a system's own: __MACOSX and 1 file",
              "F: passed over files that do not end as images do: 1 .md",
              "P: left out what is hidden, or a system's own: 1 file",
              "P: passed over files that do not end as images do: 1 .txt",
            ])
        }
      }
    }
  }

  private static func listed(_ path: String) throws -> Dataset {
    try DatasetSplit(DatasetSources(training: path)).training
  }

  private static func listedAll(_ path: String) throws -> Dataset { try Dataset(images: [path]) }

  private static func packedByWindows(_ files: [Packing.File]) -> [UInt8] {
    let slash = UInt8(ascii: "/")
    return Packing.zip(files.map { ($0.name.map { $0 == slash ? UInt8(ascii: "\\") : $0 }, $0.bytes) })
  }

  @Test func aLineEndInAClassNameBeginsNoLine() {
    let error = DatasetError.missingClass(place: "p", name: "zz", found: ["c\nwarning: forged"])
    #expect(error.description == "p: no class zz; found c\\u{A}warning: forged")
    #expect(
      DatasetDiagnostic.emptyClass(place: "p", name: "c\nd").description.hasPrefix(
        "p: class c\\u{A}d has no images"))
  }

  private func make(_ root: URL, _ files: String...) throws {
    for file in files {
      let url = root.appending(path: file)
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data().write(to: url)
    }
  }
}
