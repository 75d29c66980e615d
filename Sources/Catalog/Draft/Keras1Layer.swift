/// A layer as Keras 1 describes it, in the words of Keras 2.
struct Keras1Layer {
  let className: String
  let config: JSONValue

  /// Nil for a layer of a later Keras.
  init?(className: String, config: JSONValue) {
    guard var members = config.members, Self.isKeras1(className, members) else { return nil }
    for (old, new) in Self.keys where members[new] == nil { members[new] = members.removeValue(forKey: old) }
    if let rows = members.removeValue(forKey: "nb_row"), let columns = members.removeValue(forKey: "nb_col") {
      members["kernel_size"] = .list([rows, columns])
    }
    if let order = members.removeValue(forKey: "dim_ordering")?.text {
      members["data_format"] = .text(order == "th" ? "channels_first" : "channels_last")
    }
    // What it did not let one choose.
    members.merge(Self.constants[className] ?? [:]) { own, _ in own }
    if className == "ZeroPadding2D" { members["padding"] = members["padding"].flatMap(Self.edges) }
    if className == "Merge" { members["axis"] = members["concat_axis"] }
    // Merges do not say it; without it, a layer of Keras 3 would be a function.
    members.merge(["trainable": .number(1)]) { own, _ in own }
    self.className = Self.className(className, members)
    self.config = .object(members)
  }

  /// Whether a text is an architecture of such layers, which does not say which Keras wrote it.
  static func wrote(_ json: String) -> Bool {
    ["\"border_mode\"", "\"output_dim\"", "\"nb_filter\"", "\"dim_ordering\""].contains { json.contains($0) }
  }

  private static let keys = [
    ("nb_filter", "filters"), ("subsample", "strides"), ("border_mode", "padding"), ("bias", "use_bias"),
    ("output_dim", "units"), ("p", "rate"), ("sigma", "stddev"), ("atrous_rate", "dilation_rate"),
    ("init", "kernel_initializer"),
  ]

  private static let classes = [
    "Convolution2D": "Conv2D", "AtrousConvolution2D": "Conv2D", "SeparableConvolution2D": "SeparableConv2D",
  ]

  private static let constants: [String: [String: JSONValue]] = [
    "BatchNormalization": ["scale": .number(1), "center": .number(1)]
  ]

  /// Keys by which a layer of a class is told from a later one.
  private static let marks = [
    "Dense": "output_dim", "Dropout": "p", "SpatialDropout2D": "p", "GaussianDropout": "p",
    "GaussianNoise": "sigma", "BatchNormalization": "mode",
  ]

  private static let merges = [
    "sum": "Add", "mul": "Multiply", "ave": "Average", "max": "Maximum", "concat": "Concatenate",
  ]

  /// By a class or a key that later ones do not have.
  private static func isKeras1(_ className: String, _ members: [String: JSONValue]) -> Bool {
    if classes[className] != nil || className == "Merge" || members["dim_ordering"] != nil { return true }
    // Of Keras 1.2, which leaves out the order of axes: `[3, 3]`, and not `[[3, 3], [3, 3]]`.
    if className == "ZeroPadding2D", let padding = members["padding"] {
      return padding.integers != nil || padding["top_pad"] != nil
    }
    return marks[className].map { members[$0] != nil } ?? false
  }

  private static func className(_ className: String, _ members: [String: JSONValue]) -> String {
    guard className == "Merge" else { return classes[className] ?? className }
    // A merge that begins a sequential model holds the models it merges.
    guard members["layers"]?.list?.isEmpty ?? true, let mode = members["mode"]?.text else { return className }
    return merges[mode] ?? className
  }

  /// `[[top, bottom], [left, right]]` of one number for rows and one for columns, of four, or of four with names.
  private static func edges(_ padding: JSONValue) -> JSONValue? {
    let names = ["top_pad", "bottom_pad", "left_pad", "right_pad"]
    let numbers = padding.integers ?? names.map { padding[$0]?.integer ?? 0 }
    let four = numbers.count == 2 ? [numbers[0], numbers[0], numbers[1], numbers[1]] : numbers
    guard four.count == 4 else { return padding }
    let values = four.map { JSONValue.number(Double($0)) }
    return .list([.list(Array(values[..<2])), .list(Array(values[2...]))])
  }
}
