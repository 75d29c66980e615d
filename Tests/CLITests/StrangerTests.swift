import CLI
import Foundation
import ModelZoo
import Reports
import TestSupport
import Testing

/// Names are strangers', and terminals obey.
@Suite struct StrangerTests {
  @Test func nothingThatIsPrintedCommandsATerminal() {
    for isTerminal in [false, true] {
      let (output, errors) = (CapturedText(isTerminal: isTerminal), CapturedText(isTerminal: isTerminal))
      let console = Console(output: output, errors: errors, environment: [:])
      let evil = "\u{1B}[2J\u{1B}]0;title\u{7}\u{9B}31m\u{202E}\u{1B}[8m"
      console.print("a\(evil)\nb")
      console.print(["name": .string(evil)] as JSON)
      console.warn(evil)
      console.note(evil)
      var table = Table([Table.Column(evil)])
      table.append([evil + "\u{1B}[1m"])
      console.print(table)
      for text in [output.text, errors.text] {
        let styles = ["\u{1B}[1;33m", "\u{1B}[1m", "\u{1B}[0m"]
        let rest = styles.reduce(text) { $0.replacing($1, with: "") }
        #expect(!rest.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || $0.value == 0x9B })
        #expect(!rest.contains("\u{202E}") && rest.contains(#"\u{9B}31m"#), "\(rest)")
      }
      #expect(output.text.hasPrefix(#"a\u{1B}[2J\u{1B}]0;title\u{7}\u{9B}31m\u{202E}\u{1B}[8m"# + "\nb\n"))
    }
  }

