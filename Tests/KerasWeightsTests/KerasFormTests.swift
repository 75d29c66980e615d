import Catalog
import Files
import Foundation
import KerasWeights
import TensorArchive
import TestSupport
import Tensors
import Testing
import WeightConversion

/// Files that several Kerases wrote, in all their forms: every tensor is the layer's, bit for bit, by its name in the model.
@Suite struct KerasFormTests {
  struct Owner: Decodable {
    let layer: String
    let models: [String]
    let shapes: [[Int]]
    let sha256: [String]
  }

  /// A file, the model that was saved in it, and whether the file must be told the architecture.
  struct Form: CustomTestStringConvertible {
    let file: String
    let model: String
    var needsArchitecture = false
    var testDescription: String { file }
  }

  static let versions = ["2.13", "2.15", "3.3", "3.6", "3.8", "3.15"]

  static let forms: [Form] =
    ["kinds", "nested", "classifier"].flatMap { model in
      versions.flatMap { version in
        let packed = model == "kinds" && version == "3.15" ? "" : ".gz"
        return [
          Form(file: "\(model)-\(version).keras", model: model),
          Form(
            file: "\(model)-\(version).weights.h5\(packed)", model: model,
            needsArchitecture: ["2.13", "2.15", "3.3"].contains(version)),
        ]
      }
    } + [
      Form(file: "backbone.keras", model: "backbone"), Form(file: "backbone.weights.h5", model: "backbone"),
      Form(file: "backbone.h5", model: "backbone"), Form(file: "sharded.weights.json", model: "nested"),
    ]

  static func path(_ file: String) -> String { Repository.fixture("keras-forms/\(file)") }

  static func text(_ file: String) throws -> String {
    try String(contentsOfFile: path(file), encoding: .utf8)
  }

  static func owners(of model: String) throws -> [Owner] {
    let names = ["nested": "outer", "backbone": "small"]
    let all = try JSONDecoder().decode([String: [Owner]].self, from: Data(text("expected.json").utf8))
    return try #require(all[names[model] ?? model])
  }

  @Test(arguments: forms) func everyTensorIsItsLayers(form: Form) throws {
    let architecture = form.needsArchitecture ? try Self.text("\(form.model).json") : nil
    let source = try KerasWeights.open(Self.path(form.file), architecture: architecture)
    let owners = try Self.owners(of: form.model)
    #expect(source.layers.map(\.name) == owners.map(\.layer))
    #expect(try Self.differences(source, owners) == [])
  }

  /// The layers whose tensors are not bit for bit what Keras says they own; counters, which are whole numbers, left out.
  static func differences(_ source: any KerasSource, _ owners: [Owner]) throws -> [String] {
    let layers = Dictionary(source.layers.map { ($0.name, $0) }) { first, _ in first }
    return try owners.filter { owner in
      let tensors = layers[owner.layer]?.tensors.filter(\.scalarType.isFloatingPoint) ?? []
      let digests = try tensors.map { tensor in
        let bytes = try [UInt8](count: tensor.byteCount) { try source.read(tensor, into: &$0) }
        var digest = SHA256()
        bytes.withRawSpan { digest.update($0) }
        return digest.hexadecimal
      }
      return tensors.map(\.shape.dimensions) != owner.shapes || digests != owner.sha256
    }.map(\.layer)
  }

  @Test func rolesAreThoseOfTheClass() throws {
    let source = try KerasWeights.open(Self.path("kinds-3.15.keras"))
    let roles = Dictionary(uniqueKeysWithValues: source.layers.map { ($0.name, $0.tensors.map(\.role)) })
    #expect(roles["own_statistics"] == ["mean", "variance"])
    #expect(roles["no_gamma"] == ["beta", "moving_mean", "moving_variance"])
    #expect(roles["no_beta"] == ["gamma", "moving_mean", "moving_variance"])
    #expect(roles["apart"] == ["depthwise_kernel", "pointwise_kernel", "bias"])
    #expect(roles["every_row"] == ["kernel", "bias"])
    #expect(roles["answer"] == ["kernel"])
    #expect(source.facts.writerVersion?.hasPrefix("3.15.") == true)
    #expect(source.isWholeModel && source.form == .archive)
  }

