package import Catalog

/// One layer of a head: an operation of the catalog, with its training settings.
public struct HeadLayer: Sendable {
  /// What it computes.
  package var operation: any LayerOperation
  /// How its parameters begin and what they cost.
  package var training: TrainingAttributes

  package init(_ operation: any LayerOperation, training: TrainingAttributes = TrainingAttributes()) {
    self.operation = operation
    self.training = training
    // Of a normalisation it is part of the training, as all else is that changes no answer.
    guard var normalization = operation as? Catalog.BatchNormalization else { return }
    if let momentum = normalization.momentum { self.training.momentum = momentum }
    normalization.momentum = nil
    self.operation = normalization
  }

  /// The layer of a network, with what its file says of its training.
  package init(_ layer: Layer) {
    self.init(layer.operation, training: TrainingAttributes(of: layer))
  }

  /// The stem of Keras's automatic names for the layer: `global_average_pooling2d`.
  public var kind: String { operation.automaticStem }

  /// The class Keras shows in `model.summary()`: `GlobalAveragePooling2D`.
  public var className: String { operation.kerasClass }
}

extension HeadLayer: Hashable {
  /// Whether both compute the same and have the same training settings.
  public static func == (left: HeadLayer, right: HeadLayer) -> Bool {
    AnyHashable(left.operation) == AnyHashable(right.operation) && left.training == right.training
  }

  /// Hashes operation and training attributes.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(operation)
    hasher.combine(training)
  }
}

extension HeadLayer {
  /// Whether it may stand in a head that somebody declares.
  var isDeclarable: Bool { DifferentiableOperations.types.contains { $0 == type(of: operation) } }

  /// The operation with its gradient; refused where it has none or cannot be trained as it is set.
  func differentiableOperation(name: String) throws(TrainingError) -> any DifferentiableOperation {
    guard let operation = operation as? any DifferentiableOperation,
      isDeclarable || DifferentiableOperations.ofClassifiers.contains(where: { $0 == type(of: operation) })
    else { throw .noGradient(layer: name, operation: className) }
    if let problem = operation.problem(training) {
      throw .layer(name: name, expected: problem.expected, found: problem.found)
    }
    for regularizer in training.regularizers.values { try regularizer.check(name: name) }
    return operation
  }
}

/// What only training knows of a layer, by the roles of its parameters (`kernel`, `bias`); what is as usual is not
/// kept, so that equal layers are equal.
package struct TrainingAttributes: Hashable, Sendable {
  private(set) var initializers: [String: Initializer] = [:]
  private(set) var regularizers: [String: Regularizer] = [:]
  /// How much of a moving average stays in a step, from 0 to 1; of batch normalisation.
  package var momentum = TrainingAttributes.usualMomentum
  /// What the layer's file says of its training and is not applied: `kernel_constraint MaxNorm`.
  package var unapplied: [String] = []

  /// Keras's.
  static let usualMomentum = 0.99

  package init() {}

  /// Those that a layer of a network says itself.
  init(of layer: Layer) {
    unapplied = layer.unapplied
    for (role, penalty) in layer.penalties {
      set(Regularizer(l1: penalty.l1, l2: penalty.l2), of: role)
    }
    guard let normalization = layer.operation as? Catalog.BatchNormalization else { return }
    momentum = normalization.momentum ?? Self.usualMomentum
  }

  /// What the parameter of a role is before training.
  func initializer(of role: String) -> Initializer { initializers[role] ?? .usual(for: role) }

  /// What the parameter of a role costs.
  func regularizer(of role: String) -> Regularizer { regularizers[role] ?? Regularizer() }

  mutating func set(_ initializer: Initializer, of role: String) {
    initializers[role] = initializer == .usual(for: role) ? nil : initializer
  }

  mutating func set(_ regularizer: Regularizer, of role: String) {
    regularizers[role] = regularizer.isFree ? nil : regularizer
  }
}

extension Initializer {
  /// What Keras takes for parameters of a role.
  static func usual(for role: String) -> Initializer {
    switch role {
    case "kernel": .glorotUniform
    case "gamma", "moving_variance": .ones
    default: .zeros
    }
  }
}
