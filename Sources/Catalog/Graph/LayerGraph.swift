/// A network as its entry declares it: named layers in an order in which inputs come before their users.
///
/// Everything numeric is written out; nothing is left to a framework's defaults. The one input layer comes
/// first, the last layer is the output.
package struct LayerGraph: Hashable, Sendable {
  package var layers: [Layer]

  package init(layers: [Layer]) { self.layers = layers }

  /// The layer called `name`, or nil. O(layers).
  package subscript(name: String) -> Layer? { layers.first { $0.name == name } }
}

/// One layer: its name, what it computes, and the names of the layers it reads.
package struct Layer: Hashable, Sendable {
  package var name: String
  package var kind: LayerKind
  package var inputs: [String]

  package init(name: String, kind: LayerKind, inputs: [String]) {
    self.name = name
    self.kind = kind
    self.inputs = inputs
  }
}

/// What a layer computes, in Keras's vocabulary; activations are `[N, H, W, C]`, features `[N, C]`.
package enum LayerKind: Hashable, Sendable {
  /// `[N, H, W, channels]`, height and width free.
  case input(channels: Int)
  case convolution(Convolution)
  /// Depthwise `[kh, kw, in, 1]`, then pointwise `[1, 1, in, filters]`, nothing between them.
  case separableConvolution(Convolution)
  case batchNormalization(BatchNormalization)
  case activation(Activation)
  case zeroPadding(EdgeInsets)
  case maxPooling(Pooling)
  /// Divides by the number of positions inside the image, as Keras does: padding never counts.
  case averagePooling(Pooling)
  /// Adds its inputs, all of one shape.
  case add
  /// Joins its inputs along the channel axis.
  case concatenate
  /// The identity: dropout acts in training only, and a backbone is frozen.
  case dropout(rate: Double)
  case globalAveragePooling
  case globalMaxPooling
  case flatten
  case dense(Dense)
}

/// `Conv2D`, `SeparableConv2D`. Kernel `[kh, kw, in, filters]` (HWIO), cross-correlation.
package struct Convolution: Hashable, Sendable {
  package var filters: Int
  package var kernel: Extent
  package var strides: Extent
  package var padding: Padding
  package var useBias: Bool
  package var activation: Activation

  package init(
    filters: Int, kernel: Extent, strides: Extent, padding: Padding, useBias: Bool, activation: Activation
  ) {
    self.filters = filters
    self.kernel = kernel
    self.strides = strides
    self.padding = padding
    self.useBias = useBias
    self.activation = activation
  }
}

/// `BatchNormalization` over channels with stored statistics:
/// `gamma * (x - moving_mean) / sqrt(moving_variance + epsilon) + beta`.
package struct BatchNormalization: Hashable, Sendable {
  package var epsilon: Double
  /// Whether there is a `gamma`.
  package var scale: Bool
  /// Whether there is a `beta`.
  package var center: Bool

  package init(epsilon: Double, scale: Bool, center: Bool) {
    self.epsilon = epsilon
    self.scale = scale
    self.center = center
  }
}

/// `MaxPooling2D`, `AveragePooling2D`.
package struct Pooling: Hashable, Sendable {
  package var size: Extent
  package var strides: Extent
  package var padding: Padding

  package init(size: Extent, strides: Extent, padding: Padding) {
    self.size = size
    self.strides = strides
    self.padding = padding
  }
}

/// `Dense`. Kernel `[in, units]`.
package struct Dense: Hashable, Sendable {
  package var units: Int
  package var useBias: Bool
  package var activation: Activation

  package init(units: Int, useBias: Bool, activation: Activation) {
    self.units = units
    self.useBias = useBias
    self.activation = activation
  }
}

/// Rows and columns.
package struct Extent: Hashable, Sendable {
  package var height: Int
  package var width: Int

  package init(_ height: Int, _ width: Int) {
    self.height = height
    self.width = width
  }
}

/// Rows and columns added at each edge.
package struct EdgeInsets: Hashable, Sendable {
  package var top: Int
  package var bottom: Int
  package var left: Int
  package var right: Int

  package init(top: Int, bottom: Int, left: Int, right: Int) {
    self.top = top
    self.bottom = bottom
    self.left = left
    self.right = right
  }
}

/// TensorFlow's two paddings. `same` gives `ceil(n / stride)` outputs and, when the sum is odd, pads one more
/// row at the bottom (column at the right).
package enum Padding: String, CaseIterable, Hashable, Sendable { case valid, same }

/// Keras's activation names.
package enum Activation: String, CaseIterable, Hashable, Sendable {
  case linear, relu, sigmoid, softmax, tanh
}
