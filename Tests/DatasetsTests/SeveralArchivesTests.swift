import Datasets
import Files
import Foundation
import TestSupport
import Testing

/// Archives as WebDataset writes them, many of them at a time, and lists of paths.
@Suite struct SeveralArchivesTests {
  private func tar(_ root: URL, _ name: String, _ files: [(String, String)]) throws {
    let bytes = Packing.tar(files.map { (Array($0.0.utf8), Array($0.1.utf8)) })
    try Data(bytes).write(to: root.appending(path: name))
  }

  /// Three archives of two images each; what is beside them says a number, and of the last a name as well.
  private func withArchives(_ body: (_ root: String) throws -> Void) throws {
    try withTemporaryFolder { root in
      for number in 0..<3 {
        try tar(
          root, "00\(number).tar",
          (0..<2).flatMap { image in
            let key = "\(number)\(image)"
            return [
              ("\(key).jpg", key), ("\(key).cls", "\(image * 9 + 1)\n"),
              ("\(key).txt", "a caption"),
            ]
          })
      }
      try body(root.path)
    }
  }

  @Test func aPatternIsOneDataSet() throws {
    try withArchives { root in
      let pattern = root + "/{000..002}.tar"
      let expected = (0..<3).flatMap { number in
        (0..<2).map { "\(root)/00\(number).tar/\(number)\($0).jpg" }
      }
      let several = (0..<3).map { "\(root)/00\($0).tar" }
      for dataset in [
        try Dataset(contentsOf: pattern), try Dataset(images: [pattern]),
        try Dataset(images: several),
      ] {
        #expect(
          dataset.classes == ["1", "10"] && dataset.items.map(\.label) == [0, 1, 0, 1, 0, 1])
        #expect(dataset.items.map(\.name) == expected && dataset.files == several)
        let said = dataset.diagnostics.map(\.description)
        #expect(
          said.count == 2
            && said[0].hasSuffix("the classes are those beside the images (.cls, .json)"))
      }
      let split = try DatasetSplit(
        DatasetSources(training: pattern, holdback: ValidationSplit(fraction: 0.34, seed: 1)))
      #expect(split.training.items.count == 4 && split.validation?.items.count == 2)
      let some = try Dataset(contentsOf: pattern, options: ListingOptions(classes: ["10"]))
      #expect(some.items.map(\.label) == [0, 0, 0])
    }
  }

  @Test func whatIsMissingOrHasNoClassesIsNamed() throws {
    try withArchives { root in
      let missing = #expect(throws: DatasetError.self) {
        try Dataset(contentsOf: root + "/{000..003}.tar")
      }
      #expect(missing?.description.hasPrefix("\(root)/003.tar: cannot be read") == true)
      try tar(URL(fileURLWithPath: root), "003.tar", [("a.jpg", "a")])
      let pattern = root + "/{000..003}.tar"
      let mixed = DatasetError.partlyLabelled(
        place: pattern, labelled: root + "/000.tar", unlabelled: root + "/003.tar", count: 1)
      #expect(throws: mixed) { try Dataset(contentsOf: pattern) }
      #expect(throws: mixed) { try Dataset(images: [pattern]) }
      #expect(
        throws: DatasetError.unlabelledArchive(pattern: root + "/{003,003}.tar", name: root + "/003.tar")
      ) {
        try Dataset(contentsOf: root + "/{003,003}.tar")
      }
      var options = ListingOptions()
      options.columns.label = nil
      let flat = try Dataset(images: [pattern], options: options)
      #expect(flat.classes.isEmpty && flat.items.count == 7)
      // One without images has no class to say.
      try tar(URL(fileURLWithPath: root), "003.tar", [("readme.txt", "a")])
      #expect(try Dataset(images: [pattern]).classes == ["1", "10"])
      #expect(throws: DatasetError.tooManyNames(pattern: "{0..9}{0..999999}.tar", limit: 1_000_000)) {
        try Dataset(images: ["{0..9}{0..999999}.tar"])
      }
    }
  }

  /// A class that cannot be read is not the same as none.
  @Test func aClassThatCannotBeReadIsAnError() throws {
    try withTemporaryFolder { root in
      var bytes = Packing.zip(
        [("0.jpg", "a"), ("0.cls", "first"), ("1.jpg", "b"), ("1.cls", "second")].map {
          (Array($0.0.utf8), Array($0.1.utf8))
        })
      let place = try #require(bytes.indices.first { bytes[$0...].starts(with: "second".utf8) })
      bytes[place] ^= 1
      let path = root.appending(path: "a.zip").path
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      for list in [
        { try Dataset(contentsOf: path) }, { try Dataset(images: [path]) },
        { try Dataset(images: [path, path]) },
      ] {
        let error = #expect(throws: DatasetError.self) { try list() }
        #expect(error?.family == .malformed && error?.description.hasPrefix("\(path)/1.cls: ") == true)
      }
    }
  }

  /// Whoever may read everything is not refused.
  @Test(.enabled(if: geteuid() != 0)) func anArchiveThatMayNotBeReadIsAnError() throws {
    try withArchives { root in
      let path = root + "/001.tar"
      try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: path)
      let refused = DatasetError.archive(.unreadable(path: path, reason: "permission denied"))
      for list in [
        { try Dataset(contentsOf: root + "/{000..002}.tar") },
        { try Dataset(images: [root + "/{000..002}.tar"]) }, { try Dataset(contentsOf: path) },
        { try ArchiveList([root + "/{000..002}.tar"]).dataset(1..<2) },
      ] {
        #expect(throws: refused) { try list() }
      }
    }
  }

  @Test func anEmptyArchiveIsOne() throws {
    try withArchives { root in
      try Data(count: 1024).write(to: URL(fileURLWithPath: root + "/003.tar"))
      #expect(try Dataset(images: [root + "/{000..003}.tar"]).classes == ["1", "10"])
    }
  }

  /// However many a shard has.
  @Test func messagesNameAFewArchivesAlone() throws {
    try withArchives { root in
      let names = (0..<12).map { "\(root)/00\($0 % 3).tar" }
      let place = try ArchiveList(names).dataset(0..<12).place
      #expect(place == names.prefix(3).joined(separator: ", ") + " and 9 more")
    }
  }

  @Test func namesComeBeforeNumbers() throws {
    try withTemporaryFolder { root in
      try tar(
        root, "a.tar",
        [
          ("0.jpg", "0"), ("0.cls", "7"), ("0.json", "{\"label\": \"cat\"}"), ("1.jpg", "1"),
          ("1.cls", "dog"),
          ("1.json", "{\"class\": 3}"), ("2.jpg", "2"),
          ("2.json", "{\"cls\": 5, \"class\": \"owl\"}"),
        ])
      let dataset = try Dataset(contentsOf: root.path + "/a.tar")
      #expect(dataset.items.map { $0.label.map { dataset.classes[$0] } } == ["cat", "dog", "owl"])
    }
  }

  /// Two numbers are no truth values, and all are classes, as in JSON lines.
  @Test func labelsInJSONMayBeAnyScalar() throws {
    try withTemporaryFolder { root in
      let labels = ["0", "1", "2", "1.5", "true", "\"0\"", "-1"]
      let members = labels.enumerated().flatMap { index, label in
        [("\(index).jpg", "\(index)"), ("\(index).json", "{\"label\": \(label)}")]
      }
      try tar(
        root, "a.tar", members + [("9.jpg", "9"), ("9.json", "{\"label\": 1, \"class_name\": \"cat\"}")])
      let dataset = try Dataset(contentsOf: root.path + "/a.tar")
      #expect(
        dataset.items.map { $0.label.map { dataset.classes[$0] } }
          == ["0", "1", "2", "1.5", "true", "0", "-1", "cat"])
    }
  }

  /// As bash expands them.
  @Test(arguments: [
    ("{8..11}.tar", "8.tar 9.tar 10.tar 11.tar"), ("{08..11}.tar", "08.tar 09.tar 10.tar 11.tar"),
    ("{a,b}{1..2}.tar", "a1.tar a2.tar b1.tar b2.tar"), ("{2..0}.tar", "2.tar 1.tar 0.tar"),
  ])
  func patternsAreExpandedAsShellsDo(pattern: String, names: String) throws {
    try withTemporaryFolder { root in
      let names = names.split(separator: " ").map(String.init)
      for name in names { try tar(root, name, [("0.jpg", name), ("0.cls", "x")]) }
      let dataset = try Dataset(images: [root.path + "/" + pattern])
      #expect(dataset.files == names.map { root.path + "/" + $0 })
    }
  }

  @Test(arguments: ["{a,{b,c}}.tar", "{0..{1..2}}.tar", "x{1,{2}}y{3,4}"]) func bracesInsideBracesAreRefused(
    pattern: String
  ) {
    #expect(throws: DatasetError.nestedPattern(pattern: pattern)) { try Dataset(images: [pattern]) }
  }

  /// As many names, each as long, would take gigabytes.
  @Test func patternsOfManyLongNamesAreRefusedBeforeTheyAreNames() {
    let long = String(repeating: "x", count: 4000)
    for pattern in ["\(long){0..999999}.tar", String(repeating: "{0..9}", count: 40), "{0..99999999999}"] {
      #expect(throws: DatasetError.tooManyNames(pattern: pattern, limit: 1_000_000)) {
        try Dataset(images: [pattern])
      }
    }
    // Looking for the ends of braces takes time in proportion to the pattern.
    let open = String(repeating: "{", count: 60_000)
    #expect(throws: DatasetError.self) { try Dataset(images: [open + "/a.jpg"]) }
  }

  /// As in folders and manifests.
  @Test func classesThatAreNumbersHaveOneOrder() throws {
    try withTemporaryFolder { root in
      for number in ["2", "10", "1"] {
        try tar(root, "\(number).tar", [("\(number).jpg", number), ("\(number).cls", number)])
        let folder = root.appending(path: "folders/\(number)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(number.utf8).write(to: folder.appending(path: "a.jpg"))
      }
      let (archives, folders) = (root.path + "/{1,2,10}.tar", root.path + "/folders")
      let split = try DatasetSplit(DatasetSources(training: archives, validation: folders))
      for part in [split.training, try #require(split.validation)] {
        #expect(part.classes == ["1", "10", "2"])
        for item in part.items {
          let name = part.classes[item.label ?? 9]
          #expect(item.path.hasSuffix("/\(name).jpg") || item.path.hasSuffix("/\(name)/a.jpg"))
        }
      }
    }
  }

  /// Of another order, as listings may have, they are matched by name.
  @Test func partsAreMatchedByTheNamesOfTheirClasses() throws {
    try withTemporaryFolder { root in
      for name in ["a", "b"] {
        let folder = root.appending(path: "folders/\(name)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(name.utf8).write(to: folder.appending(path: "a.jpg"))
      }
      let place = root.path + "/folders"
      let split = try DatasetSplit(
        training: Dataset(folder: place, classes: ["b", "a"]), validation: Dataset(folder: place))
      #expect(split.training.classes == ["b", "a"] && split.validation?.classes == ["b", "a"])
      #expect(split.validation?.items.map(\.name) == ["b/a.jpg", "a/a.jpg"])
      #expect(split.validation?.items.map(\.label) == [0, 1])
    }
  }

  /// The key of WebDataset ends at the first dot of a name's last part.
  @Test func keysEndAtTheFirstDot() throws {
    try withTemporaryFolder { root in
      try tar(
        root, "a.tar",
        [
          ("0.left.jpg", "0"), ("0.right.jpg", "0"), ("0.cls", "cat"), ("1.jpg", "1"), ("1.jpg.cls", "dog"),
          ("1.5.jpg", "1.5"), ("1.5.cls", "owl"), ("1.cls", "hen"),
        ])
      let dataset = try Dataset(contentsOf: root.path + "/a.tar")
      #expect(dataset.items.map(\.name) == ["0.left.jpg", "0.right.jpg", "1.5.jpg", "1.jpg"])
      #expect(dataset.items.map { $0.label.map { dataset.classes[$0] } } == ["cat", "cat", "hen", "hen"])
    }
  }

  @Test func aLabelThatIsThereTwiceIsRefused() throws {
    try withTemporaryFolder { root in
      try tar(root, "a.tar", [("0.jpg", "0"), ("0.json", #"{"label": 1, "x": {"label": 2}, "label": 1}"#)])
      #expect(try Dataset(contentsOf: root.path + "/a.tar").classes == ["1"])
      try tar(root, "b.tar", [("0.jpg", "0"), ("0.json", #"{"label": 1, "l\u0061bel": 2}"#)])
      let error = #expect(throws: DatasetError.self) { try Dataset(contentsOf: root.path + "/b.tar") }
      #expect(
        error?.description.hasPrefix(
          "\(root.path)/b.tar/0.json: 'label' is there twice with different values") == true)
    }
  }

  @Test(arguments: ["photo{1}.jpg", "{}.jpg", "a}{b.jpg", "{a..c}.jpg"]) func otherBracesAreNames(
    name: String
  ) throws {
    try withTemporaryFolder { root in
      #expect(throws: DatasetError.self) { try Dataset(images: [root.path + "/" + name]) }
      try Data("x".utf8).write(to: root.appending(path: name))
      #expect(try Dataset(images: [root.path + "/" + name]).items.count == 1)
    }
  }

  @Test(arguments: [
    ("a.jpg\nb c.jpg\r\n\nd.jpg", ["a.jpg", "b c.jpg", "d.jpg"]),
    ("a\nb.jpg\u{0}c.jpg\u{0}", ["a\nb.jpg", "c.jpg"]),
    ("one.jpg", ["one.jpg"]), ("a.jpg\r\u{0}b.jpg", ["a.jpg\r", "b.jpg"]),
  ])
  func pathsAreLinesOrEndWithZeroBytes(text: String, paths: [String]) throws {
    try withTemporaryFolder { root in
      let url = root.appending(path: "paths")
      try Data(text.utf8).write(to: url)
      let dataset = try Dataset(paths: PathLines(try FileHandle(forReadingFrom: url)))
      #expect(dataset.items.map(\.name) == paths && dataset.classes.isEmpty)
      #expect(dataset.items.map(\.path) == paths)
    }
  }

  /// A list that cannot be read is not an empty one.
  @Test func aListThatCannotBeReadIsRefused() throws {
    try withTemporaryFolder { root in
      let url = root.appending(path: "paths")
      try Data("a.jpg\n".utf8).write(to: url)
      let error = #expect(throws: DatasetError.self) {
        try Dataset(paths: PathLines(try FileHandle(forWritingTo: url)), place: "the list")
      }
      #expect(error == .unreadable(path: "the list", reason: "Bad file descriptor"))
    }
  }

  @Test(arguments: [(65_536, true), (65_537, false), (150_000, false)])
  func aPathHasAnEnd(byteCount: Int, isPath: Bool) throws {
    try withTemporaryFolder { root in
      let url = root.appending(path: "paths")
      for end in ["", "\n", "\nb.jpg\n"] {
        try Data(("a.jpg\n" + String(repeating: "x", count: byteCount) + end).utf8).write(to: url)
        let dataset = { try Dataset(paths: PathLines(try FileHandle(forReadingFrom: url))) }
        if isPath {
          #expect(try dataset().items.count == (end.count > 1 ? 3 : 2))
        } else {
          let error = #expect(throws: DatasetError.self) { try dataset() }
          #expect(error?.description.contains("at most 65,536 bytes") == true)
        }
      }
    }
  }

  /// The system would open what stands ahead of a zero byte.
  @Test func noPathEndsAtAZeroByte() throws {
    try withTemporaryFolder { root in
      let image = root.appending(path: "a.jpg").path
      try Data("a".utf8).write(to: URL(fileURLWithPath: image))
      #expect(FileIdentity(image + "\u{0}.jpg") == nil && FileIdentity(image) != nil)
      #expect(throws: DatasetError.self) { try Dataset(images: [image + "\u{0}.jpg"]) }
      // Lines in the first piece, a zero byte in the next.
      let url = root.appending(path: "paths")
      let lines = String(repeating: "b.jpg\n", count: 20_000)
      try Data((lines + image + "\u{0}.jpg\n").utf8).write(to: url)
      let error = #expect(throws: DatasetError.self) {
        try Dataset(paths: PathLines(try FileHandle(forReadingFrom: url)))
      }
      #expect(error?.description.contains("found both; end all paths alike") == true)
    }
  }

  @Test func longListsAndEmptyOnes() throws {
    try withTemporaryFolder { root in
      let url = root.appending(path: "paths")
      let paths = (0..<50_000).map { "folder/\($0).jpg" }
      try Data(paths.joined(separator: "\n").utf8).write(to: url)
      #expect(
        try Dataset(paths: PathLines(try FileHandle(forReadingFrom: url))).items.map(\.path)
          == paths)
      for text in ["", "\n\r\n"] {
        try Data(text.utf8).write(to: url)
        #expect(throws: DatasetError.noImages(place: "standard input")) {
          try Dataset(paths: PathLines(try FileHandle(forReadingFrom: url)))
        }
      }
    }
  }
}
