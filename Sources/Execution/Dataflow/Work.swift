package import Catalog
package import Tensors

/// What a node computes before its tail.
package enum Work: Sendable {
  /// The image.
  case input
  /// The one thing it reads, unchanged: for the tail's sake.
  case elementwise
  /// Products with a kernel, summed over a window and all channels: convolutions and dense layers.
  case convolution(Convolution)
  /// A depthwise convolution, then a pointwise one.
  case separable(Separable)
  /// Products with a kernel, summed over a window of each channel on its own.
  case depthwise(Depthwise)
  /// The largest element or the mean of each window.
  case pooling(Window, Reduction)
  /// The sum of all inputs, which have one size.
  case sum
  /// All inputs as one, element by element. The first has the result's size, and so have the others, or one pixel, or one
  /// channel.
  case combine(Pairing)
  /// Elements of the input in another order, or more than once, or left out.
  case select(Selection)
  /// All inputs side by side along the channels.
  case concatenate
  /// The input with zeros around it.
  case pad(EdgeInsets)
  /// The same elements in the same order, seen as another size.
  case reshape
  /// The input as pixels of 2 x 2 pixels, for a convolution by this window.
  case spaceToDepth(Window)
  /// Each group of channels less its mean, by its deviation.
  case standardize(Standardization)
  /// The input in another size, by the four pixels around each: pixels are squares.
  case resize
  /// Numbers that are the same for every image.
  case constant([Float])
  /// A function of all channels of a pixel, of each pixel on its own.
  case channels(ChannelFunction)
  /// A pointwise convolution, and the work of other nodes that comes right before it, in order. Behind a product its second
  /// input are the factors.
  case pointwise(Convolution, behind: [Node])
  /// Nothing: the means of every line of pixels, which the depthwise convolution that reads them writes.
  case lineMeans
}

/// A convolution or dense layer.
package struct Convolution: Sendable {
  /// The layer whose kernel it applies.
  package var layer: String
  package var window: Window
  package var filters: Int
  /// Parts of channels and filters that know nothing of each other.
  package var groups = 1
  /// Whether the kernel is a transposed convolution's, `[height, width, filters, channels]`, to be turned by 180 degrees.
  package var isTransposed = false
}

/// A separable convolution.
package struct Separable: Sendable {
  /// The layer whose kernels it applies.
  package var layer: String
  package var window: Window
  package var filters: Int
  /// Depthwise filters a channel.
  package var multiplier = 1
  /// What becomes of every element it reads; leaves zero alone.
  package var inputActivation = Activation.linear
}

/// A depthwise convolution.
package struct Depthwise: Sendable {
  /// The layer whose kernel it applies.
  package var layer: String
  /// The kernel's name in that layer.
  package var role = "depthwise_kernel"
  package var window: Window
  /// Filters a channel.
  package var multiplier = 1
  /// What becomes of every element it reads; leaves zero alone.
  package var inputActivation = Activation.linear
  /// Whether it leaves the means of every line of its results in its second input.
  package var writesLineMeans = false
}

/// What a standardisation makes means and variances of.
package struct Standardization: Sendable {
  package var groups: Int
  package var span: Span
  /// What is added to variances.
  package var epsilon: Double

  /// Which pixels are taken together.
  package enum Span: Sendable { case pixel, image }
}

/// What becomes of the elements of several activations.
package enum Pairing: Sendable {
  case add, subtract, multiply, maximum, minimum
  /// The sum by the number of activations.
  case average

  /// Whether the order of inputs changes nothing.
  var isCommutative: Bool { self != .subtract }
}

/// What becomes of all channels `x` of a pixel.
package enum ChannelFunction: Sendable {
  /// `e^x / sum(e^x)`.
  case softmax
  /// `x / sqrt(sum(x^2))`: length 1.
  case unitNormalization
}

