/// What is trained on top of a frozen backbone: a few layers, one after the other.
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

  /// The layers' names as Keras gives them: `dense`, `dropout`, `dense_1`.
  public var layerNames: [String] {
    var counts: [String: Int] = [:]
    return layers.map { layer in
      let count = counts[layer.kind, default: 0]
      counts[layer.kind] = count + 1
      return count == 0 ? layer.kind : "\(layer.kind)_\(count)"
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
    switch self {
    case .dense(let dense): dense.text
    case .dropout(let dropout): "dropout(\(dropout.rate))"
    case .flatten: "flatten"
    case .globalAveragePooling: "global_average_pooling"
    case .globalMaxPooling: "global_max_pooling"
    case .activation(let function): "activation(\(function.rawValue))"
    case .batchNormalization(let normalization): normalization.text
    case .unitNormalization: "unit_normalization"
    }
  }
}

extension Dense {
  fileprivate var text: String {
    var options = ["\(units)"]
    if activation != .linear { options.append(activation.rawValue) }
    if !useBias { options.append("use_bias=false") }
    if kernelInitializer != .glorotUniform {
      options.append("kernel_initializer=\(kernelInitializer.rawValue)")
    }
    if biasInitializer != .zeros { options.append("bias_initializer=\(biasInitializer.rawValue)") }
    let prices = [
      ("l1", kernelRegularizer.l1), ("l2", kernelRegularizer.l2), ("bias_l1", biasRegularizer.l1),
      ("bias_l2", biasRegularizer.l2),
    ]
    for (name, price) in prices where price != 0 { options.append("\(name)=\(price)") }
    return "dense(\(options.joined(separator: ", ")))"
  }
}

extension BatchNormalization {
  fileprivate var text: String {
    let usual = BatchNormalization()
    var options: [String] = []
    if momentum != usual.momentum { options.append("momentum=\(momentum)") }
    if epsilon != usual.epsilon { options.append("epsilon=\(epsilon)") }
    if !center { options.append("center=false") }
    if !scale { options.append("scale=false") }
    return "batch_normalization" + (options.isEmpty ? "" : "(\(options.joined(separator: ", ")))")
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
