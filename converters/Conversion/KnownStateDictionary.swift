import Tensors

/// Networks of torchvision and timm that the catalog has not, told by what modules of theirs are called: so that an error names them.
enum KnownStateDictionary {
  /// What tells a network: a module of that name, with a kernel of these extents where some are given (0 for any).
  private struct Mark {
    let words: String
    let module: String
    var kernel: [Int] = []
    /// Whether the kernel has fewer channels than filters, as in convolutions of groups.
    var isGrouped = false
  }

  private static let marks = [
    Mark(words: "SE-ResNet or SE-ResNeXt, whose blocks weigh their channels", module: "layer1.0.se.fc1"),
    Mark(words: "ECA-ResNet, whose blocks weigh their channels", module: "layer1.0.se.conv"),
    Mark(
      words: "ResNeXt, whose convolutions of 3 x 3 are in groups", module: "layer1.0.conv2", isGrouped: true),
    Mark(
      words: "Wide ResNet, whose convolutions of 3 x 3 have twice as many filters", module: "layer1.0.conv2",
      kernel: [128, 128, 3, 3]),
    Mark(
      words: "ResNet with three convolutions in place of the first, as timm's resnet50d", module: "conv1.0"),
    Mark(
      words: "ResNetV2 of timm, whose blocks stride elsewhere than Keras's", module: "stages.0.blocks.0.norm1"
    ),
    Mark(words: "ConvNeXt V2", module: "stages.0.blocks.0.mlp.grn"),
    Mark(words: "RegNet", module: "trunk_output.block1.block1-0.proj.0"),
    Mark(words: "RegNet", module: "s1.b1.conv1.conv"),
    Mark(words: "GoogLeNet", module: "inception3a.branch1.conv"),
    Mark(words: "Inception v4", module: "features.3.conv.conv"),
    Mark(words: "ShuffleNet V2", module: "stage2.0.branch2.0"),
    Mark(words: "MNASNet", module: "layers.8.0.layers.0"),
    Mark(words: "AlexNet", module: "features.0", kernel: [64, 3, 11, 11]),
    Mark(words: "aligned Xception (xception41, 65 or 71)", module: "blocks.0.stack.conv1.conv_dw"),
    Mark(words: "NASNet of timm", module: "cell_stem_0.conv_1x1.conv"),
    Mark(words: "a vision transformer", module: "encoder.layers.encoder_layer_0.ln_1"),
    Mark(words: "a vision transformer", module: "blocks.0.attn.qkv"),
    Mark(words: "Swin Transformer", module: "features.1.0.attn.qkv"),
    Mark(words: "Swin Transformer", module: "layers.0.blocks.0.attn.qkv"),
    Mark(words: "MaxViT", module: "blocks.0.layers.0.layers.MBconv.layers.pre_norm"),
  ]

  /// The network that the modules of a file are those of, in words; nil where nothing tells.
  static func words(of layers: [SourceLayer]) -> String? {
    let byName = Dictionary(layers.map { ($0.name, $0) }) { first, _ in first }
    return marks.first { mark in
      guard let layer = byName[mark.module] else { return false }
      guard mark.isGrouped || !mark.kernel.isEmpty else { return true }
      guard let kernel = layer.weights.first(where: { $0.role == "kernel" })?.shape, kernel.rank == 4 else {
        return false
      }
      return mark.isGrouped ? kernel[0] > kernel[1] : kernel.dimensions == mark.kernel
    }?.words
  }
}