  /// Our own styles are not for strangers to use.
  @Test func coloursInNamesAreShownAsText() {
    let (output, errors) = (CapturedText(isTerminal: true), CapturedText(isTerminal: true))
    let console = Console(output: output, errors: errors, environment: [:])
    let (name, shown) = ("\u{1B}[1mbold\u{1B}[0m", #"\u{1B}[1mbold\u{1B}[0m"#)
    var table = Table([Table.Column("A")])
    table.append([name])
    console.print(name)
    console.write(name + "\n")
    console.print(table)
    console.note(name)
    console.warn(name)
    let line = String(repeating: "-", count: shown.count)
    #expect(output.text == "\(shown)\n\(shown)\n\u{1B}[1mA\u{1B}[0m\n\(line)\n\(shown)\n")
    #expect(errors.text == "\(shown)\n\u{1B}[1;33mwarning:\u{1B}[0m \(shown)\n")
  }

  /// What machines read is what files say; a terminal is no machine.
  @Test func resultsForMachinesStayAsTheyAre() {
    let (file, terminal) = (CapturedText(), CapturedText(isTerminal: true))
    for sink in [file, terminal] {
      Console(output: sink, errors: CapturedText(), environment: [:]).write("a\u{1B}b\u{8}\r\n")
    }
    #expect(file.text == "a\u{1B}b\u{8}\r\n")
    #expect(terminal.text == #"a\u{1B}b\u{8}"# + "\n")
  }

  @Test(arguments: ["--csv-log", "--checkpoint", "--report", "-o"])
  func noOutputOfTrainingTakesThePlaceOfAnImage(option: String) throws {
    try withTemporaryFolder { folder in
      let place = try TrainingPlace(folder)
      let image = try #require(
        FileManager.default.subpaths(atPath: place.path("images"))?.first { $0.hasSuffix("0000.png") })
      let hard = place.path("innocent")
      try FileManager.default.linkItem(atPath: place.path("images/\(image)"), toPath: hard)
      let before = try Data(contentsOf: URL(fileURLWithPath: hard))
      var words = [
        "train", "--backbone", place.path("backbone.safetensors"), "--data", place.path("images"), "--head",
        "linear", "--size", "64", option, hard,
      ]
      if option != "-o" { words += ["-o", place.path("model")] }
      let outcome = Outcome(words)
      #expect(outcome.code == .usage, "\(outcome)")
      let name = option == "-o" ? "--output" : option
      #expect(
        outcome.errors.hasPrefix("error: \(name): \(hard) is the input \(place.path("images"))/"),
        "\(outcome)")
      #expect(try Data(contentsOf: URL(fileURLWithPath: hard)) == before)
    }
  }

  @Test func noFolderForOutputsGoesAmongImages() throws {
    try withTemporaryFolder { folder in
      let place = try TrainingPlace(folder)
      let images = place.path("images")
      for option in ["--plots", "--tensorboard", "--cache"] {
        for inside in ["/circles", "/circles/new", "/new", "/new/deeper", ""] {
          let outcome = Outcome([
            "train", "--backbone", place.path("backbone.safetensors"), "--data", images, "--head", "linear",
            "--size",
            "64", option, images + inside, "-o", place.path("model"),
          ])
          #expect(
            outcome.code == .usage && outcome.errors.hasPrefix("error: \(option): ")
              && outcome.errors.contains("; name another folder"), "\(inside): \(outcome)")
        }
      }
      let names = try FileManager.default.subpathsOfDirectory(atPath: images)
      #expect(names.count == 3 + 15, "\(names)")
    }
  }

  /// What a folder of entries holds is read by every run that names it.
  @Test func noOutputTakesThePlaceOfAnEntry() throws {
    try withTemporaryFolder { folder in
      let path = { (name: String) in folder.appending(path: name).path }
      let architecture = Repository.fixture("architectures/sequential_keras3.json")
      for words in [
        [
          "draft", architecture, "--preprocessing", "tf", "--identifier", "small", "-o",
          path("zoo/small/model.json"),
        ],
        ["synthesize", "small", "--zoo", path("zoo"), "-o", path("small.h5")],
      ] { try #require(Outcome(words).code == .success) }
      let model = path("zoo/small/model.json")
      let weights = path("zoo/small/weights/today.json")
      let manager = FileManager.default
      try manager.createDirectory(atPath: path("zoo/small/weights"), withIntermediateDirectories: true)
      try manager.copyItem(
        atPath: Repository.root.appending(path: "zoo/squeezenet/weights/rcmalli-tf.json").path,
        toPath: weights)
      try manager.createSymbolicLink(atPath: path("soft"), withDestinationPath: "zoo/small/model.json")
      try manager.linkItem(atPath: weights, toPath: path("hard"))
      let before = try [model, weights].map { try Data(contentsOf: URL(fileURLWithPath: $0)) }
      for output in ["soft", "hard"] {
        for verb in [["synthesize", "small"], ["synthesize", "squeezenet"], ["convert", path("small.h5")]] {
          let outcome = Outcome(verb + ["--zoo", path("zoo"), "-o", path(output)])
          #expect(
            outcome.code == .usage && outcome.errors.contains("; name another file"),
            "\(outcome)")
        }
      }
      #expect(try [model, weights].map { try Data(contentsOf: URL(fileURLWithPath: $0)) } == before)
    }
  }

  /// Every format of models that somebody may hope for.
  @Test(arguments: [
    "onnx", "h5", "keras", "hdf5", "pb", "tflite", "pt", "pth", "pkl", "gguf", "mlmodel", "xml", "ONNX",
  ])
  func onlyArchivesAreWritten(ending: String) {
    for words in [
      ["convert", "w.h5"], ["model", "c"], ["train", "--backbone", "b", "--data", "d", "--head", "linear"],
    ] {
      let outcome = Outcome(words + ["-o", "out.\(ending)"])
      #expect(
        outcome.code == .usage
          && outcome.errors.contains("expected a name ending in .safetensors, found out.\(ending)"),
        "\(words): \(outcome.errors)")
    }
  }

  /// A name that promises another format than what is written.
  @Test(arguments: [
    (
      ["explain", "m", "x.png", "-o", "why.gif"],
      "--output: the output is a PNG image or a page; expected a name ending in .png"
    ),
    (
      ["convert", "w.h5", "-o", "a.h5"],
      "--output: the output is an archive; expected a name ending in .safetensors"
    ),
    (
      ["synthesize", "squeezenet", "-o", "w.safetensors"],
      "--output: the output is an HDF5 file; expected a name"
    ),
    (
      ["train", "--backbone", "b", "--data", "d", "--head", "linear", "-o", "model.h5"],
      "--output: the output is an archive"
    ),
    (
      ["model", "c", "-o", "m.pt"],
      "--output: the output is an archive; expected a name ending in .safetensors, found m.pt; zoo export"
    ),
    (
      ["train", "--backbone", "b", "--data", "d", "--head", "linear", "-o", "m", "--report", "m.onnx"],
      "--report: the output is an HTML page; expected a name ending in .html, found m.onnx; zoo export writes"
    ),
  ])
  func aNamePromisesWhatIsWritten(words: [String], sentence: String) {
    let outcome = Outcome(words)
    #expect(outcome.code == .usage && outcome.errors.hasPrefix("error: " + sentence), "\(outcome)")
    #expect(!FileManager.default.fileExists(atPath: words[words.count - 1]))
  }

  @Test func twoOutputsAreTwoFiles() throws {
    let outcome = Outcome([
      "train", "--backbone", "b", "--data", "d", "--head", "linear", "--csv-log", "./m", "-o", "m",
    ])
    #expect(outcome.code == .usage)
    #expect(outcome.errors.contains("is also written by"), "\(outcome.errors)")
  }

  @Test func featuresDoNotReplaceAnImage() throws {
    try withTemporaryFolder { folder in
      let place = try TrainingPlace(folder)
      let image = place.path("images/circles/0000.png")
      let link = place.path("f.npy")
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: image)
      let outcome = Outcome([
        "features", place.path("backbone.safetensors"), place.path("images"), "-o", link,
      ])
      #expect(
        outcome.code == .usage && outcome.errors.hasPrefix("error: --output: \(link) is "), "\(outcome)")
      let backbone = try Backbone(contentsOf: place.path("backbone.safetensors"))
      #expect(throws: FileError.isInput(path: link, input: image)) {
        try backbone.writeFeatures(of: Dataset(images: [image]), to: link).wait()
      }
    }
  }

  @Test func theNamesBesideFeaturesReplaceNoManifest() throws {
    try withTemporaryFolder { folder in
      let path = { (name: String) in folder.appending(path: name).path }
      try "filename,class\na.png,a\n".write(toFile: path("f.npy.csv"), atomically: true, encoding: .utf8)
      let outcome = Outcome(["features", path("b"), path("f.npy.csv"), "-o", path("f.npy")])
      #expect(outcome.code == .usage)
      #expect(outcome.errors.contains("; name another file"), "\(outcome.errors)")
    }
  }

  @Test func saysThatANameIsTooLongOrNotUTF8() throws {
    let long = String(repeating: "x/", count: 2100) + "a.png"
    #expect(throws: DatasetError.unreadable(path: long, reason: "its name is too long")) {
      try Dataset(images: [long])
    }
    let lost = "caf\u{FFFD}.png"
    #expect(throws: DatasetError.unreadable(path: lost, reason: "a name in its path is not UTF-8; rename it"))
    {
      try Dataset(images: [lost])
    }
  }
}
