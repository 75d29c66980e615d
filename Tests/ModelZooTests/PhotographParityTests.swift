import Catalog
import Foundation
import KerasWeights
import ModelZoo
import TestSupport
import Testing
import WeightConversion

/// The whole walk on real data: a real weight file and real photographs in, Keras's features out.
struct PhotographParityTests {
  @Test(.enabled(if: SharedFiles.arePresent, "\(SharedFiles.message)"))
  func featuresOfRealPhotographsAreKeras() throws {
    let files = try String(contentsOfFile: Repository.fixture("photographs/files.txt"), encoding: .utf8)
    let photographs = try files.split(separator: "\n").map { try SharedFiles.path(String($0)) }
    let data = try Data(contentsOf: URL(fileURLWithPath: Repository.fixture("photographs/features.f32")))
    let expected = stride(from: 0, to: data.count, by: 4).map { start in
      Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(data[start + $1]) << (8 * UInt32($1)) })
    }
    try withTemporaryFolder { folder in
      let archive = folder.appending(path: "network.zoo.safetensors").path
      let weights = "weights/squeezenet_weights_tf_dim_ordering_tf_kernels_notop.h5"
      _ = try Conversion(
        path: SharedFiles.path(weights), targets: ConversionTargets(.embedded)
      ).write(to: archive)
      let table = try Backbone(contentsOf: archive).features(of: Dataset(images: photographs))
      #expect(table.skipped.isEmpty)
      #expect(table.features.shape.dimensions == [photographs.count, 512])
      let closeness = Closeness(table.features.scalars, expected)
      #expect(closeness.isWithin(.features), "\(closeness)")
    }
  }
}
