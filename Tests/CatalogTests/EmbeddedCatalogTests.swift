import Testing
import Catalog

@Suite struct EmbeddedCatalogTests {
  /// Every network of `keras.applications` at every width for which weights were published, and three that it never had or has no
  /// more.
  @Test func knowsItsEntries() {
    let widths = ["_0.35", "_0.5", "_0.75", "", "_1.3", "_1.4"].map { "mobilenet_v2\($0)" }
    let third = ["small", "large"].flatMap { size in
      ["", "_0.75", "_minimal"].map { "mobilenet_v3_\(size)\($0)" }
    }
    let efficient =
      (0...7).map { "efficientnet_b\($0)" }
      + ["b0", "b1", "b2", "b3", "s", "m", "l"].map { "efficientnet_v2_\($0)" }
    let convnext = ["tiny", "small", "base", "large", "xlarge"].map { "convnext_\($0)" }
    let residual = ["50", "101", "152"].flatMap { ["resnet\($0)", "resnet\($0)_v2"] }
    let others = [
      "vgg16", "vgg19", "xception", "inception_v3", "inception_v3_v02", "inception_resnet_v2", "squeezenet",
      "mobilenet",
      "mobilenet_0.25", "mobilenet_0.5", "mobilenet_0.75", "densenet121", "densenet169", "densenet201",
      "nasnet_mobile",
      "nasnet_large",
    ]
    let ofTorch =
      ["resnet18", "resnet34", "vgg11", "vgg13", "squeezenet_1.0"]
      + ["11", "13", "16", "19"].map { "vgg\($0)_bn" }
    let all = widths + third + efficient + convnext + residual + others + ofTorch
    #expect(EntryCatalog.embedded.identifiers == all.sorted())
  }

  /// What Keras counts, without the counter of what EfficientNet's normalisation has seen.
  @Test(arguments: [
    ("resnet50", 23_587_712, 23_534_592), ("vgg16", 14_714_688, 14_714_688),
    ("xception", 20_861_480, 20_806_952), ("inception_v3", 21_802_784, 21_768_352),
    ("squeezenet", 722_496, 722_496), ("mobilenet_v2", 2_257_984, 2_223_872),
    ("vgg19", 20_024_384, 20_024_384), ("resnet18", 11_186_112, 11_176_512),
    ("resnet34", 21_301_696, 21_284_672), ("vgg11", 9_220_480, 9_220_480), ("vgg13", 9_404_992, 9_404_992),
    ("vgg11_bn", 9_231_488, 9_225_984), ("vgg13_bn", 9_416_768, 9_410_880),
    ("vgg16_bn", 14_731_584, 14_723_136), ("vgg19_bn", 20_046_400, 20_035_392),
    ("squeezenet_1.0", 735_424, 735_424),
    ("resnet50_v2", 23_564_800, 23_519_360), ("inception_resnet_v2", 54_336_736, 54_276_192),
    ("mobilenet_0.25", 218_544, 213_072), ("mobilenet_v3_small", 939_120, 927_008),
    ("densenet121", 7_037_504, 6_953_856), ("nasnet_mobile", 4_269_716, 4_232_978),
    ("efficientnet_b0", 4_049_570, 4_007_548), ("efficientnet_v2_b0", 5_919_312, 5_858_704),
    ("convnext_tiny", 27_820_128, 27_820_128), ("convnext_xlarge", 348_147_968, 348_147_968),
  ])
  func countsParameters(entry: String, total: Int, trainable: Int) throws {
    let counts = ParameterCounts(try EntryCatalog.embedded.entry(entry).graph().parameters())
    #expect(counts.total == total)
    #expect(counts.trainable == trainable)
  }

  @Test func everyVariantHasAGraph() throws {
    for identifier in EntryCatalog.embedded.identifiers {
      let entry = try EntryCatalog.embedded.entry(identifier)
      for variant in entry.variants {
        let graph = try entry.graph(variant: variant.name)
        let size = entry.defaultSize
        let shapes = try graph.activationShapes(height: size.height, width: size.width)
        #expect(shapes.count == graph.layers.count, "\(identifier) \(variant.name)")
      }
    }
  }

}
