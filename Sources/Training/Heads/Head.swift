package import Catalog

/// The layers that are trained on top of a frozen backbone, one after the other.
///
/// ```swift
/// let head = Head {
///   Flatten()
///   Dense(1024, activation: .relu)
///   Dropout(0.5)
///   Dense(1, activation: .sigmoid)
/// }
/// ```
///
/// The same as one text: `try Head("flatten, dense(1024, relu), dropout(0.5), dense(1, sigmoid)")`. A head
/// is only a declaration; ``HeadModel`` builds it for features of a given shape and holds its parameters.
public struct Head: Hashable, Sendable {
  /// The layers, the one next to the backbone first.
  public var layers: [HeadLayer]

  /// Makes a head of `layers`.
  public init(layers: [HeadLayer]) { self.layers = layers }

  /// Declares a head layer by layer.
  public init(@HeadBuilder _ layers: () -> [HeadLayer]) { self.layers = layers() }

  /// Whether it begins by making one row of numbers of rows and columns, which features that are pooled do not have.
  public var flattens: Bool { layers.first?.operation is Catalog.Flatten }

  /// The layers' names as Keras gives them: `dense`, `dropout`, `dense_1`.
  public var layerNames: [String] { layers.map(\.operation).automaticNames }
}

extension Head {
  /// The layers as a graph has them, one after the other; the first reads `source`, and every name begins with
  /// `prefix`.
  package func graphLayers(reading source: String, prefix: String = "") -> [Layer] {
    let names = layerNames.map { prefix + $0 }
    return zip(layers, zip(names, [source] + names)).map { layer, names in
      Layer(name: names.0, operation: layer.operation, inputs: [names.1])
    }
  }
}

extension Head {
  /// Settings that work but are probably not what was meant: a dropout that drops nothing, which is what Python makes
  /// of `Dropout(0,2)`. And of a whole model's own layers, what its file says of their training and is not applied.
  public var warnings: [String] {
    zip(layers, layerNames).flatMap { layer, name in
      var warnings: [String] = []
      if let dropout = layer.operation as? Catalog.Dropout, dropout.rate == 0 {
        warnings.append(
          "layer \(name): a rate of 0 drops nothing; give the fraction to drop, as in dropout(0.2), or leave the "
            + "layer out")
      }
      if !layer.training.unapplied.isEmpty {
        warnings.append(
          "layer \(name): what the file says of its training is not applied: "
            + layer.training.unapplied.joined(separator: ", ") + "; Keras would apply it")
      }
      return warnings
    }
  }
}

extension Head: CustomStringConvertible {
  /// The text that declares this head: `dense(256, relu), dropout(0.5), dense(4, softmax)`.
  public var description: String { layers.map(\.text).joined(separator: ", ") }
}

extension HeadLayer {
  /// The layer as the head's text writes it.
  fileprivate var text: String {
    if let layer = operation as? any ActivationOperation { return "activation(\(layer.activation.text))" }
    let name = kind.hasSuffix("2d") ? String(kind.dropLast(2)) : kind
    return options.isEmpty ? name : "\(name)(\(options.joined(separator: ", ")))"
  }

  private var options: [String] {
    switch operation {
    case let dense as Catalog.Dense: dense.options + training.options
    case let dropout as Catalog.Dropout: ["\(dropout.rate)"]
    case let normalization as Catalog.BatchNormalization: training.options + normalization.options
    default: []
    }
  }
}

extension Catalog.Dense {
  fileprivate var options: [String] {
    var options = ["\(units)"]
    if activation != .linear { options.append(activation.text) }
    if !useBias { options.append("use_bias=false") }
    return options
  }
}

extension Catalog.BatchNormalization {
  fileprivate var options: [String] {
    var options: [String] = []
    if epsilon != Self().epsilon { options.append("epsilon=\(epsilon)") }
    if !center { options.append("center=false") }
    if !scale { options.append("scale=false") }
    return options
  }
}

extension TrainingAttributes {
  fileprivate var options: [String] {
    var options = momentum == Self.usualMomentum ? [] : ["momentum=\(momentum)"]
    for role in ["kernel", "bias"] {
      if let initializer = initializers[role] {
        options.append("\(role)_initializer=\(initializer.rawValue)")
      }
    }
    for (role, prefix) in [("kernel", ""), ("bias", "bias_")] {
      guard let regularizer = regularizers[role] else { continue }
      if regularizer.l1 != 0 { options.append("\(prefix)l1=\(regularizer.l1)") }
      if regularizer.l2 != 0 { options.append("\(prefix)l2=\(regularizer.l2)") }
    }
    return options
  }
}

/// Gathers a head's layers from a declaration; `if` and `for` work as usual.
@resultBuilder public enum HeadBuilder {
  /// One layer.
  public static func buildExpression(_ element: some HeadElement) -> [HeadLayer] { [element.headLayer] }
  /// All layers in order.
  public static func buildBlock(_ parts: [HeadLayer]...) -> [HeadLayer] { parts.flatMap(\.self) }
  /// Layers behind an `if` without `else`.
  public static func buildOptional(_ part: [HeadLayer]?) -> [HeadLayer] { part ?? [] }
  /// Layers behind `if`.
  public static func buildEither(first: [HeadLayer]) -> [HeadLayer] { first }
  /// Layers behind `else`.
  public static func buildEither(second: [HeadLayer]) -> [HeadLayer] { second }
  /// Layers out of a `for`.
  public static func buildArray(_ parts: [[HeadLayer]]) -> [HeadLayer] { parts.flatMap(\.self) }
}
