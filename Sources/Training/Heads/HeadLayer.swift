/// One layer of a head, in Keras's vocabulary.
public enum HeadLayer: Hashable, Sendable {
  case dense(Dense)
  case dropout(Dropout)
  case flatten
  case globalAveragePooling
  case globalMaxPooling
  case activation(ActivationFunction)
  case batchNormalization(BatchNormalization)
  case unitNormalization

  /// What the head's text and Keras's automatic names call the layer.
  public var kind: String {
    switch self {
    case .dense: "dense"
    case .dropout: "dropout"
    case .flatten: "flatten"
    case .globalAveragePooling: "global_average_pooling2d"
    case .globalMaxPooling: "global_max_pooling2d"
    case .activation: "activation"
    case .batchNormalization: "batch_normalization"
    case .unitNormalization: "unit_normalization"
    }
  }

  /// The class Keras shows in `model.summary()`.
  public var className: String {
    switch self {
    case .dense: "Dense"
    case .dropout: "Dropout"
    case .flatten: "Flatten"
    case .globalAveragePooling: "GlobalAveragePooling2D"
    case .globalMaxPooling: "GlobalMaxPooling2D"
    case .activation: "Activation"
    case .batchNormalization: "BatchNormalization"
    case .unitNormalization: "UnitNormalization"
    }
  }
}

/// Something a head's declaration may list.
public protocol HeadElement: Sendable {
  /// The layer that is declared.
  var headLayer: HeadLayer { get }
}

/// `units` weighted sums of all inputs, plus a bias, through an activation. Kernel `[inputs, units]`.
public struct Dense: HeadElement, Hashable {
  /// The number of outputs; at least 1.
  public var units: Int
  /// What the sums go through.
  public var activation: ActivationFunction
  /// Whether a bias is added.
  public var useBias: Bool
  /// What the kernel is before training.
  public var kernelInitializer: Initializer
  /// What the bias is before training.
  public var biasInitializer: Initializer
  /// What the kernel costs.
  public var kernelRegularizer: Regularizer
  /// What the bias costs.
  public var biasRegularizer: Regularizer

  /// Declares a dense layer; Keras's defaults.
  public init(
    _ units: Int, activation: ActivationFunction = .linear, useBias: Bool = true,
    kernelInitializer: Initializer = .glorotUniform, biasInitializer: Initializer = .zeros,
    kernelRegularizer: Regularizer = Regularizer(), biasRegularizer: Regularizer = Regularizer()
  ) {
    self.units = units
    self.activation = activation
    self.useBias = useBias
    self.kernelInitializer = kernelInitializer
    self.biasInitializer = biasInitializer
    self.kernelRegularizer = kernelRegularizer
    self.biasRegularizer = biasRegularizer
  }

  /// The layer that is declared.
  public var headLayer: HeadLayer { .dense(self) }
}

/// Sets a fraction of its inputs to zero while training and scales the others by `1 / (1 - rate)`; the
/// identity otherwise (Srivastava et al., 2014).
public struct Dropout: HeadElement, Hashable {
  /// The fraction that is dropped, in [0, 1).
  public var rate: Double

  /// Declares a dropout layer.
  public init(_ rate: Double) { self.rate = rate }

  /// The layer that is declared.
  public var headLayer: HeadLayer { .dropout(self) }
}

/// `[H, W, C]` to `[H * W * C]`.
public struct Flatten: HeadElement, Hashable {
  /// Declares the layer.
  public init() {}
  /// The layer that is declared.
  public var headLayer: HeadLayer { .flatten }
}

/// The mean over all positions: `[H, W, C]` to `[C]`.
public struct GlobalAveragePooling2D: HeadElement, Hashable {
  /// Declares the layer.
  public init() {}
  /// The layer that is declared.
  public var headLayer: HeadLayer { .globalAveragePooling }
}

/// The largest value over all positions: `[H, W, C]` to `[C]`.
public struct GlobalMaxPooling2D: HeadElement, Hashable {
  /// Declares the layer.
  public init() {}
  /// The layer that is declared.
  public var headLayer: HeadLayer { .globalMaxPooling }
}

/// An activation as a layer of its own.
public struct Activation: HeadElement, Hashable {
  /// What the inputs go through.
  public var function: ActivationFunction
  /// Declares the layer.
  public init(_ function: ActivationFunction) { self.function = function }
  /// The layer that is declared.
  public var headLayer: HeadLayer { .activation(function) }
}
