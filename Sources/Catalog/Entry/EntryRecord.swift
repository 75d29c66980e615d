import Tensors

/// An entry's file, field by field, before anything is checked against anything else.
struct EntryRecord: Hashable {
  var identifier: String
  var title: String
  var kerasName: String
  var paper: String
  var licence: String
  var imageNet: PublishedAccuracy?
  var preprocessing: Preprocessing
  var defaultSize: Extent
  var minimumSize: Extent
  /// What rows and columns are multiples of, where the graph is right for such images only; 1 for any.
  var sizeMultiple = 1
  /// The layer ahead of which features are pooled where they are; nil where that is behind the last.
  var poolsAhead: String?
  var claims: Claims
  var defaults: LayerDefaults
  var blocks: [BlockRecord]
  var variants: [VariantRecord]

  /// The version of the format that this code reads and writes.
  static let format = 1
}

/// How well a network with its published weights does on ImageNet's validation images, as its documentation states it.
public struct PublishedAccuracy: Hashable, Sendable {
  /// Of a hundred images, how many are of the class that the network holds for the likeliest.
  public var top1: Double
  /// The address where that is stated.
  public var source: String
}

/// A run of layers under one name.
struct BlockRecord: Hashable {
  var name: String
  /// An earlier block this one claims to equal.
  var sameAs: String?
  var layers: [Layer]
}

/// A graph variant: what is done to the graph as written, in this order.
struct VariantRecord: Hashable {
  var name: String
  /// Which software has this graph, and how it differs.
  var note: String
  /// Layers whose weights are as Keras begins with them in files of this graph, and in no others.
  var initial: [String] = []
  /// Whose files have this graph.
  var framework = Framework.keras
  /// What happens to a pixel, where that is not what happens to it for the graph as written.
  var preprocessing: Preprocessing?
  /// Layers taken out; whoever read one reads its input instead.
  var omit: [String] = []
  /// Layers put in behind the last that they read; a line of ``replace`` reads them.
  var insert: [Layer] = []
  /// Layers whose line is another.
  var replace: [Layer] = []
  /// Layers added behind the last.
  var append: [Layer] = []
  /// Whether convolutions have a bias.
  var bias: Bool?
  /// Whether batch normalisations multiply by a gamma.
  var scale: Bool?
  /// The epsilon of every batch normalisation.
  var epsilon: Double?
  /// How much of its averages every batch normalisation keeps when it is trained; those of another program than Keras have the usual
  /// one where it is nil.
  var momentum: Double?
  var minimumSize: Extent?
  var claims = Claims()

  /// Whether it is the graph as written, under a name.
  var changesNothing: Bool {
    let plain = VariantRecord(name: name, note: note, initial: initial, framework: framework)
    return self == plain
  }
}

/// What an entry says about its graph, to be recomputed by the validator. A variant repeats only what differs.
package struct Claims: Hashable, Sendable {
  package var layers: Int?
  package var parameters: Int?
  package var trainable: Int?
  package var nonTrainable: Int?
  /// The last layer's shape at the default size, `[H, W, C]`.
  package var output: [Int]?
  /// The same at the minimum size.
  package var outputAtMinimum: [Int]?
  /// The smallest image every layer's window fits into; the minimum size may be a larger one by convention.
  package var smallestSize: Extent?

  init() {}

  /// These claims where they are made, `others` elsewhere.
  func filled(from others: Claims) -> Claims {
    var claims = self
    claims.layers = layers ?? others.layers
    claims.parameters = parameters ?? others.parameters
    claims.trainable = trainable ?? others.trainable
    claims.nonTrainable = nonTrainable ?? others.nonTrainable
    claims.output = output ?? others.output
    claims.outputAtMinimum = outputAtMinimum ?? others.outputAtMinimum
    claims.smallestSize = smallestSize ?? others.smallestSize
    return claims
  }
}
