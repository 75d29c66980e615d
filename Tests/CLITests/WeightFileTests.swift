import CLI
import Foundation
import TestSupport
import Testing

/// `synthesize`, `inspect` and `convert` as a user types them, on the smallest network of the catalog.
@Suite struct WeightFileTests {
  @Test func walksFromASeedToAnArchive() throws {
    try withTemporaryFolder { folder in
      let (weights, archive) = (
        folder.appending(path: "weights.h5").path, folder.appending(path: "a.zoo.safetensors").path
      )
      let written = Outcome(["synthesize", "squeezenet", "-o", weights, "--quiet"])
      let size = try Data(contentsOf: URL(fileURLWithPath: weights)).count
      #expect(
        written.output == """
          \(weights): SqueezeNet 1.1 in the layout of weight set rcmalli-tf, 50 tensors, 722,496 values from \
          seed 1, 2,995,680 bytes

          """)
      #expect(size == 2_995_680 && written.code == .success && written.errors == "")

      let inspected = Outcome(["inspect", weights])
      #expect(
        inspected.output == """
          \(weights): weights saved by Keras, legacy HDF5, 2,995,680 bytes, 26 layers, 25 with weights
            SqueezeNet 1.1 (squeezenet, graph plain), weight set rcmalli-tf
          \(Self.reasons)  convert it with: zoo convert \(weights) -o squeezenet.zoo.safetensors

          """)
      #expect(inspected.code == .success && inspected.errors == "")

