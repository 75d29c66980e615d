/// Keras's activation functions with their parameters.
public enum Activation: Hashable, Sendable {
  /// `x`.
  case linear
  /// `x` above `threshold` and up to `maxValue` (without end if nil), `maxValue` above that, and
  /// `negativeSlope * (x - threshold)` from `threshold` downwards, as Keras has it: 0 at the threshold itself.
  case relu(maxValue: Double? = nil, negativeSlope: Double = 0, threshold: Double = 0)
  /// `x` above 0, `negativeSlope * x` below.
  case leakyReLU(negativeSlope: Double = 0.2)
  /// `x` above 0, `alpha * (exp(x) - 1)` below.
  case elu(alpha: Double = 1)
  /// `1.0507 * x` above 0, `1.0507 * 1.6733 * (exp(x) - 1)` below.
  case selu
  /// `1 / (1 + exp(-x))`.
  case sigmoid
  /// `min(max(slope * x + 0.5, 0), 1)`; the slope is 1/6 since Keras 3 and was 0.2 before.
  case hardSigmoid(slope: Double = 1.0 / 6)
  /// `x * sigmoid(x)`, also called swish.
  case silu
  /// `x * hardSigmoid(x)`, also called hard swish.
  case hardSilu
  /// The hyperbolic tangent.
  case tanh
  /// `x * P(X <= x)` of a normal distribution; `approximate` by way of `tanh`.
  case gelu(approximate: Bool = false)
  /// `log(exp(x) + 1)`.
  case softplus
  /// `x / (abs(x) + 1)`.
  case softsign
  /// `x * tanh(softplus(x))`.
  case mish
  /// `exp(x)`.
  case exponential
  /// `exp(x)` by the sum of its pixel's channels.
  case softmax

  /// `max(x, 0)`.
  public static let relu = Activation.relu()
  /// ``leakyReLU(negativeSlope:)`` with a slope of 0.2, Keras's.
  public static let leakyReLU = Activation.leakyReLU()
  /// ``elu(alpha:)`` with an alpha of 1.
  public static let elu = Activation.elu()
  /// ``hardSigmoid(slope:)`` with a slope of 1/6, Keras 3's.
  public static let hardSigmoid = Activation.hardSigmoid()
  /// ``gelu(approximate:)`` in its exact form.
  public static let gelu = Activation.gelu()
}

extension Activation {
  /// The activation that Keras calls so, with the parameters it has by name; nil for an unknown one.
  public init?(kerasName name: String) {
    guard let activation = Self.named[name] ?? Self.otherNames[name] else { return nil }
    self = activation
  }

  /// The names in the order in which messages list them.
  package static let names = [
    "linear", "relu", "sigmoid", "softmax", "tanh", "leaky_relu", "elu", "selu", "hard_sigmoid", "silu",
    "hard_silu", "gelu", "softplus", "softsign", "mish", "exponential",
  ]

  private static let named: [String: Activation] = [
    "linear": .linear, "relu": .relu, "sigmoid": .sigmoid, "softmax": .softmax, "tanh": .tanh,
    "leaky_relu": .leakyReLU(), "elu": .elu(), "selu": .selu, "hard_sigmoid": .hardSigmoid(), "silu": .silu,
    "hard_silu": .hardSilu, "gelu": .gelu(), "softplus": .softplus, "softsign": .softsign, "mish": .mish,
    "exponential": .exponential,
  ]

  /// The word by which Keras 3 means just this function; nil where it has none, as for other parameters than a name stands for.
  var kerasWord: String? {
    if Self.named[kerasName] == self { return kerasName }
    return Self.otherNames.first { $0.value == self }?.key
  }

  private static let otherNames: [String: Activation] = [
    "relu6": .relu(maxValue: 6), "swish": .silu, "hard_swish": .hardSilu,
  ]

  /// Whether what comes out lies between 0 and 1, as probabilities do.
  package var givesProbabilities: Bool {
    switch self {
    case .softmax, .sigmoid, .hardSigmoid: true
    case .relu(let most?, let slope, let threshold): most <= 1 && slope == 0 && threshold >= 0
    case .linear, .relu, .leakyReLU, .elu, .selu, .silu, .hardSilu, .tanh, .gelu, .softplus, .softsign, .mish,
      .exponential:
      false
    }
  }

  /// Keras's name for the function, whatever its parameters: `leaky_relu`.
  public var kerasName: String {
    switch self {
    case .linear: "linear"
    case .relu: "relu"
    case .leakyReLU: "leaky_relu"
    case .elu: "elu"
    case .selu: "selu"
    case .sigmoid: "sigmoid"
    case .hardSigmoid: "hard_sigmoid"
    case .silu: "silu"
    case .hardSilu: "hard_silu"
    case .tanh: "tanh"
    case .gelu: "gelu"
    case .softplus: "softplus"
    case .softsign: "softsign"
    case .mish: "mish"
    case .exponential: "exponential"
    case .softmax: "softmax"
    }
  }
}

extension Activation {
  /// The activation in Keras's configuration: a name, a function by its name, or a layer's class with its
  /// configuration.
  init?(keras value: JSONValue) {
    if let name = value.text ?? value["config"]?.text {
      self.init(kerasName: name)
      return
    }
    guard let className = value["class_name"]?.text, let config = value["config"] else { return nil }
    var keras = KerasConfiguration(className: className, config: config)
    let operation = LayerOperations.ofKerasClass(className)?.init(keras: &keras)
    guard let layer = operation as? any ActivationOperation, keras.problems.isEmpty, keras.missing.isEmpty
    else {
      return nil
    }
    self = layer.activation
  }
}

extension Activation {
  /// Whether nothing that comes of it is below 0.
  var isNeverNegative: Bool {
    switch self {
    case .relu(_, let slope, let threshold): slope == 0 && threshold >= 0
    case .sigmoid, .hardSigmoid, .softplus, .exponential, .softmax: true
    case .linear, .leakyReLU, .elu, .selu, .silu, .hardSilu, .tanh, .gelu, .softsign, .mish: false
    }
  }
}
