import Foundation
import ModelZoo
import TestSupport
import Testing

/// Two files against each other, whatever their formats are.
@Suite struct ComparisonTests {
  private struct Expected: Decodable {
    let differing, beyond, notFinite: Int
    let largest, relative: Double
  }

  private let catalog: NetworkCatalog

  init() throws { catalog = try NetworkCatalog() }

  private func compare(
    _ first: String, _ second: String, _ options: ComparisonOptions = ComparisonOptions()
  ) throws -> WeightComparison {
    try catalog.compare(Repository.fixture(first), with: Repository.fixture(second), options: options)
  }

  /// Lends a Keras file and its archive.
  private func withWeights(
    _ body: (_ weights: String, _ archive: String, _ folder: String) throws -> Void
  ) throws {
    try withTemporaryFolder { folder in
      let (weights, archive) = ("\(folder.path)/w.h5", "\(folder.path)/a.zoo.safetensors")
      try catalog.syntheticWeights(of: "squeezenet", seed: 1).write(to: weights)
      try catalog.convert(weights, to: archive)
      try body(weights, archive, folder.path)
    }
  }

  /// The same differences as NumPy's, bit for bit.
  @Test func differencesAreNumPys() throws {
    let data = try Data(contentsOf: URL(fileURLWithPath: Repository.fixture("comparison/expected.json")))
    let expected = try JSONDecoder().decode([String: Expected].self, from: data)
    let options = ComparisonOptions(tolerance: Tolerance(absolute: 1e-5, relative: 1e-5))
    let found = try compare("comparison/first.npz", "comparison/second.npz", options)
    let byName = Dictionary(
      found.tensors.filter { $0.match == .name }.map { ($0.name, $0) }
    ) { first, _ in first }
    var compared = 0
    for (name, wanted) in expected {
      guard let values = byName[name]?.values else { continue }
      compared += 1
      #expect(values.differing == wanted.differing && values.beyondTolerance == wanted.beyond, "\(name)")
      #expect(values.notFinite == wanted.notFinite, "\(name)")
      #expect(values.largest == wanted.largest && values.largestRelative == wanted.relative, "\(name)")
    }
    #expect(compared >= 11)
  }