      let converted = Outcome(["convert", weights, "-o", archive, "--quiet"])
      #expect(
        converted.output == """
          \(weights): SqueezeNet 1.1 (squeezenet, graph plain), weight set rcmalli-tf
          \(Self.reasons)  - its MD5 is not the \
          17c944bfcc0e04c6661806fb3a994a4a of the published \
          squeezenet_weights_tf_dim_ordering_tf_kernels_notop.h5: laid out alike, but other weights
          \(archive): 50 tensors, 722,496 values, 2,889,984 bytes; 50 copied, 0 transposed

          """)
      #expect(converted.code == .success && converted.errors == "")
      #expect(Outcome(["verify", archive]).code == .success)
    }
  }

  /// Two networks of the same weights are told apart by whoever knows.
  @Test func saysThatAnotherEntryFitsToo() throws {
    try withTemporaryFolder { folder in
      let path = { (name: String) in folder.appending(path: name).path }
      let original = Repository.root.appending(path: "zoo/squeezenet/model.json")
      let text = try String(contentsOf: original, encoding: .utf8)
        .replacing(#""identifier": "squeezenet""#, with: #""identifier": "mine""#, maxReplacements: 1)
      try FileManager.default.createDirectory(atPath: path("zoo/mine"), withIntermediateDirectories: true)
      try text.write(toFile: path("zoo/mine/model.json"), atomically: true, encoding: .utf8)
      try #require(Outcome(["synthesize", "squeezenet", "-o", path("w.h5")]).code == .success)
      let inspected = Outcome(["inspect", path("w.h5"), "--zoo", path("zoo")])
      #expect(
        inspected.output.contains(
          "  - it also fits mine, by layers and shapes: name the one that is meant\n"),
        "\(inspected)")
      let converted = Outcome([
        "convert", path("w.h5"), "--zoo", path("zoo"), "--entry", "mine", "-o", path("a"),
      ])
      #expect(converted.code == .success && converted.output.contains("(mine, "), "\(converted)")
      #expect(!Outcome(["inspect", path("w.h5")]).output.contains("also fits"))
    }
  }

  /// What is packed is named as it was named, in the command that converts it, too; and layers of models inside the model count.
  @Test(arguments: [
    ("backbone.h5.gz", "12 layers, 8 with weights"), ("backbone.zip", "12 layers, 8 with weights"),
    ("classifier-3.15.keras", "15 layers, 9 with weights"),
    ("nested-3.15.h5.gz", "20 layers, 16 with weights"),
  ])
  func describesWhatIsPacked(file: String, counts: String) throws {
    let path = Repository.fixture("keras-forms/\(file)")
    let lines = Outcome(["inspect", path]).output.split(separator: "\n").map(String.init)
    #expect(
      lines[0].hasPrefix("\(path): a whole model saved by Keras, ") && lines[0].hasSuffix(counts),
      "\(lines[0])")
    #expect(lines.last?.hasPrefix("  convert it with: zoo convert \(path) -o ") == true)
  }

  private static let reasons = """
      - 50 of the 50 tensors of squeezenet are here by name and shape, /conv1/conv1_3/kernel:0 -> \
    conv1/kernel; its 25 layers with weights are all here
      - keras_version is 2.0.0
      - layer_names has relu_conv1
      - layer_names has no drop9
      - weights are named like 'conv1_3/kernel:0'
      - its layers are in the order of this weight set
      - weight set rcmalli-tf: rcmalli/keras-squeezenet release v1.0
      - kernels are (height, width, in, out), not rotated
      - graph plain: the one that weight set rcmalli-tf belongs to

    """

  @Test func tellsMachinesAll() throws {
    struct Synthesis: Decodable, Equatable {
      var output, entry, weightSet: String; var bytes, tensors, seed: Int
    }
    struct Recognition: Decodable, Equatable {
      var entry, graph, weightSet, era, axisOrder, kernels: String
      var tensors, values: Int
      var fits: Bool
      var top: [String]
    }
    struct Inspection: Decodable {
      var kind: String; var bytes: Int; var recognition: Recognition
    }
    struct Conversion: Decodable {
      struct Source: Decodable { var bytes: Int; var md5, sha256: String }
      var output: String
      var recognition: Recognition
      var source: Source
      var applied, transformed, dropped: [String]
      var payloadBytes: Int
    }
    let expected = Recognition(
      entry: "squeezenet", graph: "drop9", weightSet: "deepcognition-th", era: "keras1", axisOrder: "OIHW",
      kernels: "theano", tensors: 50, values: 722_496, fits: true, top: [])
    try withTemporaryFolder { folder in
      let (weights, archive) = (folder.appending(path: "w.h5").path, folder.appending(path: "a").path)
      let words = ["synthesize", "squeezenet", "--weight-set", "deepcognition-th", "--seed", "5", "--json"]
      let synthesis: Synthesis = try decoded(words + ["-o", weights])
      let inspection: Inspection = try decoded(["inspect", "--json", weights])
      #expect(
        synthesis
          == Synthesis(
            output: weights, entry: "squeezenet", weightSet: "deepcognition-th", bytes: inspection.bytes,
            tensors: 50, seed: 5))
      #expect(inspection.kind == "keras-hdf5" && inspection.recognition == expected)
      let conversion: Conversion = try decoded(["convert", weights, "-o", archive, "--json"])
      #expect(conversion.output == archive && conversion.recognition == expected)
      #expect(conversion.transformed.count == 25 && conversion.applied.count == 25)
      #expect(conversion.dropped == [] && conversion.payloadBytes == 2_889_984)
      #expect(conversion.source.md5.count == 32 && conversion.source.sha256.count == 64)
      #expect(conversion.source.bytes == synthesis.bytes)
    }
  }

  private func decoded<Answer: Decodable>(_ words: [String]) throws -> Answer {
    let outcome = Outcome(words)
    #expect(outcome.code == .success, "\(outcome.errors)")
    return try JSONDecoder().decode(Answer.self, from: Data(outcome.output.utf8))
  }

  private static let others: [(kind: String, bytes: [UInt8], explanation: String, code: Int32)] = [
    ("empty", [UInt8](), "an empty file (0 bytes): the download never began; fetch the file again", 65),
    (
      "html", Array("<!DOCTYPE html><html></html>".utf8),
      "an HTML page of 28 bytes: the address showed a page instead of the file; fetch the file itself", 65
    ),
    (
      "git-lfs-pointer",
      Array("version https://git-lfs.github.com/spec/v1\noid sha256:12ab\nsize 94653016\n".utf8),
      "a Git LFS pointer of 73 bytes; the real file has 94,653,016 bytes and the object id sha256:12ab: run"
        + " 'git lfs pull'", 65
    ),
    (
      "zip", [0x50, 0x4B, 3, 4, 0, 0], "a zip archive without an end: it is cut short; fetch the file again",
      65
    ),
    (
      "keras-zip", [0x50, 0x4B, 3, 4] + Array("....metadata.json".utf8),
      "a zip archive without an end: it is cut short; fetch the file again", 65
    ),
    ("gzip", [0x1F, 0x8B, 8], "its packed bytes end before the stream does; fetch the file again", 65),
    ("jpeg", [0xFF, 0xD8, 0xFF, 0xE0], "a JPEG image of 4 bytes: no weights are in it", 65),
    (
      "pytorch", [0x50, 0x4B, 3, 4] + Array("....archive/data.pkl".utf8),
      "a zip archive without an end: it is cut short; fetch the file again", 65
    ),
    (
      "onnx", [8, 7, 0x12, 7] + Array("pytorch".utf8) + [0x1A],
      "not an ONNX model that can be read: a number that is cut off at byte 12; fetch the file again, or export it again",
      65
    ),
    ("text", Array("hello there".utf8), "a text of 11 bytes that begins 'hello there'", 65),
    ("unknown", [1, 2, 3], "3 bytes of no format we know (they begin 01 02 03)", 65),
  ]

  /// What has the name of a weight file and is none: inspect explains it, convert refuses it.
  @Test(arguments: others)
  func explainsOtherFiles(kind: String, bytes: [UInt8], explanation: String, code: Int32) throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "weights.h5").path
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      try expectExplained(path, kind: kind, explanation, code, in: folder)
    }
  }

  @Test func explainsAFileCutShort() throws {
    try withTemporaryFolder { folder in
      let whole = Repository.fixture("keras-eras/keras2.h5")
      let path = folder.appending(path: "weights.h5").path
      try Data(contentsOf: URL(fileURLWithPath: whole)).prefix(1000).write(to: URL(fileURLWithPath: path))
      let cut =
        "cut short: expected 22,064 bytes, found 1,000; the download is incomplete; fetch the file again"
      #expect(Outcome(["inspect", path]).output == "\(path): HDF5, \(cut)\n")
      try expectRefused(["convert", path], code: 65, "error: \(path): \(cut)\n", in: folder)
    }
  }

  @Test func explainsAFolderAndAMissingFile() throws {
    try withTemporaryFolder { folder in
      let inner = folder.appending(path: "inner")
      try FileManager.default.createDirectory(at: inner, withIntermediateDirectories: false)
      try expectExplained(inner.path, kind: "directory", "a folder: name a file in it", 65, in: folder)
      let absent = folder.appending(path: "absent.h5").path
      let message = "error: \(absent): cannot be read: no such file or folder; check the path\n"
      for words in [["inspect", absent], ["convert", absent, "-o", "\(absent).out"]] {
        let outcome = Outcome(words)
        #expect(outcome.code.rawValue == 66 && outcome.errors == message && outcome.output == "")
      }
    }
  }

  /// The name of a packed file stands once in what is said of it.
  @Test func explainsWhatIsPacked() {
    let path = Repository.fixture("keras-forms/bfloat16-alone.h5.gz")
    let output = Outcome(["inspect", path]).output
    #expect(output.hasPrefix("\(path): the numbers of 'conv/kernel:0' have 2 bytes each and no type"))
    let refused = Outcome(["convert", path, "-o", "\(path).out"])
    #expect(refused.code.rawValue == 69 && refused.errors.hasSuffix("(--architecture MODEL.json)\n"))
  }

  /// What cannot be read is no reason to leave out the others; the exit code is that of the first.
  @Test func inspectsTheFilesBehindAMissingOne() throws {
    try withTemporaryFolder { folder in
      let (first, second) = (folder.appending(path: "a.h5").path, folder.appending(path: "b.h5").path)
      let whole = Repository.fixture("keras-forms/backbone.h5")
      let outcome = Outcome(["inspect", first, whole, second, whole])
      let missing = [first, second].map {
        "error: \($0): cannot be read: no such file or folder; check the path\n"
      }
      #expect(outcome.code.rawValue == 66)
      #expect(
        outcome.errors == missing.joined() + "error: inspect: 2 of 4 files failed; see the list above\n")
      #expect(outcome.output.components(separatedBy: "\(whole): a whole model saved by Keras").count == 3)
      let machine = Outcome(["inspect", "--json", first, whole])
      struct View: Decodable {
        struct Failure: Decodable { let family, message: String }
        let file: String
        let error: Failure?
      }
      let views = try JSONDecoder().decode([View].self, from: Data(machine.output.utf8))
      #expect(machine.code.rawValue == 66 && views.map(\.file) == [first, whole])
      #expect(views.map(\.error?.family) == ["missing", nil])
    }
  }

  @Test func explainsLayoutsItDoesNotRead() throws {
    try withTemporaryFolder { folder in
      let path = Repository.fixture("keras-forms/quantized.h5")
      let sentence =
        "the layer rounded has weights that were rounded to 8 bits (/model_weights/rounded/rounded/kernel): not yet"
        + " supported; save the model as it was before quantize()"
      #expect(Outcome(["inspect", path]).output == "\(path): HDF5, but \(sentence)\n")
      try expectRefused(["convert", path], code: 69, "error: \(path): \(sentence)\n", in: folder)
      let table = Repository.fixture("keras-eras/not_keras.h5")
      let foreign =
        "HDF5, but no Keras weight file: expected the attribute 'layer_names' on '/' or '/model_weights', found"
        + " table"
      #expect(Outcome(["inspect", table]).output == "\(table): \(foreign)\n")
      try expectRefused(["convert", table], code: 65, "error: \(table): \(foreign)\n", in: folder)
    }
  }

  private func expectExplained(
    _ path: String, kind: String, _ explanation: String, _ code: Int32, in folder: URL
  ) throws {
    struct Answer: Decodable, Equatable { var file, kind, explanation: String }
    // Of a page it is said, too, that it is no report.
    let said =
      kind == "html"
      ? explanation.replacing(" bytes: ", with: " bytes, not one of ours; for weights: ") : explanation
    #expect(Outcome(["inspect", path]).output == "\(path): \(said)\n")
    #expect(try decoded(["inspect", "--json", path]) == Answer(file: path, kind: kind, explanation: said))
    let isPacked = ["zip", "keras-zip", "gzip", "pytorch", "onnx"].contains(kind)
    let prefix = code == 69 || isPacked ? "" : "not an HDF5 file: "
    try expectRefused(["convert", path], code: code, "error: \(path): \(prefix)\(explanation)\n", in: folder)
  }

  /// The command fails with these words, and the folder is as it was: no archive, no half of one.
  private func expectRefused(
    _ words: [String], code: Int32, _ errors: String, in folder: URL
  ) throws {
    let before = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    let outcome = Outcome(words + ["-o", folder.appending(path: "out.zoo.safetensors").path])
    #expect(outcome.code.rawValue == code)
    // What can be done with a file of another kind stands behind it.
    #expect(
      outcome.errors == errors || outcome.errors.hasPrefix("\(errors.dropLast()) ("), "\(outcome.errors)")
    #expect(outcome.output == "")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == before)
  }
}
