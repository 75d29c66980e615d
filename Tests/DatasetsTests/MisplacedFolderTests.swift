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
        try Dataset(folder: root.path).diagnostics == [
          .strayImages(place: root.path, count: 2, first: "stray.jpg")
        ])
      #expect(try Dataset(flat: root.path).diagnostics.count == 1, "labels.csv is no image")
    }
  }

  @Test func aFolderAroundTheClassesIsNamed() throws {
    try withTemporaryFolder { root in
      try make(
        root, "one/animals/a/1.png", "one/animals/b/1.png", "two/x/y/train/a/1.png", "two/x/y/val/a/1.png")
      let cases = [("one", "animals", ["a", "b"]), ("two", "x/y", ["train", "val"])]
      for (name, inner, found) in cases {
        let place = root.appending(path: name).path
        let error = DatasetError.wrapped(place: place, inner: place + "/" + inner, found: found)
        #expect(throws: error) { try DatasetSplit(DatasetSources(training: place)) }
        #expect(error.description.contains("name \(place)/\(inner), which has \(found[0]), \(found[1])"))
      }
      let place = root.appending(path: "one").path
      #expect(throws: DatasetError.wrapped(place: place, inner: place + "/animals", found: ["a", "b"])) {
        try Dataset(folder: place, classes: ["b"])
      }
    }
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
