import Foundation
import ModelZoo
import TestSupport
import Testing

/// Networks of weights alone, cut at a layer: what is above is not in the archive.
@Suite struct CutTests {
  private let catalog: NetworkCatalog
  private static let layer = "fire4/concat"

  init() throws { catalog = try NetworkCatalog() }

  private func withWeights(_ body: (_ weights: String, _ folder: String) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let weights = "\(folder.path)/w.h5"
      try catalog.syntheticWeights(of: "squeezenet", seed: 1).write(to: weights)
      try body(weights, folder.path)
    }
  }

  /// Bit for bit the features of the whole network's layer, pooled or not.
  @Test func featuresAreThoseOfTheLayer() throws {
    try withWeights { weights, folder in
      let (whole, cut) = ("\(folder)/whole", "\(folder)/cut")
      try catalog.convert(weights, to: whole)
      let report = try catalog.convert(weights, to: cut, options: ConversionOptions(layer: Self.layer))
      #expect(report.recognition.network == "squeezenet_cut" && report.recognition.tensorCount == 20)
      #expect(report.recognition.title == "SqueezeNet 1.1, up to fire4/concat")
      #expect(report.droppedLayers.count == 15)
      #expect(
        report.recognition.reasons.contains {
          "\($0)".hasPrefix("features are fire4/concat, as asked: 10 layers")
        })
      let found = ArchiveVerification(cut)
      #expect(found.verdict == .intact && found.parameterCount == 20)
      let tensors = try Archive(contentsOf: cut).names
      #expect(tensors.count == 20 && tensors.allSatisfy { $0 < "fire5" })
      let summary = try catalog.summary(ofFile: cut)
      #expect(summary.layers.last?.name == Self.layer)
      for pooling in [FeaturePooling.automatic, .maximum, .none] {
        let own = try Backbone(contentsOf: cut, options: BackboneOptions(pooling: pooling))
        let other = try Backbone(
          contentsOf: whole, options: BackboneOptions(layer: Self.layer, pooling: pooling))
        #expect(own.recipe == other.recipe && own.featureShape == other.featureShape)
        #expect(try own.features(of: fixtureImage()) == other.features(of: fixtureImage()))
      }
    }
  }

  /// A file may lack what is above the cut, and is not converted whole then.
  @Test func tensorsAboveAreNotNeeded() throws {
    try withWeights { weights, folder in
      let (cut, again, arrays) = ("\(folder)/cut", "\(folder)/again", "\(folder)/a.npz")
      let options = ConversionOptions(layer: Self.layer)
      try catalog.convert(weights, to: cut, options: options)
      try ModelExport(contentsOf: cut).write(to: arrays, as: .npz)
      try catalog.convert(arrays, to: again, options: options)
      #expect(try catalog.compare(cut, with: again).isEqual)
      #expect(throws: ConversionError.self) { try catalog.conversion(of: arrays) }
    }
  }

  @Test func whatIsNoCutIsSaid() throws {
    try withWeights { weights, folder in
      func conversion(_ layer: String) throws -> Conversion {
        try catalog.conversion(of: weights, options: ConversionOptions(layer: layer))
      }
      let unknown = #expect(throws: ConversionError.self) { try conversion("fire4/konkat") }
      guard case .unknownLayer(weights, "fire4/konkat", let known) = unknown else {
        Issue.record("\(unknown?.description ?? "nothing is thrown")")
        return
      }
      #expect(known.first == Self.layer && known.count == 5)
      let first = #expect(throws: ConversionError.self) { try conversion("input_layer") }
      #expect(first?.family == .unsupported)
      let last = try conversion("fire9/concat")
      #expect(last.recognition.network == "squeezenet")
    }
  }
}
