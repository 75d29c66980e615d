package import Tensors

/// What a layer computes, in Keras's vocabulary: a type an operation, with all there is to know about it.
///
/// Activations are `[N, H, W, C]`, features `[N, C]`; shapes leave the batch axis out. ``LayerOperations`` lists
/// the types; nothing else in this module knows which there are.
package protocol LayerOperation: Hashable, Sendable {
  /// How entries spell it under `op`: `conv`.
  static var keyword: String { get }
  /// The names of Keras's classes that it is, the one that summaries show first.
  static var kerasClasses: [String] { get }
  /// How many layers it reads.
  static var arity: Arity { get }
  /// Its settings in the order in which entries write them.
  static var settings: [LayerSetting<Self>] { get }

  /// The operation with Keras's defaults, and with 1 or nothing where Keras has none.
  init()

  /// The operation as Keras configures it. What cannot be said here is noted in `keras`, all of it.
  init(keras: inout KerasConfiguration)

  /// Says the operation in Keras's configuration; `input` is what it reads, and of an input layer what it gives.
  func describe(in keras: inout KerasMembers, reading input: ActivationShape)

  /// The name of Keras's class for it.
  var kerasClass: String { get }

  /// Whether it changes nothing but the training of a network.
  var isIdentityAtInference: Bool { get }

  /// The same without what only training heeds: all that an answer depends on.
  var atInference: any LayerOperation { get }

  /// The output's shape, by TensorFlow's arithmetic, for as many inputs as the arity says. An input layer is given
  /// the image's `[height, width, nil]`.
  func outputShape(of inputs: [ActivationShape]) throws(ShapeProblem) -> ActivationShape

  /// The arrays of numbers it owns, in Keras's order.
  func parameters(of inputs: [ActivationShape]) throws(ShapeProblem) -> [ParameterDeclaration]

  /// Multiplications of a weight with an activation, each with its addition, for one image: factors, whose product may be
  /// more than can be counted.
  func multiplyAdds(of inputs: [TensorShape], output: TensorShape) -> [Int]

  /// What an output position sees, given what positions of the inputs see; nil where it sees everything.
  func view(of inputs: ReceptiveView) -> ReceptiveView?
}

extension LayerOperation {
  package static var arity: Arity { .one }
  package static var settings: [LayerSetting<Self>] { [] }

  package init(keras: inout KerasConfiguration) { self.init(settingsOf: &keras) }

  package func describe(in keras: inout KerasMembers, reading input: ActivationShape) {
    describeSettings(in: &keras)
  }

  package var kerasClass: String { Self.kerasClasses[0] }
  package var isIdentityAtInference: Bool { false }
  package var atInference: any LayerOperation { self }

  package func parameters(of inputs: [ActivationShape]) throws(ShapeProblem) -> [ParameterDeclaration] { [] }
  package func multiplyAdds(of inputs: [TensorShape], output: TensorShape) -> [Int] { [0] }
  package func view(of inputs: ReceptiveView) -> ReceptiveView? { inputs }

  /// The operation with other settings than Keras's defaults: `Conv2D { $0.filters = 64 }`.
  package init(_ change: (inout Self) -> Void) {
    self.init()
    change(&self)
  }

  /// The operation with the settings that Keras's configuration gives.
  init(settingsOf keras: inout KerasConfiguration) {
    self.init()
    for setting in Self.settings { setting.translate(&self, &keras) }
  }
}

/// An operation that does nothing but apply an activation function.
package protocol ActivationOperation: LayerOperation {
  var activation: Activation { get }
}

extension ActivationOperation {
  package func outputShape(of inputs: [ActivationShape]) throws(ShapeProblem) -> ActivationShape { inputs[0] }
}

/// How many layers an operation reads.
package enum Arity: Hashable, Sendable {
  /// None: it is the network's input.
  case none
  case one
  case two
  case twoOrMore

  /// What is wrong with reading `count` layers, or nil.
  func problem(_ count: Int) -> String? {
    switch self {
    case .none: count == 0 ? nil : "an input reads \(count) layers; expected none"
    case .one: count == 1 ? nil : "it reads \(count) layers; expected one"
    case .two: count == 2 ? nil : "it reads \(count) layers; expected two"
    case .twoOrMore: count >= 2 ? nil : "it reads \(count) layers; expected two or more"
    }
  }
}

/// Why a layer cannot take what it is given.
package struct ShapeProblem: Error {
  package var problem: String
}

/// One array of numbers that an operation owns.
package struct ParameterDeclaration: Hashable, Sendable {
  /// Keras's name for it inside the layer: `kernel`.
  package var role: String
  package var extents: [Int]
  package var isTrainable: Bool

  init(_ role: String, _ extents: [Int], isTrainable: Bool = true) {
    self.role = role
    self.extents = extents
    self.isTrainable = isTrainable
  }
}
