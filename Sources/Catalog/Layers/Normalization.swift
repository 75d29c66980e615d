/// `Normalization` over channels: `(x - mean) / sqrt(variance)`, or its inverse. Means and variances are numbers of the
/// architecture, or weights that `adapt` left behind.
package struct Normalization: LayerOperation {
  package static let keyword = "normalization"
  package static let kerasClasses = ["Normalization"]
  package static let settings: [LayerSetting<Self>] = [
    LayerSetting("mean", keras: "mean", .numbersIfAny, \.mean, isOptional: true),
    LayerSetting("variance", keras: "variance", .numbersIfAny, \.variance, isOptional: true),
    LayerSetting("overall", keras: "overall", .flag, \.isOverall, isOptional: true),
    LayerSetting("invert", keras: "invert", .flag, \.invert, isOptional: true),
  ]

  /// One number, or one a channel; nil where both are weights.
  package var mean: [Double]?
  package var variance: [Double]?
  package var invert = false
  /// Whether weights are one mean and one variance for all channels.
  package var isOverall = false

  package init() {}

  package init(keras: inout KerasConfiguration) {
    self.init(settingsOf: &keras)
    // One number for all is the same over any axes.
    guard mean?.count != 1 || variance?.count != 1 else { return }
    if mean == nil, keras.namesNoAxis { isOverall = true } else { keras.expectLastAxis() }
  }

  package func outputShape(of inputs: [ActivationShape]) throws(ShapeProblem) -> ActivationShape {
    let channels = try inputs[0].knownChannels()
    let counts = [mean, variance].map { $0?.count }
    guard counts.allSatisfy({ $0 == nil }) || counts.allSatisfy({ $0 == 1 || $0 == channels }) else {
      throw ShapeProblem(
        problem: "it has \(counts[0] ?? 0) means and \(counts[1] ?? 0) variances for \(channels) channels; "
          + "expected one of each, or one a channel, or none")
    }
    return inputs[0]
  }

  package func parameters(of inputs: [ActivationShape]) throws(ShapeProblem) -> [ParameterDeclaration] {
    guard mean == nil else { return [] }
    let channels = [isOverall ? 1 : try inputs[0].knownChannels()]
    return ["mean", "variance"].map { ParameterDeclaration($0, channels, isTrainable: false) }
  }
}
