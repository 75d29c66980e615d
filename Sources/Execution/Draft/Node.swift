import Catalog
import Kernels

/// One future step of a plan: what is left of the graph's layers once everything that can be fused is fused.
struct Node {
  /// The layers it stands for, in the order they act: `conv1_conv`, `conv1_bn`, `conv1_relu`.
  var layers: [String]
  var work: Work
  /// Nodes it reads; a fused addition's other term comes second.
  var inputs: [Int]
  var size: ImageSize
}

/// What a node computes.
enum Work {
  case input
  case convolution(Linear)
  case separable(Linear, rectifiesInput: Bool)
  case maximum(Window, paddedWithZeros: Bool)
  case average(Window)
  case affine(ChannelAffine, rectifies: Bool)
  case rectify
  case add(rectifies: Bool)
  case activation(Activation)
  case concatenate
  /// The input with zeros around it.
  case pad(EdgeInsets)
  /// The input as pixels of 2 x 2 pixels, for a convolution by this window.
  case spaceToDepth(Window)
  /// The same elements, dense, seen as one pixel.
  case flatten
}

/// A convolution, separable convolution or dense layer and what was fused into it.
struct Linear {
  /// The layer whose kernels it applies.
  var layer: String
  var window: Window
  /// How its outputs are computed over the 2 x 2 blocks of pixels that it reads; nil if it reads pixels.
  var formOverBlocks: WinogradForm?
  var filters: Int
  /// What follows the products: a batch normalisation, a bias, both, or nothing.
  var affine: ChannelAffine?
  var addsInput = false
  var rectifies = false

  /// Whether `affine` may still change: nothing has been applied after it.
  var isOpen: Bool { !addsInput && !rectifies }
}

/// `x * scale + shift`, one pair of numbers a channel, in double precision until weights are packed.
struct ChannelAffine {
  var scale: [Double]
  var shift: [Double]

  static func bias(_ bias: [Float]) -> ChannelAffine {
    ChannelAffine(scale: bias.map { _ in 1 }, shift: bias.map(Double.init))
  }

  /// First this, then `next`.
  func followed(by next: ChannelAffine) -> ChannelAffine {
    ChannelAffine(
      scale: zip(scale, next.scale).map(*),
      shift: zip(shift, zip(next.scale, next.shift)).map { $0 * $1.0 + $1.1 })
  }
}
