import Foundation
import ModelZoo
import TestSupport
import Testing

struct NetworkCatalogTests {
  @Test func knowsTheNetworksInNumbers() throws {
    let catalog = try NetworkCatalog()
    let counts = try catalog.networks().map { ($0.identifier, $0.parameterCount, $0.trainableParameterCount) }
    let expected = [
      ("inception_v3", 21_802_784, 21_768_352), ("resnet50", 23_587_712, 23_534_592),
      ("vgg16", 14_714_688, 14_714_688), ("xception", 20_861_480, 20_806_952),
    ]
    for (identifier, total, trainable) in expected {
      #expect(counts.contains { $0 == (identifier, total, trainable) }, "\(identifier)")
    }
  }

  @Test func findsWhatAQueryWants() throws {
    let catalog = try NetworkCatalog()
    func names(_ query: NetworkQuery) throws -> [String] {
      try catalog.networks(matching: query).map(\.identifier)
    }
    #expect(try names(NetworkQuery()) == catalog.identifiers)
    #expect(try names(NetworkQuery(["vgg1?", "x*n"])) == ["vgg11", "vgg13", "vgg16", "vgg19", "xception"])
    #expect(try names(NetworkQuery(["*a*b*", "*x*q"])) == ["nasnet_mobile"])
    let small = try names(NetworkQuery(["*"], maximumParameterCount: 500_000, imageSize: Extent(96, 33)))
    #expect(small == ["mobilenet_0.25", "mobilenet_v2_0.35", "mobilenet_v3_small_minimal"])
    #expect(try names(NetworkQuery(["xception"], imageSize: Extent(70, 96))) == [])
    let network = try #require(try catalog.networks(matching: NetworkQuery(["resnet50"])).first)
    #expect(network.multiplyAdds == 3_855_925_248 && network.featureShape == [7, 7, 2048])
    #expect(network.accuracy?.top1 == 74.9 && network.accuracy?.source.hasPrefix("https://keras.io/") == true)
    #expect(throws: CatalogError.self) { try catalog.networks(matching: NetworkQuery(["resnet51"])) }
  }

  /// What networks are compared by is in a file, so that none is read for a table of all.
  @Test func theOutlinesAreUpToDate() throws {
    let catalog = try NetworkCatalog()
    let url = Repository.root.appending(path: "zoo/networks.txt")
    let text = try catalog.outlinesText()
    if Repository.updatesGoldenFiles { try Data(text.utf8).write(to: url) }
    #expect(
      try String(contentsOf: url, encoding: .utf8) == text,
      "rewrite with UPDATE_GOLDEN=1, then run `make catalog`")
    let (outlines, problems) = try catalog.outlines(matching: NetworkQuery())
    let lines = try catalog.networks().map { NetworkOutline($0, try catalog.weightSets(of: $0)).line }
    #expect(outlines.map(\.line) == lines && problems.isEmpty)
    let small = NetworkQuery(["mobile*"], maximumParameterCount: 500_000, imageSize: Extent(96, 33))
    #expect(
      try catalog.outlines(matching: small).outlines.map(\.identifier)
        == catalog.networks(matching: small).map(\.identifier))
    let none = NetworkQuery(["vgg*"], maximumParameterCount: 1)
    #expect(try catalog.outlines(matching: none).outlines.isEmpty)
  }

  /// Networks of one's own are read, and replace built-in ones.
  @Test func outlinesOfFoldersAreTheirOwn() throws {
    try withTemporaryFolder { folder in
      let entry = folder.appending(path: "squeezenet")
      try FileManager.default.copyItem(at: Repository.root.appending(path: "zoo/squeezenet"), to: entry)
      let model = entry.appending(path: "model.json")
      let text = try String(contentsOf: model, encoding: .utf8)
      let title = text.replacing("[227, 227]", with: "[229, 229]")
      #expect(title != text)
      try Data(title.utf8).write(to: model)
      let found = try NetworkCatalog(adding: [folder.path]).outlines(matching: NetworkQuery(["squeezenet"]))
      #expect(found.outlines.map(\.defaultSize) == [Extent(229, 229)])
    }
  }

  @Test func printsAKerasSummary() throws {
    let lines = try NetworkCatalog().network("vgg16").summary()
    #expect(lines.first == #"Model: "vgg16""#)
    #expect(lines.contains(" Total params: 14,714,688 (56.13 MB)"))
  }

  @Test func refusesAFileThatIsNoWeightFile() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "a.h5").path
      try "Download from somewhere".write(toFile: path, atomically: true, encoding: .utf8)
      let archive = folder.appending(path: "a.zoo.safetensors").path
      let error = #expect(throws: KerasWeightsError.self) { try NetworkCatalog().convert(path, to: archive) }
      #expect(error?.family == .malformed)
      #expect(error?.description.hasPrefix(path) == true)
      #expect(!FileManager.default.fileExists(atPath: archive))
    }
  }
}
