import Datasets
import Foundation
import Tensors
import TestSupport
import Testing

@Suite("Folders are listed as Keras lists them")
struct DatasetTests {
  private func fill(_ root: URL, _ files: [String]) throws {
    for file in files {
      let url = root.appending(path: file)
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data().write(to: url)
    }
  }

  /// The expected names are what Keras 3.15's `flow_from_directory(...).filenames` gave for the same tree without what is
  /// hidden, and the `.webp`, which Keras does not list.
  @Test("classes, endings and order")
  func listing() throws {
    try withTemporaryFolder { root in
      try fill(
        root,
        [
          "cats/im2.jpg", "cats/im10.jpg", "cats/im1.JPG", "cats/im11.jpeg", "cats/notes.txt", "cats/a.webp",
          "cats/sub/z.png", "cats/sub/deep/y.bmp", "cats/sub-1/x.ppm", "cats/.hidden.png", "cats/fakepng",
          "Humans/a.tiff", "Humans/b.gif", "empty/readme.md", ".hidden/h.png", "top.png", "été/é.png",
          "zebra/folder.png/inside.jpg",
        ])
      let folder = try Dataset(folder: root.path)
      #expect(folder.classes == ["Humans", "cats", "empty", "zebra", "été"])
      #expect(
        folder.items.map(\.name) == [
          "Humans/a.tiff", "cats/a.webp", "cats/fakepng", "cats/im1.JPG",
          "cats/im10.jpg", "cats/im11.jpeg", "cats/im2.jpg", "cats/sub/z.png", "cats/sub-1/x.ppm",
          "cats/sub/deep/y.bmp", "zebra/folder.png/inside.jpg", "été/é.png",
        ])
      #expect(folder.items.map(\.label) == [0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 3, 4])
      #expect(folder.foundLine == "Found 12 images belonging to 5 classes.")
      #expect(
        folder.diagnostics.map { $0.description.dropFirst(root.path.count) } == [
          ": left out what is hidden, or a system's own: .hidden and 1 file",
          ": passed over files that do not end as images do: 1 .gif, 1 .md, 1 .txt",
          ": left out 1 image beside the folders, without a class; the first is top.png",
        ])
      #expect(folder.diagnostics.map(\.severity) == [.note, .warning, .warning])
      #expect(try Dataset(folder: root.path, classes: [".hidden"]).items.map(\.name) == [".hidden/h.png"])
      #expect(folder.items.allSatisfy { FileManager.default.fileExists(atPath: $0.path) })
      #expect(folder.classIndices["zebra"] == 3)
    }
  }

  @Test func linkedFoldersAreFollowedOrNamed() throws {
    try withTemporaryFolder { root in
      try fill(root, ["cats/a.jpg", "dogs/b.jpg", "more/c.jpg", "more/d.jpg"])
      let set = root.appending(path: "set")
      try FileManager.default.createDirectory(at: set, withIntermediateDirectories: true)
      for name in ["cats", "dogs"] {
        try FileManager.default.moveItem(at: root.appending(path: name), to: set.appending(path: name))
      }
      try FileManager.default.createSymbolicLink(
        at: set.appending(path: "cats/disk"), withDestinationURL: root.appending(path: "more"))
      let plain = try Dataset(folder: set.path)
      #expect(plain.items.count == 2)
      #expect(plain.diagnostics == [.unfollowedLinks(place: set.path, count: 1, first: "cats/disk")])
      #expect(
        plain.diagnostics[0].description.hasSuffix(
          "left out 1 linked folder inside classes, as Keras does; the first is cats/disk"))
      let followed = try Dataset(folder: set.path, followsLinks: true)
      #expect(
        followed.items.map(\.name) == ["cats/a.jpg", "cats/disk/c.jpg", "cats/disk/d.jpg", "dogs/b.jpg"])
      #expect(followed.diagnostics.isEmpty)
    }
  }

  /// What systems and editors leave in folders is nobody's class; images without an ending are known by their bytes.
  @Test func foldersAsTheyAre() throws {
    try withTemporaryFolder { root in
      try fill(
        root,
        [
          "cats/a.jpg", "cats/._a.jpg", "cats/.DS_Store", "cats/Thumbs.db",
          "cats/.ipynb_checkpoints/a-checkpoint.jpg",
          "dogs/b.jpg", "dogs/c.jfif", "dogs/text", "__MACOSX/cats/._a.jpg", "$RECYCLE.BIN/d.jpg",
        ])
      let image = try Data(
        contentsOf: URL(fileURLWithPath: Repository.fixture("images/decode/baseline_444.jpg")))
      try image.write(to: root.appending(path: "dogs/photo"))
      let folder = try Dataset(folder: root.path)
      #expect(folder.classes == ["cats", "dogs"])
      #expect(folder.items.map(\.name) == ["cats/a.jpg", "dogs/b.jpg", "dogs/photo"])
      #expect(
        folder.diagnostics.map { $0.description.dropFirst(root.path.count) } == [
          ": left out what is hidden, or a system's own: $RECYCLE.BIN, .ipynb_checkpoints, __MACOSX and 3 files",
          ": passed over files that do not end as images do: 1 without an ending, 1 .jfif",
        ])
    }
  }

  @Test("flat: every image below, no classes")
  func flat() throws {
    try withTemporaryFolder { root in
      try fill(root, ["b.png", "a/c.jpg", "a.bmp", "x.txt"])
      let folder = try Dataset(flat: root.path)
      #expect(folder.items.map(\.name) == ["a.bmp", "b.png", "a/c.jpg"])
      #expect(folder.items.allSatisfy { $0.label == nil })
      #expect(folder.foundLine == "Found 3 images belonging to 0 classes.")
    }
  }

  @Test("links to files always count, links to folders inside a class only on request, circles end")
  func links() throws {
    try withTemporaryFolder { root in
      try fill(root, ["data/cats/a.png", "data/cats/own/b.png", "elsewhere/c.png"])
      func link(_ name: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(
          at: root.appending(path: name), withDestinationURL: root.appending(path: target))
      }
      try link("data/cats/file.png", to: "elsewhere/c.png")
      try link("data/cats/linked", to: "elsewhere")
      try link("data/cats/circle", to: "data/cats")
      try link("data/dogs", to: "elsewhere")
      let path = root.appending(path: "data").path
      let names = try Dataset(folder: path).items.map(\.name)
      #expect(names == ["cats/a.png", "cats/file.png", "cats/own/b.png", "dogs/c.png"])
      let followed = try Dataset(folder: path, followsLinks: true).items.map(\.name)
      #expect(
        followed == ["cats/a.png", "cats/file.png", "cats/linked/c.png", "cats/own/b.png", "dogs/c.png"])
    }
  }

  @Test("a folder that is not there")
  func missing() {
    let reason = "no such file or folder; check the path"
    #expect(throws: DatasetError.unlistable(path: "/no/such", reason: reason)) {
      try Dataset(folder: "/no/such")
    }
    let file = Repository.fixture("images/decode/one_pixel.jpg")
    #expect(throws: DatasetError.notAFolder(path: file)) { try Dataset(folder: file) }
  }

  private func withFolder(_ counts: [Int], _ body: (Dataset) throws -> Void) throws {
    try withTemporaryFolder { root in
      let files = counts.enumerated().flatMap { label, count in
        (0..<count).map { "class\(label)/im\($0).png" }
      }
      try fill(root, files)
      try body(Dataset(folder: root.path))
    }
  }

  @Test("Keras's split: the first of each class validate")
  func split() throws {
    try withFolder([36, 36, 3]) { folder in
      let split = try folder.split(validation: 0.25, rule: .generator)
      let validation = try #require(split.validation)
      #expect(validation.items.count == 18)
      #expect(split.training.items.count == 57)
      let expected = (0..<2).flatMap { label in
        folder.items.filter { $0.label == label }.prefix(9)
      }
      #expect(validation.items == expected)
      #expect(Set(split.training.items).isDisjoint(with: validation.items))
    }
  }

  @Test("a seeded split keeps the proportions and repeats")
  func seededSplit() throws {
    try withFolder([40, 20]) { folder in
      let split = try folder.split(validation: 0.2, seed: 7)
      #expect(try split == folder.split(validation: 0.2, seed: 7))
      #expect(try split.validation != folder.split(validation: 0.2, seed: 8).validation)
      #expect(try split.validation != folder.split(validation: 0.2, rule: .generator).validation)
      let validation = try #require(split.validation).items
      #expect(validation.count { $0.label == 0 } == 8)
      #expect(validation.count { $0.label == 1 } == 4)
      #expect(Set(split.training.items + validation) == Set(folder.items))
      #expect(split.training.items.count == 48)
      #expect(split.method == ValidationSplit(fraction: 0.2, rule: .drawn, seed: 7))
    }
  }

  @Test(
    "a part that is none is refused, whatever the rule",
    arguments: [1.5, 1, 0, -0.2, .nan, .infinity, -.infinity], SplitRule.allCases)
  func refusedFractions(fraction: Double, rule: SplitRule) throws {
    try withFolder([4, 4]) { folder in
      let error = #expect(throws: DatasetError.self) {
        try folder.split(validation: fraction, rule: rule, seed: 1)
      }
      guard case .fraction(let found) = error else {
        Issue.record("\(error?.description ?? "no error")")
        return
      }
      #expect(found == fraction || found.isNaN && fraction.isNaN)
    }
  }

  @Test(
    "a number of training images that leaves one side empty is refused",
    arguments: [0, -1, 8, 9, Int.max, Int.min])
  func refusedCounts(count: Int) throws {
    try withFolder([4, 4]) { folder in
      let error = DatasetError.trainingCount(place: folder.place, found: count, images: 8)
      #expect(throws: error) { try folder.split(by: ValidationSplit(trainingCount: count)) }
      #expect(error.description.contains("expected 1 to 7 training images of 8"))
      let split = try folder.split(by: ValidationSplit(trainingCount: 7, seed: 3))
      #expect(split.training.items.count == 7 && split.validation?.items.count == 1)
      #expect(split.method == ValidationSplit(trainingCount: 7, seed: 3) && split.foundLines.count == 3)
    }
    try withFolder([1]) { folder in
      #expect { try folder.split(by: ValidationSplit(trainingCount: 1)) } throws: {
        "\($0)".contains("expected 2 images or more to split, found 1")
      }
    }
  }

  @Test("a split that leaves one side empty is refused", arguments: SplitRule.allCases)
  func emptySides(rule: SplitRule) throws {
    try withFolder([4, 4]) { folder in
      let error = DatasetError.emptyPart(place: folder.place, fraction: 0.1, count: 8, part: .validation)
      #expect(throws: error) { try folder.split(validation: 0.1, rule: rule) }
    }
  }

  @Test("parts with other classes do not go together")
  func otherClasses() throws {
    try withFolder([2, 2]) { folder in
      try withFolder([2]) { other in
        let error = DatasetError.otherClasses(
          place: other.place, expected: ["class0", "class1"], found: ["class0"])
        #expect(throws: error) { try DatasetSplit(training: folder, validation: other) }
        #expect(throws: error) { try DatasetSplit(training: folder, test: other) }
      }
      let split = try DatasetSplit(training: folder, validation: folder, test: folder)
      #expect(split.parts.map(\.part) == [.training, .validation, .test] && split.method == nil)
    }
  }

  /// Whether its images lie in it or in folders of it, one folder's images are called as they are inside it.
  @Test("names of one folder's images are those inside it")
  func namesInside() throws {
    try withTemporaryFolder { root in
      try fill(root, ["flat/b.png", "flat/a.png", "deep/cats/a.png"])
      let (flat, deep) = (root.path + "/flat", root.path + "/deep")
      for place in [flat, flat + "/"] {
        #expect(try Dataset(images: [place]).items.map(\.name) == ["a.png", "b.png"])
      }
      #expect(try Dataset(images: [deep]).items.map(\.name) == ["cats/a.png"])
      #expect(
        try Dataset(images: [flat, deep]).items.map(\.name) == [
          "\(flat)/a.png", "\(flat)/b.png", "\(deep)/cats/a.png",
        ])
    }
  }

  @Test("classes without an image that can be read")
  func unreadableClasses() throws {
    try withTemporaryFolder { root in
      try fill(root, ["cats/a.png", "cats/b.png", "dogs/a.png", "dogs/b.png", "empty/notes.txt"])
      let folder = try Dataset(folder: root.path)
      let lost = ["cats/a.png", "dogs/a.png", "dogs/b.png"].map { root.path + "/" + $0 }
      #expect(
        folder.unreadableClasses(without: lost) == [
          .unreadableClass(place: root.path, name: "dogs", count: 2)
        ])
      #expect(folder.unreadableClasses(without: []) == [])
    }
  }

  #if os(Linux)
    /// Further in than the system follows a path: a folder's images would be left out without a word.
    @Test("a path that is too long is refused")
    func tooDeep() throws {
      try withTemporaryFolder { root in
        let name = String(repeating: "n", count: 250)
        let shell = Process()
        shell.executableURL = URL(fileURLWithPath: "/bin/bash")
        shell.arguments = [
          "-c", "cd '\(root.path)' && for i in $(seq 17); do mkdir \(name) && cd \(name); done; echo > a.png",
        ]
        try shell.run()
        shell.waitUntilExit()
        let error = #expect(throws: DatasetError.self) { try Dataset(flat: root.path) }
        guard case .unlistable(_, let reason) = error else {
          Issue.record("\(String(describing: error))")
          return
        }
        #expect(reason.hasSuffix("more than the system follows; name a folder further in"), "\(reason)")
        shellRemoval(root)
      }
    }

    /// Foundation's removal follows paths that are too long, too.
    private func shellRemoval(_ root: URL) {
      let shell = Process()
      shell.executableURL = URL(fileURLWithPath: "/bin/rm")
      shell.arguments = ["-rf", root.path]
      try? shell.run()
      shell.waitUntilExit()
    }
  #endif
}