  @Test func modelsInsideModelsAreKnown() throws {
    for file in ["nested-3.3.keras", "nested-2.13.keras", "nested-3.15.weights.h5.gz"] {
      let source = try KerasWeights.open(Self.path(file))
      #expect(source.facts.nestedModels == ["middle", "innermost"])
      let paths = try Self.owners(of: "nested").map { $0.models + [$0.layer] }
      #expect(source.layers.map(\.path) == paths, "\(file)")
    }
  }

  /// Numbers that NumPy has no type for: Keras notes beside them what they are.
  @Test func readsBrainFloats() throws {
    let source = try KerasWeights.open(Self.path("bfloat16.keras"))
    let tensors = try #require(source.layers.first).tensors
    #expect(tensors.map(\.scalarType) == [.bfloat16, .bfloat16])
    let bytes = try [UInt8](count: 10) { try source.read(tensors[1], into: &$0) }
    // 0, 1, 2, 3, 4: the upper halves of single-precision numbers.
    #expect(bytes == [0, 0, 0x80, 0x3F, 0, 0x40, 0x40, 0x40, 0x80, 0x40])
  }

  /// The catalogue knows one network, drafted from the architecture that Keras wrote.
  static func targets(
    _ architecture: String = "backbone.json", identifier: String = "small"
  ) throws -> ConversionTargets {
    try withTemporaryFolder { folder in
      let entry = folder.appending(path: identifier)
      try FileManager.default.createDirectory(at: entry, withIntermediateDirectories: true)
      let facts = EntryFacts(preprocessing: .tf, identifier: identifier)
      let text = try EntryDraft.entry(fromKeras: Self.text(architecture), facts)
      try text.write(to: entry.appending(path: "model.json"), atomically: true, encoding: .utf8)
      return [try ConversionTarget(identifier, of: EntryCatalog(folder: folder.path))]
    }
  }

  static func tensors(of file: String) throws -> [String: [Float]] {
    try withTemporaryFolder { folder in
      let archive = folder.appending(path: "a.zoo.safetensors").path
      let conversion = try Conversion(
        path: path(file), targets: targets(), options: ConversionOptions(dropsTop: true))
      #expect(conversion.recognition.network == "small")
      _ = try conversion.write(to: archive)
      let opened = try Archive(contentsOf: archive)
      try opened.verify()
      return Dictionary(
        uniqueKeysWithValues: try opened.names.map { ($0, try opened.tensor(named: $0).floats() ?? []) })
    }
  }

  /// Whatever the form, the archive has what it has of the legacy file: also where nothing but shapes and the order of classes
  /// tells the layers (Keras 3.3), and where the network stands inside another.
  @Test(arguments: [
    "backbone.keras", "backbone.weights.h5", "backbone.zip", "backbone.h5.gz", "folder.zip",
    "classifier-3.15.h5.gz",
    "classifier-2.13.keras", "classifier-3.3.keras", "classifier-3.15.keras", "classifier-2.13.weights.h5.gz",
    "classifier-3.3.weights.h5.gz", "classifier-3.15.weights.h5.gz",
  ])
  func convertsAsTheLegacyFileDoes(file: String) throws {
    let expected = try Self.tensors(of: "backbone.h5")
    #expect(expected.count == 19)
    #expect(try Self.tensors(of: file) == expected)
  }

