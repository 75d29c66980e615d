import Foundation
import Randomness
import TestSupport
import Testing

import Datasets

@Suite("Folders and manifests are read and split as Keras does it")
struct ListingTests {
  struct Fixture: Decodable {
    let tree: [String]
    let folders: [Case]
    let datasets: [Case]
    let frame: [[String]]
    let frames: [Case]
  }

  struct Case: Decodable {
    struct Options: Decodable {
      var classes: [String]?
      var class_mode: String?
    }

    let filenames: [String]
    let labels: [Int]?
    let targets: Targets?
    let fraction: Double?
    let subset: String?
    let seed: UInt64?
    let options: Options?
  }

  /// Rows of numbers, or numbers.
  struct Targets: Decodable {
    let scalars: [Float]

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let rows = try? container.decode([[Float]].self) {
        scalars = rows.flatMap(\.self)
      } else {
        scalars = try container.decode([Float].self)
      }
    }
  }

  private func withTree(_ body: (Fixture, URL) throws -> Void) throws {
    let data = try Data(contentsOf: URL(fileURLWithPath: Repository.fixture("listings/listings.json")))
    let fixture = try JSONDecoder().decode(Fixture.self, from: data)
    try withTemporaryFolder { root in
      for file in fixture.tree {
        let url = root.appending(path: file)
        try FileManager.default.createDirectory(
          at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data().write(to: url)
      }
      try body(fixture, root)
    }
  }

  private func part(_ folder: Dataset, _ item: Case, _ rule: SplitRule) throws -> Dataset {
    guard let fraction = item.fraction, let part = item.subset.flatMap(DatasetPart.init) else {
      return folder
    }
    return try #require(folder.split(validation: fraction, rule: rule, seed: item.seed ?? 0)[part])
  }

  @Test("flow_from_directory: classes, order, labels, targets, split")
  func folders() throws {
    try withTree { fixture, root in
      #expect(fixture.folders.count == 10)
      for item in fixture.folders {
        let folder = try part(
          Dataset(folder: root.path, classes: item.options?.classes), item, .generator)
        #expect(folder.items.map(\.name) == item.filenames)
        #expect(folder.items.compactMap(\.label) == item.labels)
        if let targets = item.targets {
          let mode = try #require(ClassMode(rawValue: item.options?.class_mode ?? "categorical"))
          #expect(try folder.targets(mode)?.scalars == targets.scalars)
        }
      }
    }
  }

  @Test("image_dataset_from_directory: the split by NumPy's shuffle")
  func datasets() throws {
    try withTree { fixture, root in
      #expect(fixture.datasets.count == 6)
      for item in fixture.datasets {
        let folder = try part(Dataset(folder: root.path), item, .dataset)
        #expect(folder.items.map(\.name).sorted() == item.filenames, "seed \(item.seed ?? 0)")
        // The same shuffle, cut after so many.
        let whole = try Dataset(folder: root.path)
        guard let part = item.subset.flatMap(DatasetPart.init) else { continue }
        let count = part == .training ? item.filenames.count : whole.items.count - item.filenames.count
        let cut = try whole.split(by: ValidationSplit(trainingCount: count, seed: UInt64(item.seed ?? 0)))
        #expect(cut[part]?.items == folder.items && cut.training.items.count == count)
      }
    }
  }

  @Test("flow_from_dataframe, from CSV, TSV and JSON lines")
  func frames() throws {
    try withTree { fixture, root in
      for ending in ["csv", "tsv", "jsonl"] {
        let path = root.appending(path: "list.\(ending)").path
        try Data(text(fixture.frame, ending).utf8).write(to: URL(fileURLWithPath: path))
        for item in fixture.frames {
          let listed = try Dataset(manifest: path, classes: item.options?.classes)
          let folder = try part(listed, item, .generator)
          #expect(folder.items.map(\.name) == item.filenames)
          #expect(folder.items.compactMap(\.label) == item.labels)
          #expect(folder.items.allSatisfy { FileManager.default.fileExists(atPath: $0.path) })
          let missing = DatasetDiagnostic.missingFiles(
            place: path, count: 2, total: fixture.frame.count, first: "absent.png",
            tried: [root.appending(path: "absent.png").path])
          let others = DatasetDiagnostic.otherRows(place: path, count: 3)
          #expect(listed.diagnostics == (item.options?.classes == nil ? [missing] : [missing, others]))
        }
      }
    }
  }

  @Test func aListOfNothingThatIsThereIsRefused() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "list.csv").path
      try Data("filename,class\n../gone.png,a\n/etc/passwd,b\n".utf8).write(to: URL(fileURLWithPath: path))
      #expect(
        throws:
          DatasetError.noListedFile(
            path: path, count: 2, first: "../gone.png",
            tried: ["../gone.png", "gone.png"].map { "\(folder.path)/\($0)" })
      ) {
        try Dataset(manifest: path)
      }
      try Data("filename,class\n".utf8).write(to: URL(fileURLWithPath: path))
      #expect(try Dataset(manifest: path).items.isEmpty)
    }
  }

  @Test func anErrorNamesNotEveryColumnOfMany() {
    let columns = (1...1_000).map { "column\($0)" }
    let error = DatasetError.missingColumn(path: "list.csv", name: "filename", found: columns)
    #expect(error.description.contains("column19, column20 and 980 more;"))
  }

  private func text(_ rows: [[String]], _ ending: String) throws -> String {
    if ending == "jsonl" {
      return try rows.map { row in
        let object = ["class": row[1], "filename": row[0], "more": "x"]
        return String(decoding: try JSONEncoder().encode(object), as: UTF8.self) + "\n"
      }.joined()
    }
    let delimiter = ending == "csv" ? "," : "\t"
    let records = [["class", "more", "filename"]] + rows.map { [$0[1], "x", $0[0]] }
    let lines = records.map { record in
      record.map { "\"\($0.replacingOccurrences(of: "\"", with: "\"\""))\"" }.joined(separator: delimiter)
    }
    return "\u{FEFF}" + lines.joined(separator: "\r\n")
  }

  @Test("flow_from_dataframe's weight_col", arguments: ["csv", "tsv", "jsonl"])
  func weights(ending: String) throws {
    try withTree { _, root in
      let path = root.appending(path: "list.\(ending)").path
      let rows = [("cats/a.png", "0.5"), ("dogs/b.png", "2"), ("absent.png", "7"), ("cats/c.png", "1e-3")]
      for name in rows.map(\.0) where !name.hasPrefix("absent") {
        let url = root.appending(path: name)
        try FileManager.default.createDirectory(
          at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data().write(to: url)
      }
      let delimiter = ending == "csv" ? "," : "\t"
      let lines =
        ending == "jsonl"
        ? rows.map { "{\"filename\": \"\($0.0)\", \"class\": \"x\", \"w\": \($0.1)}" }
        : ["filename\(delimiter)class\(delimiter)w"]
          + rows.map { [$0.0, "x", $0.1].joined(separator: delimiter) }
      try Data(lines.joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: path))
      let columns = ManifestColumns(weight: "w")
      let folder = try Dataset(manifest: path, columns: columns)
      #expect(folder.items.map(\.weight) == [0.5, 2, 0.001])
      #expect(
        try folder.split(validation: 0.34, rule: .generator).training.items.map(\.weight) == [2, 0.001])
      #expect(try Dataset(manifest: path).items.allSatisfy { $0.weight == nil })
      for bad in ["-1", "nan", "inf", "\"\"", "x"] where ending == "csv" || bad == "-1" {
        let broken = lines.map { $0.replacingOccurrences(of: "1e-3", with: bad) }
        try Data(broken.joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: path))
        #expect {
          try Dataset(manifest: path, columns: columns)
        } throws: { error in
          "\(error)".contains("line \(lines.count): expected a number of 0 or more for 'w', found '")
        }
      }
    }
  }

  @Test("NumPy's shuffle")
  func shuffles() throws {
    let data = try Data(contentsOf: URL(fileURLWithPath: Repository.fixture("listings/listings.json")))
    let object = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    let shuffles = try #require(object["shuffles"] as? [[Any]])
    #expect(shuffles.count == 4)
    for item in shuffles {
      let (seed, count) = (try #require(item[0] as? UInt32), try #require(item[1] as? Int))
      var generator = MersenneTwister(seed: seed)
      #expect(generator.shuffled(Array(0..<count)) == (try #require(item[2] as? [Int])), "seed \(seed)")
    }
  }

  @Test("folders of the parts of a data set")
  func premade() throws {
    try withTemporaryFolder { root in
      func make(_ names: String...) throws {
        for name in names {
          try FileManager.default.createDirectory(
            at: root.appending(path: name), withIntermediateDirectories: true)
        }
      }
      try make(
        "a/train/cats", "a/Val/cats", "a/test", "b/train/cats", "b/val/cats", "b/bus", "c/train", "c/val",
        "d/train/x", "e/train", "e/val", "e/bus")
      let folders = try #require(try PartFolders(root.appending(path: "a").path))
      #expect(folders.others.isEmpty && folders.diagnostics.isEmpty)
      #expect(folders.training.hasSuffix("/a/train"))
      #expect(folders.validation?.hasSuffix("/a/Val") == true)
      #expect(folders.test?.hasSuffix("/a/test") == true)
      for name in ["c", "d", "e", "absent"] {
        #expect(try PartFolders(root.appending(path: name).path) == nil, "\(name)")
      }
      let b = root.appending(path: "b").path
      let mixed = try #require(try PartFolders(b))
      #expect(mixed.training == b + "/train" && mixed.validation == b + "/val" && mixed.others == ["bus"])
      let aside = { DatasetDiagnostic.besideParts(place: b, names: ["bus"], holdImages: $0) }
      #expect(mixed.diagnostics == [aside(false)] && aside(false).severity == .note)
      try Data().write(to: root.appending(path: "b/bus/a.png"))
      try Data().write(to: root.appending(path: "b/c.png"))
      let stray = DatasetDiagnostic.strayImages(place: b, count: 1, first: "c.png")
      #expect(mixed.diagnostics == [aside(true), stray] && aside(true).severity == .warning)
      // What is asked for as a class is one.
      #expect(try PartFolders(b, classes: ["bus", "train"]) == nil)
      #expect(try PartFolders(b, classes: ["cats"]) == mixed)
    }
  }

  /// Parts are told by what their names do not share, however they are written.
  @Test(
    arguments: [
      ("training_set test_set", "training_set", nil, "test_set"),
      ("Training Validation .git", "Training", "Validation", nil),
      (
        "seg_train/seg_train seg_test/seg_test seg_pred/seg_pred", "seg_train/seg_train", nil,
        "seg_test/seg_test"
      ),
      ("TrainImages valImages", "TrainImages", "valImages", nil),
      ("flowers-train flowers-dev flowers-test", "flowers-train", "flowers-dev", "flowers-test"),
      ("trainset testset", "trainset", nil, "testset"),
      ("data_train_1 data_test_1 __MACOSX", "data_train_1", nil, "data_test_1"),
      ("train unlabeled", "train", nil, nil), ("trainset predict_this", "trainset", nil, nil),
      ("labeled unlabeled", "labeled", nil, nil), ("labelled unlabelled test", "labelled", nil, "test"),
      ("train_labeled train_unlabeled", "train_labeled", nil, nil),
      ("labeled unlabeled bus", nil, nil, nil), ("labeled cat", nil, nil, nil),
      ("unlabeled predict", nil, nil, nil), ("train bus", nil, nil, nil),
      ("dogs_train cats_train", nil, nil, nil),
      ("train_a train_b test", nil, nil, nil),
      ("testing contest", nil, nil, nil),
      ("annotations models train val", "train", "val", nil),
      ("flowers-test flowers-train labels", "flowers-train", nil, "flowers-test"),
    ] as [(String, String?, String?, String?)])
  func partsByAnyName(folders: String, training: String?, validation: String?, test: String?) throws {
    try withTemporaryFolder { root in
      for name in folders.split(separator: " ") {
        for label in ["a", "b"] {
          try FileManager.default.createDirectory(
            at: root.appending(path: "\(name)/\(label)"), withIntermediateDirectories: true)
        }
      }
      let found = try PartFolders(root.path)
      func path(_ name: String?) -> String? { name.map { root.path + "/" + $0 } }
      #expect(found?.training == path(training))
      #expect(found?.validation == path(validation) && found?.test == path(test))
    }
  }

  @Test("classes that are not there, or twice; binary labels for three classes")
  func refusedClasses() throws {
    try withTree { _, root in
      let path = root.path
      #expect(throws: DatasetError.missingClass(place: path, name: "dog", found: ["Birds", "cats", "dogs"])) {
        try Dataset(folder: path, classes: ["cats", "dog"])
      }
      #expect(throws: DatasetError.repeatedClass(name: "cats")) {
        try Dataset(folder: path, classes: ["cats", "cats"])
      }
      #expect(throws: DatasetError.notTwoClasses(place: path, found: ["Birds", "cats", "dogs"])) {
        try Dataset(folder: path).targets(.binary)
      }
      let none = DatasetError.missingClass(place: "p", name: "dog", found: []).description
      #expect(
        none.hasPrefix("p: expected a folder for each class, such as dog, found none with images; sort"))
      let text = DatasetError.missingClass(place: "p", name: "dog", found: ["cats", "dogs"]).description
      #expect(text == "p: no class dog; found cats, dogs; did you mean dogs?")
    }
  }

  @Test(
    "manifests that cannot be understood",
    arguments: [
      ("a.csv", "", "line 1: expected a line of column names"),
      ("a.csv", "thing,class\n", "no column 'filename'"),
      ("a.csv", "filename,class\na.png\n", "line 2: expected 2 fields, found 1"),
      ("a.csv", "filename,class\n\na.png,\n", "line 3: expected a value for 'class'"),
      ("a.csv", "filename,class\n\"a.png,b\n", "line 2: a quoted field never ends"),
      ("a.csv", "filename,class\n\"a.png\"x,b\n", "line 2: expected a delimiter or a line end"),
      (
        "a.jsonl", "{\"filename\": \"a.png\", \"class\": [\"x\", \"y\"]}",
        "line 1: 'class' has several values"
      ),
      ("a.jsonl", "\n[1]", "line 2: expected a JSON object"), ("a.jsonl", "{\"class\": \"x\"}", "no column"),
      (
        "a.jsonl", "{\"filename\": \"a.png\", \"class\": null}",
        "line 1: expected text or a number for 'class'"
      ),
      (
        "a.jsonl", "{\"filename\": \"a.png\", \"class\": {}}", "line 1: expected text or a number for 'class'"
      ),
    ])
  func refusedManifests(name: String, content: String, sentence: String) throws {
    try withTemporaryFolder { root in
      let url = root.appending(path: name)
      try Data(content.utf8).write(to: url)
      let error = #expect(throws: DatasetError.self) { try Dataset(manifest: url.path) }
      #expect(error?.description.contains(sentence) == true, "\(error?.description ?? "")")
    }
  }

  @Test("a manifest without classes, and numbers for classes")
  func manifestKinds() throws {
    try withTemporaryFolder { root in
      try Data().write(to: root.appending(path: "a.png"))
      let csv = root.appending(path: "a.csv").path
      try Data("filename\na.png\n".utf8).write(to: URL(fileURLWithPath: csv))
      let plain = try Dataset(manifest: csv, columns: .init(label: nil))
      #expect(plain.items.map(\.label) == [nil] && plain.classes.isEmpty)
      let json = root.appending(path: "a.jsonl").path
      try Data("{\"filename\":\"a.png\",\"class\":7}".utf8).write(to: URL(fileURLWithPath: json))
      #expect(try Dataset(manifest: json).classes == ["7"])
    }
  }
}