/// What becomes of the elements in a window.
package enum Reduction: Sendable {
  /// The largest; `paddedWithZeros` says whether zeros take part where the window leaves the image.
  case maximum(paddedWithZeros: Bool)
  /// The mean of those inside the image.
  case average
}

extension Work {
  /// Whether an affine function of the results can be multiplied into the work's own constants.
  var takesAffine: Bool {
    switch self {
    case .convolution, .separable, .depthwise, .elementwise, .standardize, .pointwise: true
    case .input, .pooling, .sum, .combine, .select, .concatenate, .pad, .reshape, .spaceToDepth, .resize,
      .constant, .channels, .lineMeans:
      false
    }
  }

  /// Whether an addition may be the last act but one.
  var takesResidual: Bool {
    switch self {
    case .convolution, .separable, .pointwise: true
    case .input, .elementwise, .depthwise, .pooling, .sum, .combine, .select, .concatenate, .pad, .reshape,
      .spaceToDepth, .standardize, .resize, .constant, .channels, .lineMeans:
      false
    }
  }

  /// Whether an activation may be the last act.
  var takesActivation: Bool {
    switch self {
    case .convolution, .separable, .depthwise, .elementwise, .sum, .combine, .pointwise: true
    case .input, .pooling, .select, .concatenate, .pad, .reshape, .spaceToDepth, .standardize, .resize,
      .constant, .channels, .lineMeans:
      false
    }
  }

  /// The work with what every element it reads goes through first; nil if it can do no such thing.
  func applyingToInput(_ activation: Activation) -> Work? {
    switch self {
    case .separable(var separable):
      guard let both = activation.followed(by: separable.inputActivation) else { return nil }
      separable.inputActivation = both
      return .separable(separable)
    case .depthwise(var depthwise):
      guard let both = activation.followed(by: depthwise.inputActivation) else { return nil }
      depthwise.inputActivation = both
      return .depthwise(depthwise)
    case .input, .elementwise, .convolution, .pooling, .sum, .combine, .select, .concatenate, .pad, .reshape,
      .spaceToDepth, .standardize, .resize, .constant, .channels, .pointwise, .lineMeans:
      return nil
    }
  }

  /// The work over an input without the zeros around it that it reads now; nil where they would not act the same.
  func reachingOverZeros(_ zeros: EdgeInsets) -> Work? {
    switch self {
    case .convolution(var convolution):
      guard let window = convolution.window.reachingOver(zeros) else { return nil }
      convolution.window = window
      return .convolution(convolution)
    case .separable(var separable):
      guard let window = separable.window.reachingOver(zeros) else { return nil }
      separable.window = window
      return .separable(separable)
    case .depthwise(var depthwise):
      guard let window = depthwise.window.reachingOver(zeros) else { return nil }
      depthwise.window = window
      return .depthwise(depthwise)
    case .pooling(let window, .maximum):
      return window.reachingOver(zeros).map { .pooling($0, .maximum(paddedWithZeros: true)) }
    case .pooling(_, .average), .input, .elementwise, .sum, .combine, .select, .concatenate, .pad, .reshape,
      .spaceToDepth, .standardize, .resize, .constant, .channels, .pointwise, .lineMeans:
      return nil
    }
  }
}

extension Window {
  /// The window over an input that lacks `zeros` around it; nil if it already leaves what it reads.
  fileprivate func reachingOver(_ zeros: EdgeInsets) -> Window? {
    guard top == 0, left == 0, reachedHeight <= input.height, reachedWidth <= input.width else { return nil }
    var window = self
    window.input.height -= zeros.top + zeros.bottom
    window.input.width -= zeros.left + zeros.right
    window.top = zeros.top
    window.left = zeros.left
    return window
  }

  /// The rows of the padded input that windows reach.
  var reachedHeight: Int { (outputHeight - 1) * rowStride + spannedHeight }
  /// The columns of the padded input that windows reach.
  var reachedWidth: Int { (outputWidth - 1) * columnStride + spannedWidth }
}
