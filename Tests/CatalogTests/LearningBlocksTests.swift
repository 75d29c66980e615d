import Catalog
import Testing

/// The last blocks of the smallest network of every family, as whoever trains them calls them.
@Suite struct LearningBlocksTests {
  /// The first and the last layer of the last block, and the first of the block before it.
  private static let expected: [String: (first: String, last: String, before: String)] = [
    "vgg16": ("block5_conv1", "block5_conv3", "block4_conv1"),
    "resnet50": ("conv5_block3_1_conv", "conv5_block3_3_bn", "conv5_block2_1_conv"),
    "resnet50_v2": ("conv5_block3_preact_bn", "post_bn", "conv5_block2_preact_bn"),
    "inception_v3": ("conv2d_89", "batch_normalization_93", "conv2d_80"),
    "inception_resnet_v2": ("conv2d_200", "conv_7b_bn", "conv2d_196"),
    "xception": ("block14_sepconv1", "block14_sepconv2_bn", "block13_sepconv1"),
    "mobilenet_0.25": ("conv_dw_13", "conv_pw_13_bn", "conv_dw_12"),
    "mobilenet_v2_0.35": ("block_16_expand", "Conv_1_bn", "block_15_expand"),
    "mobilenet_v3_small": ("expanded_conv_10_expand", "conv_1_bn", "expanded_conv_9_expand"),
    "nasnet_mobile": (
      "adjust_conv_projection_12", "separable_conv_2_bn_normal_left5_12", "adjust_conv_projection_11"
    ),
    "densenet121": ("conv5_block16_0_bn", "bn", "conv5_block15_0_bn"),
    "efficientnet_b0": ("block7a_expand_conv", "top_bn", "block6d_expand_conv"),
    "efficientnet_v2_b0": ("block6h_expand_conv", "top_bn", "block6g_expand_conv"),
    "convnext_tiny": (
      "convnext_tiny_stage_3_block_2_depthwise_conv", "layer_normalization",
      "convnext_tiny_stage_3_block_1_depthwise_conv"
    ),
    "squeezenet": ("fire9/squeeze1x1", "fire9/expand3x3", "fire8/squeeze1x1"),
  ]

  @Test(arguments: expected.keys.sorted()) func lastBlocksAreThoseThatNamesSay(_ identifier: String) throws {
    let wanted = try #require(Self.expected[identifier])
    let blocks = try Self.blocks(of: identifier)
    #expect(blocks.last?.first == wanted.first)
    #expect(blocks.last?.last == wanted.last)
    #expect(blocks.dropLast().last?.first == wanted.before)
  }

  @Test(arguments: expected.keys.sorted()) func everyLayerThatLearnsIsInOneBlock(_ identifier: String) throws
  {
    let entry = try EntryCatalog.embedded.entry(identifier)
    let learning = try Self.learning(entry)
    let blocks = try Self.blocks(of: identifier)
    #expect(blocks.joined().count == learning.count && Set(blocks.joined()) == learning)
    #expect(blocks.allSatisfy { !$0.isEmpty })
  }

  @Test func shortcutsBelongToTheBlockThatTheyGoPast() throws {
    #expect(try Self.blocks(of: "xception").suffix(2).first?.contains("conv2d_3") == true)
    #expect(try Self.blocks(of: "resnet50").suffix(3).first?.contains("conv5_block1_0_conv") == true)
    // One of ten equal blocks: three numbered convolutions, their normalisations, and one with a name.
    let equal = try Self.blocks(of: "inception_resnet_v2").suffix(2).first ?? []
    #expect(equal.contains("block8_9_conv") && equal.count == 9)
  }

  private static func learning(_ entry: CatalogEntry) throws -> Set<String> {
    let size = entry.defaultSize
    let parameters = try entry.graph().parameters(height: size.height, width: size.width)
    return Set(parameters.filter(\.isTrainable).map(\.layer))
  }

  private static func blocks(of identifier: String) throws -> [[String]] {
    let entry = try EntryCatalog.embedded.entry(identifier)
    return LearningBlocks(
      of: try entry.graph().layers.map(\.name), learning: try learning(entry), dividedAs: entry.blockLayers
    ).layers
  }
}