  @Test func everyFindingIsMade() throws {
    let found = try compare("comparison/first.npz", "comparison/second.npz")
    func tensor(_ name: String) throws -> TensorComparison {
      try #require(found.tensors.first { $0.name == "\(name)/kernel" })
    }
    func order(_ name: String) throws -> String? {
      guard case .rearranged(let order) = try tensor(name).finding else { return nil }
      return order.description
    }
    for name in ["equal", "zeros", "nan"] { #expect(try tensor(name).finding == .equal) }
    for name in ["close", "far", "nan_moved", "infinite", "whole"] {
      #expect(try tensor(name).finding == .different)
    }
    #expect(try tensor("nan").values?.nanInBoth == 1)
    #expect(try order("transposed") == "transposed (3, 2, 0, 1)")
    #expect(try order("same_shape") == "transposed (0, 1, 3, 2)")
    #expect(try order("flipped") == "flipped along (0, 1)")
    #expect(try order("theano") == "transposed (3, 2, 0, 1), flipped along (0, 1)")
    #expect(try order("reshaped") == "reshaped")
    #expect(try order("renamed_transposed") == "transposed (2, 0, 1)")
    #expect(try tensor("renamed").isRenamed && tensor("renamed").second?.name == "other_name/kernel")
    #expect(try tensor("half").finding == .rounded(to: .float16))
    #expect(try tensor("double").finding == .otherType && tensor("shape").finding == .otherShape)
    #expect(try tensor("swapped_a").second?.name == "swapped_b/kernel")
    #expect(try tensor("swapped_b").second?.name == "swapped_a/kernel")
    #expect(try tensor("alone").finding == .onlyInFirst && tensor("new").finding == .onlyInSecond)
    #expect(found.tensors.count == 22 && !found.isEqual && found.summary.hasPrefix("different: 19 of 22"))
  }

  /// A Keras file, its archive and all that is exported of that are one network.
  @Test func formatsOfOneNetworkAreEqual() throws {
    try withWeights { weights, archive, folder in
      var files = [archive]
      for (format, name) in [
        (ExportFormat.npz, "e.npz"), (.kerasWeights, "e.weights.h5"), (.kerasH5(era: nil), "e.h5"),
        (.keras, "e.keras"),
      ] {
        try ModelExport(contentsOf: archive).write(to: "\(folder)/\(name)", as: format)
        files.append("\(folder)/\(name)")
      }
      for file in files {
        let found = try catalog.compare(weights, with: file)
        #expect(found.isEqual && found.tensors.count == 50, "\(file): \(found.summary)")
        #expect(found.tensors.allSatisfy { $0.match == .parameter && $0.finding == .equal })
        guard case .compared(3, [512], let values) = found.features else {
          Issue.record("\(file): \(found.features)")
          continue
        }
        #expect(values.isEqual && values.largestMagnitude > 0)
      }
      let before = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(before.count == 6)
    }
  }

  /// Rounding is told from other numbers; with a tolerance the type does not count.
  @Test func halfPrecisionIsRounding() throws {
    try withWeights { weights, archive, folder in
      let half = "\(folder)/half"
      try Archive(contentsOf: archive).write(to: half, as: .bfloat16)
      let found = try catalog.compare(weights, with: half)
      #expect(found.differingTensors.count == 25 && !found.isEqual)
      #expect(found.differingTensors.allSatisfy { $0.finding == .rounded(to: .bfloat16) })
      let options = ComparisonOptions(tolerance: Tolerance(relative: 1e-2))
      #expect(try catalog.compare(weights, with: half, options: options).isEqual)
    }
  }

  @Test func layoutsOfErasAreOneNetwork() throws {
    let options = ComparisonOptions(comparesFeatures: false)
    let renamed = try compare("keras-eras/numbers_go_on.h5", "keras-eras/keras2.h5", options)
    #expect(renamed.differingTensors.count == 2 && renamed.differingTensors.allSatisfy(\.isRenamed))
    let theano = try compare("keras-eras/keras1_theano.h5", "keras-eras/keras2.h5", options)
    guard case .rearranged(let order)? = theano.tensors.first?.finding else {
      Issue.record("\(theano.summary)")
      return
    }
    #expect(order.axes == [2, 3, 1, 0] && order.flipped == [2, 3])
    let missing = try compare("keras-eras/layer_missing.h5", "keras-eras/keras2.h5", options)
    #expect(missing.differingTensors.map(\.finding) == [.onlyInSecond, .onlyInSecond])
    let forms = try compare("keras-forms/classifier-2.13.keras", "keras-forms/classifier-3.15.keras")
    #expect(forms.isEqual && forms.tensors.count == 21)
  }

  /// Two published files of one network, of which one has Theano's order of axes and rotated kernels, and what a whole model is made of
  /// one of them.
  @Test(.enabled(if: SharedFiles.arePresent, "\(SharedFiles.message)"))
  func publishedLayoutsAreOneNetwork() throws {
    let files = try ["tf", "th"].map {
      try SharedFiles.path("weights/squeezenet_weights_\($0)_dim_ordering_\($0)_kernels_notop.h5")
    }
    let found = try catalog.compare(files[0], with: files[1])
    #expect(found.isEqual && found.tensors.count == 50 && found.features.largestShare == 0)
    let stored = found.tensors.first { $0.name == "conv1/kernel" }?.second
    #expect(stored?.storedShape == [64, 3, 3, 3] && stored?.shape == [3, 3, 3, 64])
  }

  /// Graphs that compute the same at one size alone differ, in a word.
  @Test func zerosOfOtherSizesAreADifference() throws {
    try withTemporaryFolder { folder in
      let path = { (name: String) in folder.appending(path: name).path }
      try catalog.syntheticWeights(of: "mobilenet_v3_small", seed: 1).write(to: path("w.h5"))
      for graph in ["sized", "open"] {
        try catalog.convert(path("w.h5"), to: path(graph), options: ConversionOptions(graph: graph))
      }
      let found = try catalog.compare(path("sized"), with: path("open"))
      #expect(found.facts.map(\.fact) == [.graph] && found.features.largestShare == 0 && !found.isEqual)
      #expect(
        found.facts.first?.details == [
          "equal for images of 224x224; at other sizes, zeros around windows differ"
        ])
    }
  }

