/// A function in a functional model, `x / 127.5 - 1` or `relu(x)`: Keras keeps each as a layer.
enum KerasFunction {
  /// The function's name, in the words of `keras.ops`; nil for a layer proper. Keras 2 writes the whole name into the
  /// configuration, Keras 3 a class whose module is one of operations, or, in legacy files, one that cannot be trained or not.
  static func name(className: String, module: String, config: JSONValue) -> String? {
    if ["TFOpLambda", "SlicingOpLambda"].contains(className) {
      let function = config["function"]?.text ?? ""
      return function.split(separator: ".").last.map { canonical($0.lowercased()) }
    }
    let name = canonical(className.snakeCased)
    if module.contains(".ops") { return name }
    guard module.isEmpty, config["trainable"] == nil, config["name"] != nil else { return nil }
    if arithmetic[name] != nil { return name }
    let isLayer = LayerOperations.ofKerasClass(className) != nil && config["newshape"] == nil
    let isKnown = others.contains(name) || Activation(kerasName: name) != nil
    return isKnown && !isLayer ? name : nil
  }

  private static func canonical(_ name: String) -> String { otherNames[name] ?? name }

  /// The operation that the function is, called so; what cannot be said is noted in `keras`.
  static func operation(_ call: FunctionCall, _ keras: inout KerasConfiguration) -> (any LayerOperation)? {
    var call = call
    do throws(NoCounterpart) {
      let operation = try translated(&call)
      try call.expectNothingElse()
      return operation
    } catch {
      keras.refuse(error.sentence ?? "the function \(call.name)\(error.words) has no counterpart")
      return nil
    }
  }

  private static func translated(_ call: inout FunctionCall) throws(NoCounterpart) -> any LayerOperation {
    if let type = arithmetic[call.name] { return try call.arithmetic(type) }
    guard call.name == "concatenate" || call.inputCount == 1 else {
      throw NoCounterpart(words: " of \(call.inputCount) arguments")
    }
    switch call.name {
    case "identity", "stop_gradient": return ActivationLayer(.linear)
    case "cast", "convert_to_tensor": return try call.cast()
    case "negative": return Rescaling { $0.scale = [-1] }
    case "clip": return try call.clip()
    case "concatenate": return try call.concatenation()
    case "mean": return try call.globalPooling(GlobalAveragePooling2D.self)
    case "max": return try call.globalPooling(GlobalMaxPooling2D.self)
    case "average_pool": return try call.pooling(AveragePooling2D.self)
    case "max_pool": return try call.pooling(MaxPooling2D.self)
    case "resize": return try call.resizing()
    case "pad": return try call.padding()
    case "reshape": return try call.reshape()
    case "transpose": return try call.transposition()
    case "swapaxes": return try call.swappedAxes()
    case "squeeze": return try call.squeezed()
    case "expand_dims": return try call.expanded()
    case "l2_normalize": return try call.unitNormalization()
    default: return try call.activation()
    }
  }

  /// Those of two layers, or of one and a constant.
  private static let arithmetic: [String: any LayerOperation.Type] = [
    "add": Add.self, "bias_add": Add.self, "subtract": Subtract.self, "multiply": Multiply.self,
    "divide": Rescaling.self, "maximum": Maximum.self, "minimum": Minimum.self,
  ]

  /// The names of the others that are no activations; of layers proper, none is called so.
  private static let others: Set = [
    "identity", "stop_gradient", "cast", "convert_to_tensor", "negative", "clip", "concatenate", "mean",
    "max",
    "average_pool", "max_pool", "resize", "pad", "reshape", "transpose", "swapaxes", "squeeze", "expand_dims",
    "get_item", "stack",
  ]

  /// What TensorFlow calls the functions, or NumPy.
  private static let otherNames = [
    "getitem": "get_item", "concat": "concatenate", "reduce_mean": "mean", "reduce_max": "max", "amax": "max",
    "clip_by_value": "clip", "max_pool2d": "max_pool", "avg_pool": "average_pool",
    "avg_pool2d": "average_pool",
    "sub": "subtract", "mul": "multiply", "truediv": "divide", "div": "divide", "true_divide": "divide",
    "neg": "negative", "exp": "exponential", "swish": "silu", "hard_swish": "hard_silu",
    "hardsigmoid": "hard_sigmoid", "hardswish": "hard_silu", "hardsilu": "hard_silu",
    "leakyrelu": "leaky_relu",
  ]
}

/// Why a function called so is no operation.
struct NoCounterpart: Error {
  /// What stands between its name and "has no counterpart".
  let words: String
  /// The whole reason, where it is another.
  var sentence: String?

  init(words: String) { self.words = words }

  init(_ key: String, _ value: JSONValue?) { words = " with \(key) = \((value ?? .null).words)" }
}
