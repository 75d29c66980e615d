import CLI
import Catalog
import Foundation
import TestSupport
import Testing

/// `list`, `summary`, `draft`, `check` and `fmt` as a user types them.
@Suite struct CatalogVerbTests {
  @Test func listsTheCatalog() throws {
    let outcome = Outcome("list --graphs")
    #expect(outcome.code == .success)
    let lines = outcome.output.split(separator: "\n")
    for identifier in EntryCatalog.embedded.identifiers {
      #expect(lines.contains { $0.hasPrefix(identifier + " ") }, "\(identifier)")
    }
    #expect(lines.contains { $0.split(separator: " ") == ["resnet50"] + Self.figures })
    #expect(Outcome("list").output.split(separator: "\n").allSatisfy { $0.count <= 100 })
    #expect(lines.contains { $0.hasPrefix("E ") && $0.contains("Keras 2.2.3 to 2.3.1") })
    let machine = try JSONDecoder().decode([ListedEntry].self, from: Data(Outcome("list --json").output.utf8))
    #expect(machine.map(\.identifier) == EntryCatalog.embedded.identifiers)
    #expect(machine.first { $0.identifier == "vgg16" }?.parameters == 14_714_688)
  }

  /// What the table says of a network beside its name.
  private static let figures: [Substring] = [
    "23,587,712", "3.86G", "224", "32", "7x7x2048", "caffe", "74.9", "MIT",
  ]

  /// Names with stars, a number of parameters and a size of images leave what has all of that.
  @Test(arguments: [
    (["efficientnet*", "--max-parameters", "10M", "--minimum-size", "96"], 6, "efficientnet_b0"),
    (["vgg??", "--max-parameters", "15m"], 3, "vgg11"), (["*net50", "--minimum-size", "31"], 0, ""),
    (["nasnet_mobile", "xception", "--minimum-size", "70x224"], 1, "nasnet_mobile"),
    (["*", "--max-parameters", "300k"], 1, "mobilenet_0.25"),
  ])
  func listsWhatIsWanted(words: [String], count: Int, first: String) throws {
    let outcome = Outcome(["list", "--json"] + words)
    let found = try JSONDecoder().decode([ListedEntry].self, from: Data(outcome.output.utf8))
    #expect(found.count == count && found.first?.identifier ?? "" == first, "\(found.map(\.identifier))")
  }