  /// What has the same weights and computes something else differs, and it is said in what.
  @Test func factsAreNamed() throws {
    let epsilon = try compare("changed-graph/same.h5", "changed-graph/epsilon.h5")
    #expect(epsilon.tensors.allSatisfy(\.isEqual) && !epsilon.isEqual)
    #expect(epsilon.facts.map(\.fact) == [.graph])
    #expect(epsilon.facts.first?.details == ["stem_bn: expected epsilon 0.001, found epsilon 1e-05"])
    #expect(epsilon.features.largestShare ?? 0 > FeatureComparison.rounding)
    let top = try compare("changed-graph/same.h5", "changed-graph/with_top.h5")
    #expect(top.facts.map(\.fact) == [.head] && top.differingTensors.count == 2)
    try withTemporaryFolder { folder in
      var paths: [String] = []
      for (name, mode, labels) in [
        ("a", Preprocessing.caffe, ["cat", "dog"]), ("b", .torch, ["cat", "fox"]),
      ] {
        paths.append("\(folder.path)/\(name)")
        let options = ConversionOptions(preprocessing: mode, labels: labels)
        try catalog.convert(
          Repository.fixture("changed-graph/with_top.h5"), to: paths[paths.count - 1], options: options)
      }
      let found = try catalog.compare(paths[0], with: paths[1])
      #expect(found.facts.map(\.fact) == [.preprocessing, .classes] && found.tensors.allSatisfy(\.isEqual))
      #expect(found.facts.last?.details == ["class 1: dog, fox"])
      #expect(try catalog.compare(paths[0], with: paths[0]).isEqual)
    }
  }

  /// What cannot be run is compared all the same; what cannot be read is an error.
  @Test func filesNeedNoNetwork() throws {
    let found = try compare("comparison/first.npz", "comparison/first.npz")
    #expect(found.isEqual && found.facts.isEmpty && found.first.network == nil)
    guard case .notRun(let reason) = found.features else {
      Issue.record("\(found.features)")
      return
    }
    #expect(reason.hasPrefix(Repository.fixture("comparison/first.npz")))
    #expect {
      _ = try compare("comparison/nothing", "comparison/first.npz")
    } throws: {
      ($0 as? any ZooError)?.family == .missing
    }
    #expect {
      _ = try compare("comparison/make.py", "comparison/first.npz")
    } throws: {
      ($0 as? any ZooError)?.family == .malformed
    }
    #expect(throws: ModelZooError.notAFileURL("https://a.b/c")) {
      let url = try #require(URL(string: "https://a.b/c"))
      _ = try catalog.compare(url, with: url)
    }
  }

  @Test func stopsWhenCancelled() async throws {
    let job = catalog.startComparison(
      of: Repository.fixture("comparison/first.npz"), with: Repository.fixture("comparison/second.npz"))
    job.cancel()
    // A job may have been done before; the next one is cancelled by its own progress.
    do { _ = try await job.value } catch { #expect(error is CancellationError) }
    #expect(throws: CancellationError.self) {
      _ = try catalog.compare(
        Repository.fixture("comparison/first.npz"), with: Repository.fixture("comparison/second.npz")
      ) { done, _ in
        if done > 0 { throw CancellationError() }
      }
    }
  }
}
