import Datasets
import Foundation
import TestSupport
import Testing

@Suite("Manifests are read as people have them")
struct ManifestTests {
  /// A folder with empty images and one manifest.
  private func with(
    _ images: [String], _ name: String, _ bytes: some Sequence<UInt8>,
    _ body: (_ manifest: String, _ folder: URL) throws -> Void
  ) throws {
    try withTemporaryFolder { folder in
      for image in images {
        let url = folder.appending(path: image)
        try FileManager.default.createDirectory(
          at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data().write(to: url)
      }
      let manifest = folder.appending(path: name)
      try Data(bytes).write(to: manifest)
      try body(manifest.path, folder)
    }
  }

  /// `a.jpg cats`, `b.jpg dogs`.
  private func rows(_ dataset: Dataset) -> [String] {
    dataset.items.map { item in "\(item.name) \(item.label.map { dataset.classes[$0] } ?? "-")" }
  }

  private func expect(
    _ dataset: Dataset, _ expected: [String], _ location: SourceLocation = #_sourceLocation
  ) {
    #expect(rows(dataset) == expected, sourceLocation: location)
  }

  private static let wide: [UInt8] =
    [0xFF, 0xFE]
    + Array("filename\tclass\r\na.jpg\tcats\r\nb.jpg\tdögs\r\n".utf16)
    .flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }

  @Test(
    "fields are separated by what separates them, whatever else is in them",
    arguments: [
      ("m.csv", "filename,class\na.jpg,cats\nb.jpg,dogs\n", ""),
      ("m.csv", "filename;class;w\na.jpg;cats;0,5\nb.jpg;dogs;1,25\n", "semicolons between the fields"),
      ("m.csv", "\u{FEFF}filename;class\r\na.jpg;cats\r\nb.jpg;dogs\r\n", "semicolons between the fields"),
      ("m.csv", "filename\tclass\na.jpg\tcats\nb.jpg\tdogs\n", "tabs between the fields"),
      ("m.tsv", "filename,class\na.jpg,cats\nb.jpg,dogs\n", "commas between the fields"),
      ("m.csv", "filename|class\na.jpg|cats\nb.jpg|dogs\n", "'|' between the fields"),
      // Semicolons and line ends in quotation marks are text.
      ("m.csv", "filename,class,note\na.jpg,cats,\"x;y\nz;w\"\nb.jpg,dogs,\"1;2\"\n", ""),
      (
        "m.csv", "a.jpg;cats\nb.jpg;dogs\n",
        "semicolons between the fields, no line of column names, files in column 1, classes in column 2"
      ),
      (
        "m.csv", "cats,a.jpg\ndogs,b.jpg\n",
        "no line of column names, files in column 2, classes in column 1"
      ),
      (
        "m.csv", "Unnamed: 0,image_name,Label\n0,a.jpg,cats\n1,b.jpg,dogs\n",
        "files in column 'image_name', classes in column 'Label'"
      ),
      ("m.csv", ",filename,category\n0,a.jpg,cats\n1,b.jpg,dogs\n", "classes in column 'category'"),
      (
        "m.csv", "image,cats,dogs,age\na,1.0,0.0,30\nb,0.0,1.0,31\n",
        "files in column 'image', the columns that have one 1 are the classes: cats, dogs"
      ),
      (
        "m.jsonl",
        "{\"image\": \"a.jpg\", \"target\": \"cats\"}\n{\"image\": \"b.jpg\", \"target\": \"dogs\"}\n",
        "files in column 'image', classes in column 'target'"
      ),
    ])
  func separators(name: String, text: String, words: String) throws {
    try with(["a.jpg", "b.jpg"], name, text.utf8) { manifest, _ in
      let dataset = try Dataset(manifest: manifest)
      #expect(rows(dataset).map { $0.replacing(".jpg", with: "") } == ["a cats", "b dogs"])
      #expect(
        dataset.diagnostics.map(\.description) == (words.isEmpty ? [] : ["\(manifest): read with \(words)"]))
    }
  }

  /// Classes and columns are told apart by their bytes, as folders are.
  @Test func namesThatLookAlikeAreTwo() throws {
    let (one, two) = ("\u{E9}", "e\u{301}")
    for (name, text) in [
      ("m.csv", "filename,class\na.jpg,\(one)\nb.jpg,\(two)\n"),
      (
        "m.jsonl",
        "{\"filename\":\"a.jpg\",\"class\":\"\(one)\"}\n{\"filename\":\"b.jpg\",\"class\":\"\(two)\"}\n"
      ),
    ] {
      try with(["a.jpg", "b.jpg"], name, text.utf8) { manifest, _ in
        let dataset = try Dataset(manifest: manifest)
        #expect(dataset.classes.count == 2 && Set(dataset.items.map(\.label)).count == 2, "\(name)")
        #expect(dataset.items.map { dataset.classes[$0.label ?? 0].utf8.count } == [2, 3])
      }
    }
    try with(["a.jpg"], "m.csv", "filename,\(one),\(two)\na.jpg,x,q\n".utf8) { manifest, _ in
      for (column, name) in [(one, "x"), (two, "q")] {
        let dataset = try Dataset(manifest: manifest, columns: ManifestColumns(label: column))
        #expect(dataset.classes == [name])
      }
    }
  }

  @Test(arguments: ["\n", "\r\n", "\r"]) func linesOfObjectsEndAsAnySystemEndsThem(end: String) throws {
    let lines = ["{\"filename\":\"a.jpg\",\"label\":0}", "{\"filename\":\"b.jpg\",\"label\":1}", ""]
    try with(["a.jpg", "b.jpg"], "m.jsonl", lines.joined(separator: end).utf8) { manifest, _ in
      expect(try Dataset(manifest: manifest), ["a.jpg 0", "b.jpg 1"])
    }
  }

  @Test func numbersAndTruthValuesAreClassesAndWeights() throws {
    let text =
      "{\"filename\":\"a.jpg\",\"class\":true,\"w\":1}\n{\"filename\":\"b.jpg\",\"class\":2.5,\"w\":0}\n"
    try with(["a.jpg", "b.jpg"], "m.jsonl", text.utf8) { manifest, _ in
      let dataset = try Dataset(manifest: manifest, columns: ManifestColumns(weight: "w"))
      expect(dataset, ["a.jpg true", "b.jpg 2.5"])
      #expect(dataset.items.map(\.weight) == [1, 0])
    }
  }

  /// What is only looked at needs no classes, and says that it has none.
  @Test func imagesThatAreOnlyReadNeedNoClasses() throws {
    try with(["a.jpg", "b.jpg"], "m.csv", "filename,kind\na.jpg,x\nb.jpg,y\n".utf8) { manifest, folder in
      let dataset = try Dataset(images: [manifest])
      expect(dataset, ["a.jpg -", "b.jpg -"])
      #expect(
        dataset.diagnostics.map(\.description)
          == ["\(manifest): no column 'class', so its images have no classes; found filename, kind"])
      #expect(throws: DatasetError.self) { try Dataset(contentsOf: manifest) }
      var options = ListingOptions()
      options.columns.label = "sort"
      #expect(throws: DatasetError.self) { try Dataset(images: [manifest], options: options) }
      let inner = folder.appending(path: "old")
      try FileManager.default.createDirectory(at: inner, withIntermediateDirectories: true)
      try Data().write(to: inner.appending(path: "c.jpg"))
      #expect(
        try Dataset(images: [folder.path]).items.map(\.name).sorted() == ["a.jpg", "b.jpg", "old/c.jpg"])
    }
  }

  @Test(arguments: ["m.csv", "m.jsonl"]) func aNameEndsNowhereButAtItsEnd(name: String) throws {
    let text =
      name == "m.csv"
      ? "filename,class\na.jpg\0.png,x\n" : "{\"filename\":\"a.jpg\\u0000.png\",\"class\":\"x\"}\n"
    try with(["a.jpg"], name, text.utf8) { manifest, _ in
      let error = #expect(throws: DatasetError.self) { try Dataset(manifest: manifest) }
      #expect(error?.description.contains("zero byte") == true, "\(error?.description ?? "")")
    }
  }

  @Test func asSpreadsheetsWriteUnicodeText() throws {
    try with(["a.jpg", "b.jpg"], "m.tsv", Self.wide) { manifest, folder in
      try expect(Dataset(manifest: manifest), ["a.jpg cats", "b.jpg dögs"])
      // The other order of bytes, and half a character.
      let swapped = stride(from: 0, to: Self.wide.count, by: 2).flatMap {
        [Self.wide[$0 + 1], Self.wide[$0]]
      }
      try Data(swapped).write(to: URL(fileURLWithPath: manifest))
      try expect(Dataset(manifest: manifest), ["a.jpg cats", "b.jpg dögs"])
      try Data(Self.wide.dropLast()).write(to: URL(fileURLWithPath: manifest))
      #expect(throws: DatasetError.self) { try Dataset(manifest: manifest) }
    }
  }

  @Test func aSeparatorThatIsNamedIsTheSeparator() throws {
    try with(["a.jpg"], "m.csv", "filename:class,x\na.jpg:b,c\n".utf8) { manifest, _ in
      var columns = ManifestColumns(label: "class,x", separator: FieldSeparator(":"))
      try expect(Dataset(manifest: manifest, columns: columns), ["a.jpg b,c"])
      columns.separator = .tab
      #expect(
        throws: DatasetError.missingColumn(path: manifest, name: "filename", found: ["filename:class,x"])
      ) {
        try Dataset(manifest: manifest, columns: columns)
      }
    }
    #expect(FieldSeparator("tab") == .tab && FieldSeparator(";") == .semicolon)
    for text in ["", "ab", "é", "\"", "\n", "x", "1", "\r\n"] { #expect(FieldSeparator(text) == nil) }
  }

  @Test func columnsAreNumberedWhereNoLineNamesThem() throws {
    try with(["a.jpg", "b.jpg"], "m.csv", "7,a.jpg,cats\n8,b.jpg,dogs\n".utf8) { manifest, _ in
      #expect(throws: DatasetError.missingColumn(path: manifest, name: "class", found: ["1", "2", "3"])) {
        try Dataset(manifest: manifest)
      }
      let columns = ManifestColumns(file: "2", label: "3")
      try expect(Dataset(manifest: manifest, columns: columns), ["a.jpg cats", "b.jpg dogs"])
    }
  }

  /// As `pandas.get_dummies` has it in a file, with two rows the numbers of which look like a class.
  @Test(arguments: [
    ",filename,cat,dog\n0,a.jpg,1,0\n1,b.jpg,0,1\n",
    "Unnamed: 0,filename,cat,dog\n0,a.jpg,1,0\n1,b.jpg,0,1\n",
    "filename,cat,dog\n0,a.jpg,1,0\n1,b.jpg,0,1\n",
    ",filename,cat,dog\n0,a.jpg,True,False\n1,b.jpg,False,True\n",
  ]) func numbersOfRowsAreNoClass(text: String) throws {
    try with(["a.jpg", "b.jpg"], "m.csv", text.utf8) { manifest, _ in
      try expect(Dataset(manifest: manifest), ["a.jpg cat", "b.jpg dog"])
    }
  }

  /// Python takes the last of two, others the first.
  @Test(arguments: [
    (#"{"filename": "a.jpg", "class": "cats", "class": "dogs"}"#, "class"),
    (#"{"filename": "a.jpg", "cl\u0061ss": "cats", "class": "dogs"}"#, "class"),
    (#"{"filename": "a.jpg", "class": "cats", "filename": "b.jpg"}"#, "filename"),
    (#"{"filename": "a.jpg", "class": "cats", "x": [1, {"y": 2}], "x": [1, {"y": 3}]}"#, "x"),
  ]) func membersThatContradictThemselvesAreRefused(line: String, name: String) throws {
    let first = #"{"filename": "b.jpg", "class": "cats"}"# + "\n"
    try with(["a.jpg", "b.jpg"], "m.jsonl", (first + line).utf8) { manifest, _ in
      let error = #expect(throws: DatasetError.self) { try Dataset(manifest: manifest) }
      #expect(
        error?.description.hasPrefix("\(manifest): line 2: '\(name)' is there twice with different values")
          == true,
        "\(String(describing: error))")
    }
  }

  @Test(arguments: [
    #"{"filename": "a.jpg", "class": "cats", "class": "cats"}"#,
    #"{"filename": "a.jpg", "class" :"cats" , "x": {"class": "dogs", "class": 1}}"#,
    #"{"filename": "a.jpg", "class": "cats", "y": "\",\"class\":\"dogs\""}"#,
  ]) func membersThatAgreeAreOne(line: String) throws {
    try with(["a.jpg"], "m.jsonl", line.utf8) { manifest, _ in
      try expect(Dataset(manifest: manifest), ["a.jpg cats"])
    }
  }

  @Test func oneOfSeveralColumnsHasTheOne() throws {
    try with(["a.jpg", "b.jpg"], "m.csv", "image,MEL,NV\na,1,0\nb,1,1\n".utf8) { manifest, _ in
      #expect {
        try Dataset(manifest: manifest)
      } throws: { error in
        "\(error)"
          == "\(manifest): line 3: expected one 1 in the columns of the classes (MEL, NV), found 2; an image has "
          + "one class here"
      }
    }
  }

  @Test func filesAreNamedWithoutTheirEndings() throws {
    let images = ["train/000a1b.jpg", "train/1.5.jpeg", "train/c.png", "train/c.txt", "other/000a1b.jpg"]
    let text = "id,breed\n000a1b,dog\n1.5,cat\nc,cat\ngone,dog\n"
    try with(images, "labels.csv", text.utf8) { manifest, folder in
      let train = folder.appending(path: "train").path
      let dataset = try Dataset(manifest: manifest, directory: train)
      #expect(
        dataset.items.map(\.path) == ["000a1b.jpg", "1.5.jpeg", "c.png"].map { "\(train)/\($0)" })
      #expect(
        dataset.diagnostics.last
          == .missingFiles(place: manifest, count: 1, total: 4, first: "gone", tried: ["\(train)/gone.*"]))
      try Data().write(to: URL(fileURLWithPath: "\(train)/c.bmp"))
      #expect(throws: DatasetError.ambiguousFile(folder: train, name: "c", found: ["c.bmp", "c.png"])) {
        try Dataset(manifest: manifest, directory: train)
      }
    }
  }

  @Test(
    "files are found that another machine names",
    arguments: [
      ("dog\\1.jpg", "dog\\2.jpg", "dog/1.jpg", nil),
      ("C:\\data\\train\\dog\\1.jpg", "C:\\data\\train\\cat\\2.jpg", "dog/1.jpg", "C:/data/train/"),
      ("/old/disk/data/dog/1.jpg", "/old/disk/data/cat/2.jpg", "dog/1.jpg", "/old/disk/data/"),
      // The longest part that is there.
      ("/old/x/dog/1.jpg", "/old/x/dog/2.jpg", "x/dog/1.jpg", "/old/"),
      ("photos/dog/1.jpg", "photos/dog/2.jpg", "dog/1.jpg", "photos/"),
      ("../photos/dog/1", "../photos/dog/2", "dog/1.jpg", "../photos/"),
    ])
  func elsewhere(first: String, second: String, found: String, folder: String?) throws {
    let images = ["1.jpg", "2.jpg", "dog/1.jpg", "cat/2.jpg", "dog/2.jpg"]
    let all = found.hasPrefix("x/") ? images + ["x/dog/1.jpg", "x/dog/2.jpg"] : images
    try with(all, "m.csv", "filename,class\n\(first),a\n\(second),b\n".utf8) { manifest, place in
      let dataset = try Dataset(manifest: manifest)
      #expect(dataset.items[0].path == place.appending(path: found).path && dataset.items.count == 2)
      #expect(
        dataset.diagnostics == (folder.map { [.movedFiles(place: manifest, count: 2, folder: $0)] } ?? []))
    }
  }

  @Test func namesStayApartThatDifferInTheFolderAheadOfThem() throws {
    let text = "filename,class\ntrain/1.jpg,a\ntrain/2.jpg,a\nval/1.jpg,b\n"
    try with(["1.jpg", "2.jpg"], "m.csv", text.utf8) { manifest, folder in
      let dataset = try Dataset(manifest: manifest)
      #expect(rows(dataset) == ["train/1.jpg a", "train/2.jpg a"])
      let tried = ["val/1.jpg", "1.jpg"].map { folder.appending(path: $0).path }
      #expect(
        dataset.diagnostics.last
          == .missingFiles(place: manifest, count: 1, total: 3, first: "val/1.jpg", tried: tried))
    }
  }

  /// What a name itself says counts, on any system; what is left of one without a folder ahead leads nowhere else.
  @Test func whatIsLeftOfANameNeverLeadsOut() throws {
    let text = "filename,class\n/x/../../secret.jpg,a\n..\\x\\..\\..\\secret.jpg,a\n\\x\\..\\..\\secret,a\n"
    try with(["in/a.jpg", "secret.jpg"], "in/m.csv", text.utf8) { manifest, _ in
      #expect {
        try Dataset(manifest: manifest)
      } throws: { error in
        "\(error)".contains(
          "found none among 3 rows; the first is /x/../../secret.jpg; tried /x/../../secret.jpg, ")
      }
    }
  }

  @Test(arguments: ["../up.jpg", "..\\up.jpg", "../up", "..\\up", "in\\..\\..\\up.jpg", "b/../../up"])
  func stepsUpLeadUpWhateverSeparatesThem(name: String) throws {
    let images = ["in/in/a.jpg", "in/b/a.jpg", "up.jpg", "in/up.png"]
    try with(images, "in/m.csv", "filename,class\n\(name),a\n".utf8) { manifest, folder in
      let dataset = try Dataset(manifest: manifest)
      #expect(
        dataset.items.map { URL(fileURLWithPath: $0.path).standardizedFileURL.path } == [
          folder.appending(path: "up.jpg").standardizedFileURL.path
        ])
      #expect(dataset.diagnostics.isEmpty)
    }
  }

  /// No path leads out of an archive.
  @Test(arguments: ["../a.jpg", "..\\a.jpg", "cat/../../a.jpg"]) func archivesHaveNothingAboveThem(
    name: String
  ) throws {
    try withTemporaryFolder { folder in
      let archive = folder.appending(path: "photos.zip")
      try Data(Packing.zip([(Array("cat/1.jpg".utf8), [])])).write(to: archive)
      try Data().write(to: folder.appending(path: "a.jpg"))
      let manifest = folder.appending(path: "m.csv")
      try Data("filename,class\n\(name),cat\ncat/1.jpg,cat\n".utf8).write(to: manifest)
      let dataset = try Dataset(manifest: manifest.path, directory: archive.path)
      #expect(dataset.items.map(\.path) == ["\(archive.path)/cat/1.jpg"])
    }
  }

  @Test func namesLeadIntoArchives() throws {
    try withTemporaryFolder { folder in
      let archive = folder.appending(path: "photos.zip")
      try Data(Packing.zip([(Array("cat/1.jpg".utf8), []), (Array("dog/2.png".utf8), [])])).write(to: archive)
      let manifest = folder.appending(path: "m.csv")
      try Data("id,label\nD:\\x\\cat\\1,cat\nD:\\x\\dog\\2,dog\n".utf8).write(to: manifest)
      let dataset = try Dataset(manifest: manifest.path, directory: archive.path)
      #expect(dataset.items.map(\.path) == ["cat/1.jpg", "dog/2.png"].map { "\(archive.path)/\($0)" })
    }
  }
}