  @Test func refusesNamesThatAreNotThere() {
    let outcome = Outcome(["list", "resnet51"])
    #expect(
      outcome.code == .missing && outcome.errors.contains("did you mean resnet50?"), "\(outcome.errors)")
    let quantity = Outcome(["list", "--max-parameters", "many"])
    #expect(quantity.code == .usage && quantity.errors.contains("a number such as 500000, 500k or 10M"))
  }

  /// One network: where its figures come from, and the files that were published for it.
  @Test func listsTheWeightFilesOfOneNetwork() {
    let output = Outcome("list resnet101").output
    #expect(
      output.contains("76.4 % of ImageNet's validation images, says https://keras.io/api/applications/"))
    #expect(output.contains("resnet101_weights_tf_dim_ordering_tf_kernels_notop.h5"))
    #expect(output.contains("MD5 88cf7a10940856eca736dc7b7e228a21"))
    #expect(Outcome("list convnext_tiny").output.contains("SHA-256 d547c096cabd03329d7be5562c5e1479"))
    // Where it can be downloaded, whole on a line of its own, with any width of the terminal.
    let address = "https://storage.googleapis.com/tensorflow/keras-applications/resnet/"
    #expect(
      output.split(separator: "\n").contains {
        $0 == "imagenet: \(address)resnet101_weights_tf_dim_ordering_tf_kernels_notop.h5"
      }, "\(output)")
    #expect(Outcome("list resnet101 --json").output.contains(address))
  }

  private struct ListedEntry: Decodable {
    var identifier: String
    var parameters: Int
    var weights: [WeightSet]

    struct WeightSet: Decodable {
      var tag: String
      var graph: String?
      var checks: [String]
      var problems: [String]
    }
  }

  /// Statuses are found by running the checks; all of the catalog's own weight sets pass those that need no file.
  @Test func saysWhatEveryWeightSetPassed() throws {
    let page = try JSONDecoder().decode([ListedEntry].self, from: Data(Outcome("list --json").output.utf8))
    for entry in page {
      #expect(!entry.weights.isEmpty, "\(entry.identifier)")
      for set in entry.weights {
        #expect(set.checks.starts(with: ["parsed", "consistent", "bound"]), "\(entry.identifier) \(set.tag)")
        #expect(set.problems.isEmpty)
      }
    }
    let published = page.flatMap(\.weights).filter { $0.checks.contains("identified") }
    #expect(published.contains { $0.tag == "v0.2-tf" && $0.graph == "E" })
    #expect(Outcome("list resnet50").output.contains("parsed consistent bound identified"))
  }

  /// A set that cannot be read, or whose pattern and sibling are gone, passes less and says why.
  @Test func aStatusIsEarned() throws {
    try withTemporaryFolder { folder in
      let weights = folder.appending(path: "vgg16/weights")
      try FileManager.default.createDirectory(at: weights, withIntermediateDirectories: true)
      func write(_ text: String, _ path: String) throws {
        try text.write(to: folder.appending(path: path), atomically: true, encoding: .utf8)
      }
      try write(EntryCatalog.embedded.entry("vgg16").json, "vgg16/model.json")
      try write("{", "vgg16/weights/broken.json")
      let good = try #require(
        EntryCatalog.embedded.weightFiles(of: "vgg16").first { $0.path.hasSuffix("/keras2.json") })
      try write(good.text.replacing("{layer}", with: "layer"), "vgg16/weights/keras2.json")
      let outcome = Outcome(["list", "--json", "--zoo", folder.path])
      let page = try JSONDecoder().decode([LaxEntry].self, from: Data(outcome.output.utf8))
      let sets = try #require(page.first { $0.identifier == "vgg16" }).weights
      #expect(sets.map(\.checks) == [[], ["parsed"]])
      #expect(sets.map(\.problems.isEmpty) == [false, false])
    }
  }

  /// A file of weights from a seed shows the layout of sets whose files were never published, and of no other.
  @Test func aRealFileProvesASet() throws {
    try withTemporaryFolder { folder in
      let files = folder.appending(path: "files")
      try FileManager.default.createDirectory(at: files, withIntermediateDirectories: true)
      for tag in ["keras2.0.0", "resnet"] {
        let path = files.appending(path: "\(tag).h5").path
        try #require(
          Outcome(["synthesize", "resnet50", "--weight-set", tag, "-o", path, "-q"]).code == .success)
      }
      try Data("text".utf8).write(to: files.appending(path: "text.h5"))
      let outcome = Outcome(["list", "--json", "--files", files.path])
      let page = try JSONDecoder().decode([ListedEntry].self, from: Data(outcome.output.utf8))
      let fitted = page.flatMap(\.weights).filter { $0.checks.contains("fitted") }.map(\.tag)
      #expect(fitted == ["keras2.0.0"])
      #expect(
        outcome.errors.contains("resnet.h5: fits resnet50 resnet, but its MD5 is not"), "\(outcome.errors)")
      #expect(outcome.errors.contains("text.h5: not an HDF5 file: "))
      let absent = Outcome(["list", "--files", folder.path + "/absent"])
      #expect(absent.code == .missing && absent.errors.contains("no such file or folder; check the path"))
    }
  }

  /// The published files that may be shared with us.
  @Test(.enabled(if: SharedFiles.arePresent, Comment(rawValue: SharedFiles.message)))
  func publishedFilesProveTheirSets() throws {
    let folder = URL(
      fileURLWithPath: try SharedFiles.path("weights/squeezenet_weights_tf_dim_ordering_tf_kernels_notop.h5")
    ).deletingLastPathComponent().path
    let outcome = Outcome(["list", "--json", "--files", folder])
    let page = try JSONDecoder().decode([ListedEntry].self, from: Data(outcome.output.utf8))
    let fitted = page.flatMap(\.weights).filter { $0.checks.contains("fitted") }.map(\.tag)
    #expect(fitted == ["imagenet", "deepcognition-tf", "deepcognition-th"])
  }

  private struct LaxEntry: Decodable {
    struct WeightSet: Decodable {
      var checks: [String]
      var problems: [String]
    }
    var identifier: String
    var weights: [WeightSet]
  }

  @Test(arguments: ["keras3", "keras2"])
  func summarisesAsKeras(style: String) throws {
    let expected = try String(
      contentsOfFile: Repository.fixture("summaries/vgg16.\(style).txt"), encoding: .utf8)
    #expect(Outcome("summary vgg16 --style \(style)").output == expected)
  }

  @Test func summarisesForMachines() throws {
    struct Page: Decodable {
      struct Layer: Decodable {
        var name: String
        var shape: [Int]
        var multiplyAdds: Int
        var stride: [Int]?
      }
      var parameters: Int
      var nonTrainable: Int
      var multiplyAdds: Int
      var layers: [Layer]
    }
    let outcome = Outcome("summary resnet50 --graph A --size 200x224 --json")
    let page = try JSONDecoder().decode(Page.self, from: Data(outcome.output.utf8))
    #expect(page.parameters == 23_587_712)
    #expect(page.nonTrainable == 53_120)
    #expect(page.layers.last?.name == "avg_pool")
    #expect(page.layers.last?.shape == [1, 1, 2048])
    #expect(page.layers.last?.stride == [224, 224])
    #expect(page.layers.map(\.multiplyAdds).reduce(0, +) == page.multiplyAdds)
  }

  @Test func endsAtALayer() {
    let lines = Outcome("summary inception_v3 --layer mixed7 --size 150 --style compact").output
      .split(separator: "\n")
    #expect(lines.count == 229 + 3)
    #expect(lines[lines.count - 2].hasPrefix("mixed7 ") && lines[lines.count - 2].contains("7x7x768"))
  }

  @Test(arguments: [
    ("summary vgg16 --size 31", ExitCode.data, "input size: must be at least 32x32"),
    ("summary vgg29", .missing, "did you mean vgg19?"),
    ("summary mobilenet_0.25 --graph F", .missing, "one graph only"),
    ("summary vgg16 --size 3x", .usage, "expected a size such as 224"),
    ("summary vgg16 --layer block5_poo", .missing, "did you mean block5_pool?"),
    ("summary resnet50 --style keras4", .usage, "keras3"),
    ("list --zoo nowhere", .missing, "nowhere"),
    ("draft nowhere --preprocessing tf", .missing, "no such file"),
    ("draft nowhere --preprocessing tf --identifier 1/0", .usage, "expected a name of lower-case letters"),
    ("list --max-parameters 0x10", .usage, "expected a number such as 500000"),
    (
      "bench vgg16", .missing, "vgg16 is a network of the catalog: zoo fetch vgg16 gets its published weights"
    ),
    ("check /dev/null", .missing, "zoo inspect tells what a file is; --zoo FOLDER adds entries"),
  ])
  func refuses(line: String, code: ExitCode, words: String) {
    let outcome = Outcome(line)
    #expect(outcome.code == code)
    #expect(outcome.errors.contains(words), "\(outcome.errors)")
    #expect(outcome.output.isEmpty)
  }

  @Test func draftsChecksAndFormats() throws {
    try withTemporaryFolder { folder in
      let model = folder.appending(path: "small/model.json").path
      let architecture = Repository.fixture("architectures/sequential_keras3.json")
      let drafted = Outcome([
        "draft", architecture, "--preprocessing", "tf", "-o", model, "--title", "A small one",
      ])
      #expect(drafted.code == .success, "\(drafted.errors)")
      #expect(
        Outcome(["check", "--zoo", folder.path, "small"]).output == "small: all claims hold (1 graph)\n")
      #expect(Outcome(["fmt", "--check", model]).code == .success)
      let summary = Outcome(["summary", "small", "--zoo", folder.path, "--style", "compact"]).output
      #expect(summary.hasPrefix("small: 10 layers\n") && summary.contains("14,506 parameters"))

      let text = try String(contentsOfFile: model, encoding: .utf8)
      try text.replacing("\"title\": ", with: "\"title\":   ").write(
        toFile: model, atomically: true, encoding: .utf8)
      let check = Outcome(["fmt", "--check", model])
      #expect(check.code == .data && check.errors.contains("model.json:4: not in the standard layout"))
      #expect(Outcome(["fmt", model]).code == .success)
      #expect(try String(contentsOfFile: model, encoding: .utf8) == text)

      try text.replacing("\"parameters\": 14506", with: "\"parameters\": 14507").write(
        toFile: model, atomically: true, encoding: .utf8)
      let wrong = Outcome(["check", "--zoo", folder.path, "small", "vgg16"])
      #expect(wrong.code == .data)
      #expect(wrong.output == "vgg16: all claims hold (3 graphs)\n")
      #expect(wrong.errors.contains("small/model.json:11: the claim of parameters is 14507; it is 14506"))
    }
  }

  /// Files as Keras 2 and 3 save any network need no description, even where the images' size decides a shape.
  @Test(arguments: ["keras2", "keras3"])
  func convertsWhatBelongsToADraft(layout: String) throws {
    try withTemporaryFolder { folder in
      let path = { (name: String) in folder.appending(path: name).path }
      let zoo = ["--zoo", path("zoo")]
      let architecture = Repository.fixture("architectures/sequential_keras3.json")
      for words in [
        ["draft", architecture, "--preprocessing", "tf", "-o", path("zoo/small/model.json")],
        ["synthesize", "small", "--weight-set", layout, "-o", path("small.h5")] + zoo,
        ["convert", path("small.h5"), "-o", path("recognised.safetensors")] + zoo,
        ["convert", path("small.h5"), "--entry", "small", "-o", path("named.safetensors")] + zoo,
        ["verify", path("named.safetensors")], ["list"] + zoo,
      ] {
        let outcome = Outcome(words)
        #expect(outcome.code == .success, "\(words[0]): \(outcome.errors)")
      }
      let advice = "zoo convert \(path("small.h5")) --zoo \(path("zoo")) -o small.zoo.safetensors"
      let inspected = Outcome(["inspect", path("small.h5")] + zoo).output
      #expect(inspected.contains(advice), "\(inspected)")
      let (named, recognised) = (path("named.safetensors"), path("recognised.safetensors"))
      #expect(FileManager.default.contentsEqual(atPath: named, andPath: recognised))
    }
  }

  @Test func draftsOnlyFromTexts() throws {
    try withTemporaryFolder { folder in
      let path = { (name: String) in folder.appending(path: name).path }
      try Data([0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A, 0]).write(to: folder.appending(path: "w.h5"))
      try "<!doctype html><html>".write(toFile: path("page.json"), atomically: true, encoding: .utf8)
      let made = unsafe mkfifo(path("pipe"), 0o600)
      #expect(made == 0)
      for (name, code, words) in [
        (
          "w.h5", ExitCode.data,
          "expected what Keras's model.to_json() writes, found an HDF5 file; name the right file"
        ),
        ("page.json", .data, "expected what Keras's model.to_json() writes, found an HTML page"),
        ("pipe", .missing, "cannot be read: it is a device or a pipe, not a file"),
        (".", .missing, "cannot be read: it is a folder; name a file inside it"),
      ] {
        let outcome = Outcome(["draft", path(name), "--preprocessing", "tf"])
        #expect(outcome.code == code && outcome.errors.contains(words), "\(outcome)")
      }
    }
  }

  /// An entry is called as its folder is, or nobody finds it.
  @Test func saysThatADraftLiesInAnotherNamesFolder() throws {
    try withTemporaryFolder { folder in
      let architecture = Repository.fixture("architectures/sequential_keras3.json")
      let draft = { (more: [String]) in
        Outcome(
          [
            "draft", architecture, "--preprocessing", "tf", "-o",
            folder.appending(path: "mine/model.json").path,
          ] + more)
      }
      #expect(draft(["--identifier", "mine"]).errors.contains("warning") == false)
      #expect(
        draft([]).errors.contains("model.json:3: identifier is small; expected mine, the name of the folder"))
    }
  }

  @Test func printsDraftsAndListsWhatIsUnsupported() throws {
    let architecture = Repository.fixture("architectures/unsupported_keras3.json")
    let outcome = Outcome(["draft", architecture, "--preprocessing", "tf"])
    #expect(outcome.code == .unsupported)
    #expect(outcome.errors.contains("rows (BatchNormalization): axis is 1; expected the last alone, -1 or 3"))
    #expect(outcome.errors.contains("shared (Conv2D): it is called 2 times"))
    let good = Repository.fixture("architectures/vgg16.json")
    let printed = Outcome([
      "draft", good, "--preprocessing", "caffe", "--minimum", "48", "--identifier", "mine",
    ])
    let entry = try CatalogEntry(json: printed.output)
    #expect(entry.identifier == "mine")
    #expect(try entry.minimumSize() == Extent(48, 48))
    #expect(entry.problems().isEmpty)
  }
}
