// Whoever declares heads names activations.
@_exported public import enum Catalog.Activation
public import Catalog

/// A layer that can be declared in a head.
public protocol HeadElement: Sendable {
  /// The layer that is declared.
  var headLayer: HeadLayer { get }
}

extension HeadLayer: HeadElement {
  /// The layer itself.
  public var headLayer: HeadLayer { self }
}

extension Activation: HeadElement {
  /// An activation as a layer of its own: `Activation(.relu)`.
  public init(_ function: Activation) { self = function }

  /// The layer that applies the function.
  public var headLayer: HeadLayer { HeadLayer(ActivationLayer(self)) }
}

/// `units` weighted sums of all inputs, plus a bias, through an activation. Kernel `[inputs, units]`.
public struct Dense: HeadElement {
  /// The layer that is declared.
  public let headLayer: HeadLayer

  /// Declares a dense layer; Keras's defaults.
  ///
  /// - Parameters:
  ///   - units: the number of outputs; at least 1.
  ///   - activation: the activation function.
  ///   - useBias: whether a bias is added.
  ///   - kernelInitializer: the initial values of the kernel.
  ///   - biasInitializer: the initial values of the bias.
  ///   - kernelRegularizer: the penalty on the kernel.
  ///   - biasRegularizer: the penalty on the bias.
  public init(
    _ units: Int, activation: Activation = .linear, useBias: Bool = true,
    kernelInitializer: Initializer = .glorotUniform, biasInitializer: Initializer = .zeros,
    kernelRegularizer: Regularizer = Regularizer(), biasRegularizer: Regularizer = Regularizer()
  ) {
    var training = TrainingAttributes()
    training.set(kernelInitializer, of: "kernel")
    training.set(biasInitializer, of: "bias")
    training.set(kernelRegularizer, of: "kernel")
    training.set(biasRegularizer, of: "bias")
    let operation = Catalog.Dense {
      $0.units = units
      $0.activation = activation
      $0.useBias = useBias
    }
    headLayer = HeadLayer(operation, training: training)
  }
}

/// Sets a fraction of its inputs to zero while training and scales the others by `1 / (1 - rate)`; the
/// identity otherwise (Srivastava et al., 2014).
public struct Dropout: HeadElement {
  /// The layer that is declared.
  public let headLayer: HeadLayer

  /// Declares a dropout layer; `rate` is the fraction that is dropped, in [0, 1).
  public init(_ rate: Double) { headLayer = HeadLayer(Catalog.Dropout(rate: rate)) }
}

/// `[H, W, C]` to `[H * W * C]`.
public struct Flatten: HeadElement {
  /// The layer that is declared.
  public let headLayer = HeadLayer(Catalog.Flatten())

  /// Declares the layer.
  public init() {}
}

/// The mean over all positions: `[H, W, C]` to `[C]`.
public struct GlobalAveragePooling2D: HeadElement {
  /// The layer that is declared.
  public let headLayer = HeadLayer(Catalog.GlobalAveragePooling2D())

  /// Declares the layer.
  public init() {}
}

/// The largest value over all positions: `[H, W, C]` to `[C]`.
public struct GlobalMaxPooling2D: HeadElement {
  /// The layer that is declared.
  public let headLayer = HeadLayer(Catalog.GlobalMaxPooling2D())

  /// Declares the layer.
  public init() {}
}

/// Normalises every channel of a batch to mean 0 and variance 1, then scales it by a learned `gamma` and shifts it by a
/// learned `beta` (Ioffe and Szegedy, 2015). Outside training the moving averages are used instead of the batch's
/// statistics. Four vectors `[channels]`, of which the moving averages are not trainable.
public struct BatchNormalization: HeadElement {
  /// The layer that is declared.
  public let headLayer: HeadLayer

  /// Declares the layer; Keras's defaults.
  ///
  /// - Parameters:
  ///   - momentum: how much of a moving average stays in a step, from 0 to 1.
  ///   - epsilon: what is added to the variance; above 0.
  ///   - center: whether there is a `beta`.
  ///   - scale: whether there is a `gamma`.
  public init(momentum: Double = 0.99, epsilon: Double = 1e-3, center: Bool = true, scale: Bool = true) {
    var training = TrainingAttributes()
    training.momentum = momentum
    let operation = Catalog.BatchNormalization {
      $0.epsilon = epsilon
      $0.center = center
      $0.scale = scale
    }
    headLayer = HeadLayer(operation, training: training)
  }
}

/// Scales every row to length 1, in the L2 norm: of `[H, W, C]`, the channels of every position. It has no parameters.
///
/// Features of a network have arbitrary lengths. A loss that measures distances, such as the mean
/// squared error, and one that asks for margins, such as a hinge, start far from the solution on long rows and depend
/// on the length of the rows; rows of length 1 avoid both.
public struct UnitNormalization: HeadElement {
  /// The layer that is declared.
  public let headLayer = HeadLayer(Catalog.UnitNormalization())

  /// Declares the layer.
  public init() {}
}
