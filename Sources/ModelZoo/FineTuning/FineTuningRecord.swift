import Catalog

/// What a trained model says of the layers of its backbone that are not as they were converted.
public struct FineTuningRecord: Hashable, Sendable, Codable {
  /// Layers of a backbone that one training trained.
  public struct Part: Hashable, Sendable, Codable {
    /// The layers, in the network's order.
    public let layers: [String]
    /// How many of their parameters were trained.
    public let parameterCount: Int
  }

  /// The digest of the archive whose backbone was trained last; nil where it had none.
  public let source: String?
  /// The layers that were trained by any training since the conversion, in the network's order.
  public let layers: [String]
  /// How many of their parameters were.
  public let parameterCount: Int
  /// The first epochs of the last training of layers, in which the head alone was trained.
  public let headEpochs: Int
  /// The learning rate of the backbone's layers in it, with which that began; nil for that of the head.
  public let learningRate: Double?
  /// What the last training trained; nil for all of the layers.
  private let last: Part?

  init(
    source: String?, layers: [String], parameterCount: Int, headEpochs: Int, learningRate: Double?,
    last: Part? = nil
  ) {
    self.source = source
    self.layers = layers
    self.parameterCount = parameterCount
    self.headEpochs = headEpochs
    self.learningRate = learningRate
    self.last = last
  }

  /// What of the backbone the last training of the model trained; no layer where that trained the head alone.
  public var lastTraining: Part { last ?? Part(layers: layers, parameterCount: parameterCount) }

  /// The record once a head alone has been trained on the backbone.
  var frozen: FineTuningRecord { with(layers, parameterCount, last: Part(layers: [], parameterCount: 0)) }

  /// The record of a training of a backbone of `network` whose record was `earlier`.
  func following(_ earlier: FineTuningRecord?, in network: ArchivedNetwork) throws -> FineTuningRecord {
    guard let earlier, !Set(earlier.layers).isSubset(of: layers) else { return self }
    let all = Set(earlier.layers).union(layers)
    let names = try network.graph().layers.map(\.name).filter(all.contains)
    let counts = ParameterCounts(try network.parameters().filter { all.contains($0.layer) })
    return with(names, counts.trainable, last: lastTraining)
  }

  private func with(_ layers: [String], _ parameterCount: Int, last: Part) -> FineTuningRecord {
    FineTuningRecord(
      source: source, layers: layers, parameterCount: parameterCount, headEpochs: headEpochs,
      learningRate: learningRate, last: last)
  }
}
