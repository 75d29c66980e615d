import Catalog
import Foundation
import KerasWeights
import TensorArchive
import TestSupport
import Testing
import WeightConversion

/// Every weight set of the smallest networks of each family at full size: written, recognised by content, converted, compared with
/// the seed element by element.
@Suite struct FullSizeTests {
  static let networks = [
    "resnet50", "vgg16", "xception", "inception_v3", "inception_v3_v02", "squeezenet", "mobilenet_0.25",
    "mobilenet_v2_0.35",
    "mobilenet_v3_small_minimal", "densenet121", "nasnet_mobile", "efficientnet_b0",
    "efficientnet_v2_b0",
  ]

  static let sets: [String] = networks.flatMap { identifier in
    // Those of PyTorch have a suite of their own.
    EntryCatalog.embedded.weightFiles(of: identifier).map(\.path).filter { path in
      !["torchvision", "timm"].contains { path.contains("/weights/\($0)") }
    }
  }

  @Test(arguments: sets) func everyWeightSetMakesTheRoundTrip(path: String) throws {
    let parts = path.split(separator: "/")
    let (identifier, tag) = (String(parts[0]), String(parts[2].dropLast(5)))
    let targets = try ConversionTargets(.embedded)
    let target = try ConversionTarget(identifier, of: .embedded)
    try withTemporaryFolder { folder in
      // The name tells nothing.
      let file = folder.appending(path: "weights.h5").path
      let output = folder.appending(path: "archive").path
      try SyntheticWeightFile(target, weightSet: tag, seed: 3).write(to: file)
      let conversion = try Conversion(
        path: file, targets: targets)
      let recognition = try conversion.write(to: output).recognition
      #expect(recognition.target.identifier == identifier)
      // Users of Keras 1 saved files like these, of another graph: the published ones are told by their digests.
      let isToldByDigest = path.hasPrefix("resnet50/weights/v0.")
      #expect(recognition.weightSet == (isToldByDigest ? "keras1" : tag))
      #expect(recognition.graph == recognition.layout.graph)
      try expectSynthetic(Archive(contentsOf: output), target.parameters, seed: 3, path)
    }
  }
}

@Suite struct SynthesisTests {
  /// Objects of an HDF5 file can carry the second they were made in; ours must not.
  @Test func theSameSeedGivesTheSameBytes() throws {
    let target = try ConversionTarget("squeezenet", of: .embedded)
    try withTemporaryFolder { folder in
      let files = try (0..<2).map { index in
        let path = folder.appending(path: "\(index).h5")
        try SyntheticWeightFile(target, weightSet: nil, seed: 9).write(to: path.path)
        if index == 0 { Thread.sleep(forTimeInterval: 1.1) }
        return try Data(contentsOf: path)
      }
      #expect(files[0] == files[1])
    }
  }
}

@Suite(.enabled(if: SharedFiles.arePresent, "\(SharedFiles.message)")) struct RealFileTests {
  private func archive(_ order: String, in folder: URL) throws -> (Archive, ConversionReport) {
    let name = "weights/squeezenet_weights_\(order)_dim_ordering_\(order)_kernels_notop.h5"
    let output = folder.appending(path: order).path
    let conversion = try Conversion(
      path: SharedFiles.path(name), targets: ConversionTargets(.embedded))
    let report = try conversion.write(to: output)
    return (try Archive(contentsOf: output), report)
  }

  /// The same real weights in TensorFlow's and in Theano's order become the same tensors.
  @Test func bothOrdersAgree() throws {
    try withTemporaryFolder { folder in
      let (ours, report) = try archive("tf", in: folder)
      let (theirs, theanoReport) = try archive("th", in: folder)
      #expect(report.recognition.weightSet == "deepcognition-tf")
      #expect(theanoReport.recognition.weightSet == "deepcognition-th")
      guard case .identical = report.publication, case .identical = theanoReport.publication else {
        Issue.record("the digests are not the published ones")
        return
      }
      var (sum, magnitude) = (0.0, 0.0)
      for name in ours.names {
        let values = try #require(try ours.tensor(named: name).floats())
        #expect(try theirs.tensor(named: name).floats() == values, "\(name)")
        for value in values { (sum, magnitude) = (sum + Double(value), magnitude + Double(abs(value))) }
      }
      #expect(abs(sum - -2232.901831) < 1e-5)
      #expect(abs(magnitude - 30964.300826) < 1e-5)
    }
  }
}
