import Foundation
import KerasWeights
import ModelZoo
import TestSupport
import Testing
import WeightConversion

/// Features from kernels in half precision against those from the same kernels in `float32`.
@Suite(.serialized) struct HalfPrecisionTests {
  /// The largest network of the catalog, at full size.
  @Test(arguments: [ScalarType.float16, .bfloat16])
  func featuresStayClose(_ type: ScalarType) throws {
    try withTemporaryFolder { folder in
      let wide = try SyntheticArchive.write("resnet50", to: folder)
      let image = folder.appending(path: "images")
      try DrawnImages.write(to: image, perClass: 1, size: 224)
      let list = try Dataset(folder: image.path)
      try Self.compare(wide, list, type, in: folder)
    }
  }

  @Test(
    .enabled(if: SharedFiles.arePresent, "\(SharedFiles.message)"),
    arguments: [
      ScalarType.float16, .bfloat16,
    ])
  func featuresOfRealPhotographsStayClose(_ type: ScalarType) throws {
    let files = try String(contentsOfFile: Repository.fixture("photographs/files.txt"), encoding: .utf8)
    let photographs = try files.split(separator: "\n").map { try SharedFiles.path(String($0)) }
    try withTemporaryFolder { folder in
      let weights = try SharedFiles.path("weights/squeezenet_weights_tf_dim_ordering_tf_kernels_notop.h5")
      let wide = folder.appending(path: "wide.zoo.safetensors").path
      try NetworkCatalog().convert(weights, to: wide)
      try Self.compare(wide, Dataset(images: photographs), type, in: folder)
      let direct = folder.appending(path: "direct.zoo.safetensors").path
      try NetworkCatalog().convert(weights, to: direct, options: ConversionOptions(scalarType: type))
      let bytes = try Data(contentsOf: URL(fileURLWithPath: direct))
      #expect(bytes.count < 1_500_000)
      #expect(
        try Archive(contentsOf: direct).values(of: "fire9/squeeze1x1/kernel")
          == Archive(contentsOf: Self.half(folder)).values(of: "fire9/squeeze1x1/kernel"))
    }
  }

  private static func half(_ folder: URL) -> String { folder.appending(path: "half.zoo.safetensors").path }

  private static func compare(_ wide: String, _ list: Dataset, _ type: ScalarType, in folder: URL) throws {
    try Archive(contentsOf: wide).write(to: half(folder), as: type)
    let expected = try Backbone(contentsOf: wide).features(of: list).features
    let found = try Backbone(contentsOf: half(folder)).features(of: list).features
    let closeness = Closeness(found.scalars, expected.scalars)
    #expect(closeness.isWithin(type == .float16 ? .float16Features : .bfloat16Features), "\(closeness)")
    #expect(closeness.largestError > 0)
  }
}
