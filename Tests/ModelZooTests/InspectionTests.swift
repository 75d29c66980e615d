import Foundation
import ModelZoo
import TestSupport
import Testing

/// What files are, verified and summarised, as values an app can use.
@Suite struct InspectionTests {
  private let catalog: NetworkCatalog

  init() throws { catalog = try NetworkCatalog() }

  @Test func aWeightFileIsRecognised() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "weights.h5").path
      try catalog.syntheticWeights(of: "squeezenet", seed: 1).write(to: path)
      guard case .weights(let file, let recognition) = try catalog.inspect(path).content else {
        Issue.record("no weights")
        return
      }
      #expect(recognition.network == "squeezenet" && recognition.fits && recognition.topLayers == [])
      #expect(file.layerCount == 26 && file.weightedLayerCount == 25 && file.kerasVersion == "2.0.0")
      #expect(file.tensors.count == 50 && !file.isWholeModel)
      #expect(file.tensors.first == TensorDeclaration(name: "/conv1/conv1_3/kernel:0", shape: [3, 3, 3, 64]))
      #expect(try !catalog.isArchive(path))
    }
  }

  @Test func anArchiveIsOpened() throws {
    let path = Repository.fixture("archive-v1/golden.zoo.safetensors")
    guard case .archive(let archive, let model) = try catalog.inspect(path).content else {
      Issue.record("no archive")
      return
    }
    #expect(archive.path == path && model == nil)
    #expect(try catalog.isArchive(path))
  }

  @Test(arguments: [
    ("", "empty", "an empty file (0 bytes): the download never began; fetch the file again"),
    ("hello there", "text", "a text of 11 bytes that begins 'hello there'"),
  ])
  func anythingElseIsExplained(text: String, kind: String, explanation: String) throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "weights.h5").path
      try text.write(toFile: path, atomically: true, encoding: .utf8)
      guard case .other(kind, explanation) = try catalog.inspect(path).content else {
        Issue.record("\(try catalog.inspect(path))")
        return
      }
    }
  }

  @Test func aFileThatIsNotThereIsAnError() {
    let error = #expect(throws: FileError.self) { try catalog.inspect("absent.h5") }
    #expect(error?.family == .missing)
  }

  @Test func anArchiveIsVerifiedAgainstItsNetwork() throws {
    try withTemporaryFolder { folder in
      let good = try SyntheticArchive.write("squeezenet", to: folder)
      let found = ArchiveVerification(good)
      #expect(found.verdict == .intact && found.isIntact && found.network == "squeezenet")
      #expect(found.parameterCount == 50 && found.checksums?.damagedTensors == [])

      var bytes = try Data(contentsOf: URL(fileURLWithPath: good))
      bytes[bytes.count - 1] ^= 1
      try bytes.write(to: URL(fileURLWithPath: good))
      let damaged = ArchiveVerification(good)
      #expect(damaged.verdict == .damaged && damaged.parameterCount == 0)
      #expect(damaged.checksums?.damagedTensors.map(\.name) == [try #require(damaged.archive?.names.last)])
      guard case .damagedPayload(good, _, _, _) = damaged.failure as? ArchiveError else {
        Issue.record("\(String(describing: damaged.failure))")
        return
      }
      let plain = ArchiveVerification(Repository.fixture("archive-v1/plain.safetensors"))
      #expect(plain.verdict == .wellFormed && plain.network == nil && plain.isIntact)
      #expect(ArchiveVerification("absent").failure?.family == .missing)
    }
  }

  @Test func summariesAreValues() throws {
    let summary = try catalog.summary(of: "vgg16", size: Extent(64, 48), endingAt: "block1_pool")
    #expect(summary.modelName == "vgg16" && summary.imageSize == Extent(64, 48))
    #expect(summary.parameterCount == 38_720 && summary.trainableParameterCount == 38_720)
    let last = try #require(summary.layers.last)
    #expect(last.name == "block1_pool" && last.type == "MaxPooling2D" && last.inputs == ["block1_conv2"])
    #expect(last.outputShape == [32, 24, 64] && last.activationByteCount == 32 * 24 * 64 * 4)
    #expect(last.receptiveField == Extent(6, 6) && last.stride == Extent(2, 2) && last.multiplyAdds == 0)
    // Two 3 x 3 convolutions, from 3 and from 64 channels to 64.
    #expect(summary.multiplyAdds == 64 * 48 * 9 * (3 * 64 + 64 * 64))
    #expect(throws: CatalogError.inputTooSmall(minimum: Extent(32, 32), found: Extent(31, 31))) {
      try catalog.summary(of: "vgg16", size: Extent(31, 31))
    }
  }

  @Test func theCatalogIsChecked() throws {
    for network in catalog.identifiers {
      let check = try catalog.check(network)
      #expect(check.problems == [] && check.graphCount >= 1, "\(network)")
      for set in try catalog.weightSets(of: network) {
        #expect(set.passed.starts(with: [.parsed, .consistent, .bound]) && set.problems == [], "\(set.path)")
      }
    }
    #expect(throws: CatalogError.self) { try catalog.check("nothing") }
  }

  @Test func imagesCanBeGenerated() throws {
    try withTemporaryFolder { folder in
      let images = SyntheticImageFolder(seed: 3, countPerClass: 2)
      var done: [Int] = []
      try images.write(to: folder.path) { done.append($0) }
      #expect(done == Array(1...6) && images.imageCount == 6)
      let found = try Dataset(contentsOf: folder.path)
      #expect(found.classes == images.classes && found.items.count == 6)
      let first = try Bitmap(contentsOf: folder.appending(path: "circles/0000.png").path)
      #expect(first.width == images.width && first.height == images.height)
    }
  }

  /// Two components of features in the plane are the plane turned: distances stay.
  @Test func projectionsAreWrittenByTheirEnding() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "features.npy").path
      let rows = FeatureRows(files: ["a", "b", "c"], labels: [0, 1, 0], classNames: ["x", "y"])
      let columns = [FeatureColumn(shape: [2])]
      try FeatureFile.format(of: path).write(to: path, columns: columns, candidates: rows) { append in
        for row: [Float] in [[0, 0], [1, 0], [0, 3]] { try append([row]) }
        return rows
      }
      let projection = try FeatureTable(contentsOf: path).principalComponents()
      #expect(projection.method == .pca && projection.points.shape == [3, 2])
      #expect(projection.measure.name == "variance" && abs(projection.measure.value - 1) < 1e-6)
      let output = folder.appending(path: "points.csv").path
      try projection.write(to: output)
      let lines = try String(contentsOfFile: output, encoding: .utf8).split(separator: "\r\n").map {
        $0.split(separator: ",").map(String.init)
      }
      #expect(lines.map { $0.prefix(2) } == [["file", "class"], ["a", "x"], ["b", "y"], ["c", "x"]])
      let points = lines.dropFirst().map { SIMD2(Double($0[2]) ?? .nan, Double($0[3]) ?? .nan) }
      for (first, second, distance) in [(0, 1, 1.0), (0, 2, 3.0), (1, 2, 10.0.squareRoot())] {
        let difference = points[first] - points[second]
        #expect(abs((difference * difference).sum().squareRoot() - distance) < 1e-5 * distance)
      }
      #expect(throws: ModelZooError.projectionFormat(path: "points.gif")) {
        try projection.write(to: "points.gif")
      }
    }
  }
}