  /// HDF5 puts what is small into holes among what is large: a classifier's bias ahead of all other layers, for one. The layers are
  /// told all the same, by the names that Keras noted or without any, also those of models inside the network.
  @Test(arguments: [
    "places.weights.h5.gz", "nameless.weights.h5.gz", "inside.weights.h5.gz", "inside.h5.gz",
  ])
  func layersAreToldWhereverTheyLie(file: String) throws {
    let targets = try Self.targets("stages.json", identifier: "stages")
    let source = try KerasWeights.open(Self.path(file), targets: targets)
    let owners = try JSONDecoder().decode([Owner].self, from: Data(Self.text("stages-expected.json").utf8))
    #expect(owners.count == 60)
    // Legacy HDF5 names a layer of a model in the network after both.
    if source.form == .variables { #expect(try Self.differences(source, owners) == []) }
    let conversion = try Conversion(
      path: Self.path(file), targets: targets, options: ConversionOptions(dropsTop: true))
    #expect(conversion.recognition.network == "stages" && conversion.recognition.tensorCount == 129)
    #expect(conversion.recognition.topLayers.count == 1)
  }

  /// What is packed alone is the file itself: its digest is that of what was packed.
  @Test(arguments: ["backbone.zip", "backbone.h5.gz"]) func packedFilesKeepTheirDigest(file: String) throws {
    let source = try KerasWeights.open(Self.path(file))
    #expect(try FileDigests(of: source.contents) == FileDigests(contentsOf: Self.path("backbone.h5")))
  }

  @Test(arguments: [
    ("quantized.keras", "the layer rounded has weights that were rounded to int8"),
    ("quantized.weights.h5", "the layer rounded has weights that were rounded to 8 bits"),
    ("quantized.h5", "the layer rounded has weights that were rounded to 8 bits"),
    ("lora.h5", "the layer adapted has an adapter beside its weights (adapted/lora_kernel_a)"),
    ("pickled.keras", "'model.weights.npz', which holds Python pickles"),
    ("two.zip", "a zip archive of 2 weight files (backbone.h5, again/backbone.h5)"),
    ("none.zip", "a zip archive of 1 member, none of them a weight file of Keras (readme.txt)"),
  ])
  func refusesByName(file: String, reason: String) throws {
    let error = #expect(throws: KerasWeightsError.self) { try KerasWeights.open(Self.path(file)) }
    #expect(error?.description.contains(reason) == true, "\(error?.description ?? "none")")
  }

  /// Where nothing names the layers, somebody can.
  @Test func anArchitectureGivesTheNames() throws {
    let options = ConversionOptions(architecture: Self.path("classifier.json"), dropsTop: true)
    let conversion = try Conversion(
      path: Self.path("classifier-3.3.weights.h5.gz"), targets: Self.targets(), options: options)
    #expect(conversion.recognition.network == "small" && conversion.recognition.topLayers == ["classes"])
  }

  /// An architecture of another model is no way to read a file.
  @Test func refusesAnotherArchitecture() throws {
    let error = #expect(throws: KerasWeightsError.self) {
      try KerasWeights.open(Self.path("nested-3.3.weights.h5.gz"), architecture: Self.text("classifier.json"))
    }
    #expect(error?.description.contains("as the architecture has, found") == true)
  }

  /// A list of files leads to none outside its own folder, and says which of its files is not there.
  @Test func listsOfFilesLeadNowhereElse() throws {
    try withTemporaryFolder { folder in
      let list = folder.appending(path: "a.weights.json")
      try Data(#"{"weight_map": {"/vars": "../b.h5"}}"#.utf8).write(to: list)
      let outside = #expect(throws: KerasWeightsError.self) { try KerasWeights.open(list.path) }
      #expect(
        outside?.description.contains("expected names of files in the same folder, found '../b.h5'") == true)
      try Data(#"{"weight_map": {"/vars": ["b.weights.h5"]}}"#.utf8).write(to: list)
      let missing = #expect(throws: KerasWeightsError.self) { try KerasWeights.open(list.path) }
      #expect(missing?.description.contains("b.weights.h5: cannot be read: no such file") == true)
    }
  }

  /// Cut short anywhere, changed anywhere: an error, or the very same weights.
  @Test(arguments: [("classifier-3.3.keras", 19), ("backbone.keras", 2003)])
  func noChangeOfAnArchiveGoesUnnoticed(file: String, sample: Int) throws {
    let whole = try [UInt8](Data(contentsOf: URL(fileURLWithPath: Self.path(file))))
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "swept.keras").path
      let sweep = try Sweep(of: whole, sample: sample, maySayOtherwise: false) { bytes in
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        let source = try KerasWeights.open(path)
        return try source.layers.flatMap { layer in
          try layer.tensors.map { tensor in
            try Array(tensor.name.utf8)
              + [UInt8](count: tensor.byteCount) { try source.read(tensor, into: &$0) }
          }
        }
      }
      #expect(sweep.different == 0 && sweep.errors > sweep.same)
    }
  }
}
