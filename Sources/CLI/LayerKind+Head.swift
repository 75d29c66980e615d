import Catalog

/// A head's layers in a graph's words. Activations that a graph does not have count as linear: no shape and no
/// parameter depends on them.
extension LayerKind {
  static func dense(units: Int, useBias: Bool, activation name: String) -> LayerKind {
    .dense(Dense(units: units, useBias: useBias, activation: Activation(rawValue: name) ?? .linear))
  }

  static func batchNormalization(epsilon: Double, scale: Bool, center: Bool) -> LayerKind {
    .batchNormalization(BatchNormalization(epsilon: epsilon, scale: scale, center: center))
  }

  static func activation(named name: String) -> LayerKind {
    .activation(Activation(rawValue: name) ?? .linear)
  }
}
