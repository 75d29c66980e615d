import Datasets
import Foundation
import ModelZoo
import TestSupport
import Testing

/// The listing of a folder has the parts, the classes and the split of the folder.
@Suite struct ListedPartsTests {
  private static let names = [
    "train/a/1.jpg", "train/a/2.jpg", "train/b/1.jpg", "train/b/3.jpg", "train/c/1.jpg", "val/a/9.jpg",
    "val/b/8.jpg",
    "val/c/7.jpg", "test/a/6.jpg", "test/b/5.jpg", "test/c/4.jpg",
  ]

  private func withFolder(_ names: [String], _ body: (_ folder: String, _ list: String) throws -> Void) throws
  {
    try withTemporaryFolder { root in
      for name in names {
        let url = root.appending(path: "set/" + name)
        try FileManager.default.createDirectory(
          at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data("contents of \(name)".utf8).write(to: url)
      }
      let list = root.path + "/list.jsonl"
      try Listing.write(images: [root.path + "/set"], to: list).wait()
      try body(root.path + "/set", list)
    }
  }

  private func expectSame(_ listed: DatasetSplit, _ expected: DatasetSplit) {
    #expect(listed.parts.map(\.part) == expected.parts.map(\.part))
    for (own, other) in zip(listed.parts, expected.parts) {
      #expect(own.images.classes == other.images.classes)
      #expect(own.images.paths == other.images.paths)
      #expect(own.images.items.map(\.label) == other.images.items.map(\.label))
      #expect(own.images.items.allSatisfy { $0.fingerprint != nil })
    }
    #expect(listed.method == expected.method)
  }

  @Test(
    arguments: [nil, ["c", "a"]], [["train/", "val/", "test/"], ["train/", "val/"], ["train/", "test/"]])
  func partsAreThoseOfTheFolder(classes: [String]?, parts: [String]) throws {
    try withFolder(Self.names.filter { name in parts.contains { name.hasPrefix($0) } }) { folder, list in
      let options = ListingOptions(classes: classes)
      let expected = try DatasetSplit(DatasetSources(training: folder, listing: options))
      let listed = try DatasetSplit(DatasetSources(training: list, listing: options))
      #expect(listed.parts.count == parts.count)
      expectSame(listed, expected)
      let counts = Dictionary(uniqueKeysWithValues: expected.parts.map { ($0.part, $0.images.items.count) })
      #expect(listed.diagnostics.contains(.listedParts(place: list, counts: counts)))
      let dataset = try Dataset(contentsOf: list, options: options)
      #expect(dataset.listedParts?.count == parts.count)
    }
  }

  @Test func theOrderOfAModelIsThatOfTheParts() throws {
    try withFolder(Self.names) { folder, list in
      var options = ListingOptions()
      options.order = ["b", "c", "a"]
      expectSame(
        try DatasetSplit(DatasetSources(training: list, listing: options)),
        try DatasetSplit(DatasetSources(training: folder, listing: options)))
    }
  }

  @Test func oneValidationPartIsEnough() throws {
    let holdback = ValidationSplit(fraction: 0.4, seed: 3)
    try withFolder(Self.names) { folder, list in
      for place in [folder, list] {
        #expect {
          try DatasetSplit(DatasetSources(training: place, holdback: holdback))
        } throws: { error in
          if case DatasetError.twoValidations = error { true } else { false }
        }
        // Named by itself it takes the place of the one that is there.
        let split = try DatasetSplit(DatasetSources(training: place, validation: folder + "/test"))
        #expect(split.training.items.count == 5 && split.validation?.place == folder + "/test")
      }
    }
  }

  /// Without folders for parts, every rule holds back the images that it holds back of the folder.
  @Test(arguments: [SplitRule.drawn, .generator, .dataset], [nil, ["c", "a"]])
  func splitsAreThoseOfTheFolder(rule: SplitRule, classes: [String]?) throws {
    let names = (0..<9).flatMap { number in ["a", "b", "c"].map { "\($0)/\(number).jpg" } }
    try withFolder(names) { folder, list in
      let holdback = ValidationSplit(fraction: 0.3, rule: rule, seed: 5)
      let splits = try [list, folder].map {
        try DatasetSplit(
          DatasetSources(training: $0, listing: ListingOptions(classes: classes), holdback: holdback))
      }
      expectSame(splits[0], splits[1])
      #expect(try Dataset(contentsOf: list).listedParts == nil)
    }
  }

  /// Folders of archives are not images; what stands for all of them is a pattern where numbers have no gaps.
  @Test(arguments: [
    (["0.tar", "1.tar", "2.tar"], "all of them as PLACE/{0..2}.tar"),
    (["s-008.tar", "s-009.tar", "s-010.tar"], "all of them as PLACE/s-{008..010}.tar"),
    (["8.tar", "9.tar", "10.tar"], "all of them as PLACE/{8..10}.tar"),
    (["0.tar", "2.tar"], "such as PLACE/0.tar"), (["0.tar", "01.tar"], "such as PLACE/0.tar"),
    (["a.zip", "b.tar"], "such as PLACE/a.zip"), (["only.zip"], "found 1 archive; name PLACE/only.zip"),
  ])
  func archivesAreNamedThemselves(names: [String], sentence: String) throws {
    try withTemporaryFolder { root in
      for name in names + ["readme.txt", ".hidden.tar"] {
        try Data("x".utf8).write(to: root.appending(path: name))
      }
      for list in [{ try Dataset(contentsOf: $0) }, { try Dataset(images: [$0]) }]
        as [(String) throws -> Dataset]
      {
        let error = #expect(throws: DatasetError.self) { _ = try list(root.path) }
        let expected = sentence.replacing("PLACE", with: root.path)
        #expect(error.map { "\($0)".contains(expected) && $0.family == .missing } == true, "\(error as Any)")
      }
    }
  }

  @Test func inspectionKnowsAListing() throws {
    try withFolder(Self.names) { folder, list in
      func words(_ path: String) throws -> String {
        guard case .other("listing", let words) = try NetworkCatalog().inspect(path).content else {
          return ""
        }
        return words
      }
      #expect(try words(list) == "a listing of 11 images of 3 classes")
      let table = list.replacing(".jsonl", with: ".csv")
      try Listing.write(images: [folder + "/val/a/9.jpg"], to: table).wait()
      #expect(try words(table) == "a listing of 1 image without classes")
      try Data("{}\n".utf8).write(to: URL(fileURLWithPath: list))
      #expect(try words(list).contains("changed since it was written"))
    }
  }
}
