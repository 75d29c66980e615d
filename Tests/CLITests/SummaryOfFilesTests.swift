import CLI
import Catalog
import Foundation
import ModelZoo
import TensorArchive
import Tensors
import TestSupport
import Testing

/// `zoo summary` of archives and trained models.
@Suite struct SummaryOfFilesTests {
  @Test func summarisesAnArchive() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "network.zoo.safetensors").path
      let entry = try EntryCatalog.embedded.entry("resnet50")
      let network = try ArchivedNetwork(entry: entry, variant: "A")
      let manifest = Manifest(producer: "test", sections: network.sections)
      try ArchiveWriter.write(to: path, manifest: manifest, tensors: ["a": try tensor()])
      #expect(Outcome(["summary", path]).output == Outcome("summary resnet50 --graph A").output)
      #expect(Outcome(["summary", path, "--graph", "E"]).code == .usage)
      let small = Outcome(["summary", path, "--size", "196"])
      #expect(small.code == .data && small.errors.contains("must be at least 197x197"))
    }
  }

  /// All that Keras counts, the classifier too.
  @Test func summarisesAWholeModelOfKeras() {
    let outcome = Outcome(["summary", Repository.fixture("keras-forms/classifier-3.15.keras")])
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.contains { $0.contains("│ dense (Dense)") && $0.contains("│ (None, 3) ") })
    #expect(
      lines.suffix(3) == [
        " Total params: 283 (1.11 KB)", " Trainable params: 259 (1.01 KB)",
        " Non-trainable params: 24 (96.00 B)",
      ])
  }

  /// What `zoo convert` refuses, for its reason.
  @Test(arguments: ["summary", "inspect"]) func saysWhyAModelCannotBeFollowed(verb: String) {
    let outcome = Outcome([verb, Repository.fixture("scores/pair.keras.gz")])
    #expect((outcome.output + outcome.errors).contains("the model has 2 outputs ("))
    #expect(outcome.code == (verb == "inspect" ? .success : .unsupported))
  }

  @Test func neverWaitsForAPipe() throws {
    try withTemporaryFolder { folder in
      let pipe = folder.appending(path: "pipe").path
      #expect(unsafe mkfifo(pipe, 0o600) == 0)
      let outcome = Outcome(["summary", pipe])
      #expect(outcome.code == .missing && outcome.errors.contains("it is a device or a pipe, not a file"))
    }
  }

  @Test func summarisesATrainedModel() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "model.zoo.safetensors").path
      var sections = try ArchivedNetwork(entry: EntryCatalog.embedded.entry("resnet50"), variant: nil)
        .sections
      sections["backbone"] = #"""
        {"height": 100, "width": 120, "pooling": "avg", "interpolation": "nearest", "appliesOrientation": false,
         "preprocessing": {"label": "caffe", "channelOrder": "bgr", "divisor": 1, "mean": [1, 2, 3],
                           "deviation": [1, 1, 1]}}
        """#
      let head = try HeadModel(
        Head("unit_normalization, dropout(0.5), dense(2, softmax)"), inputShape: [2048])
      sections["head"] = try head.json
      var tensors: [String: TensorView] = [:]
      for parameter in head.parameters { tensors[parameter.name] = TensorView(parameter.tensor) }
      try ArchiveWriter.write(
        to: path, manifest: Manifest(producer: "test", sections: sections), tensors: tensors)
      let lines = Outcome(["summary", path]).output.split(separator: "\n")
      #expect(lines.first == "Model: \"resnet50_with_head\"")
      #expect(lines.contains { $0.contains("(None, 100, 120, 3)") })
      let compact = Outcome(["summary", path, "--style", "compact"]).output.split(separator: "\n")
      #expect(compact.contains { $0.contains("head/unit_normalization") && $0.contains("UnitNormalization") })
      #expect(lines.contains { $0.contains("head/dense (Dense)") && $0.contains("4,098") })
      #expect(
        lines.suffix(3) == [
          " Total params: 23,591,810 (90.00 MB)", " Trainable params: 4,098 (16.01 KB)",
          " Non-trainable params: 23,587,712 (89.98 MB)",
        ])
      sections["backbone"] = "{}"
      try ArchiveWriter.write(
        to: path, manifest: Manifest(producer: "test", sections: sections), tensors: tensors)
      #expect(Outcome(["summary", path]).code == .data)
    }
  }

  /// First as tutorials nest it, then layer by layer; a whole model of Keras was nested as its author liked.
  @Test(arguments: [
    ("resnet50", "avg", "dense(256, relu), dropout(0.5), dense(4, softmax)", TensorShape([2048])),
    (
      "vgg16", "none", "flatten, dense(256, relu), dropout(0.5), dense(4, softmax)", TensorShape([7, 7, 512])
    ),
  ])
  func nestsAModelAsKeras2Does(_ entry: String, _ pooling: String, _ layers: String, _ features: TensorShape)
    throws
  {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "model.zoo.safetensors").path
      var sections = try ArchivedNetwork(entry: EntryCatalog.embedded.entry(entry), variant: nil).sections
      sections["backbone"] = #"""
        {"height": 224, "width": 224, "pooling": "\#(pooling)", "interpolation": "nearest", "appliesOrientation": false,
         "preprocessing": {"label": "caffe", "channelOrder": "bgr", "divisor": 1, "mean": [1, 2, 3],
                           "deviation": [1, 1, 1]}}
        """#
      let head = try HeadModel(Head(layers), inputShape: features)
      sections["head"] = try head.json
      sections["history"] = #"{"loss":[1]}"#
      var tensors: [String: TensorView] = [:]
      for parameter in head.parameters { tensors[parameter.name] = TensorView(parameter.tensor) }
      try ArchiveWriter.write(
        to: path, manifest: Manifest(producer: "test", sections: sections), tensors: tensors)
      let wanted = try String(
        contentsOfFile: Repository.fixture("summaries/\(entry)_nested.keras2.txt"), encoding: .utf8)
      let printed = Outcome(["summary", path, "--style", "keras2"]).output
      #expect(printed.hasPrefix(wanted + "\nModel: \"\(entry)_with_head\"\n"), "\(printed.prefix(1500))")
      sections["history"] = "{}"
      try ArchiveWriter.write(
        to: path, manifest: Manifest(producer: "test", sections: sections), tensors: tensors)
      let whole = Outcome(["summary", path, "--style", "keras2"]).output
      // A model that was built as a whole: its layers have their own names, and none is frozen.
      #expect(whole.hasPrefix("Model: \"\(entry)\"\n") && !whole.contains("head/"), "\(whole.suffix(900))")
      #expect(!whole.contains("Trainable params: 0") && whole.contains("Total params"))
    }
  }

  @Test func recognisesAWeightFileOfKeras() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "weights.h5").path
      let written = Outcome(["synthesize", "squeezenet", "-o", path])
      #expect(written.code == .success, "\(written.errors)")
      let summary = Outcome(["summary", path, "--style", "compact"])
      #expect(summary.code == .success, "\(summary.errors)")
      #expect(summary.output.hasPrefix("squeezenet: 6") && summary.output.contains("722,496 parameters"))
    }
  }

  @Test func refusesAnArchiveWithoutANetwork() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "bare.safetensors").path
      try ArchiveWriter.write(to: path, manifest: Manifest(producer: "test"), tensors: ["a": try tensor()])
      let outcome = Outcome(["summary", path])
      #expect(outcome.code == .missing && outcome.errors.contains("has tensors but no network"))
    }
  }

  private func tensor() throws -> TensorView {
    try #require(TensorView(Tensor(shape: [1], scalars: [1])))
  }
}
