import Catalog
import Tensors

/// What a value of an ONNX graph is here.
enum GraphValue {
  /// What a layer gives.
  case maps(Maps)
  /// The image, of which nothing but its pixels was scaled.
  case pixels(Pixels)
  /// Numbers of the file.
  case numbers(StridedNumbers)
  /// Whole numbers, mostly extents; a single one where it is no list.
  case extents([GraphExtent], isList: Bool)
  /// A number that a node says.
  case number(Double)
  /// A part of what is one layer here.
  case part(LayerPart)
  /// What comes of an operator that was refused.
  case nothing
}

/// One extent of a value.
enum GraphExtent: Hashable {
  case number(Int)
  /// How many images there are.
  case batch
  /// Rows or columns of images of any size.
  case open
}

/// What a layer gives, and where its axes are in the graph's.
struct Maps: Hashable {
  var layer: Int
  /// For each axis of the graph behind the batch's, which of the layer's it is: `[2, 0, 1]` of channels first.
  var axes: [Int]
  /// Of one row of numbers: that the graph has those of these maps, rows, columns and channels, channel by channel.
  var flattened: [Int]?

  static let channelsFirst = [2, 0, 1]
  static let channelsLast = [0, 1, 2]

  init(_ layer: Int, axes: [Int]) { (self.layer, self.axes) = (layer, axes) }

  /// One row of numbers.
  init(row layer: Int) { self.init(layer, axes: [0]) }

  var isRow: Bool { axes.count == 1 }
}

/// The image, and what was done to its pixels one by one.
struct Pixels: Hashable {
  struct Step: Hashable {
    enum Kind: Hashable { case multiply, divide, add, subtract }
    var kind: Kind
    /// One for each channel.
    var numbers: [Double]
  }

  /// Which channels of the image these are.
  var channels: [Int]
  var axes: [Int]
  /// Whether it is one channel, without an axis.
  var isSingle = false
  var steps: [Step] = []
}

/// A part of what several operators compute and one layer here.
enum LayerPart {
  /// `erf(x / sqrt(2))`, and a multiple of `1 + erf(x / sqrt(2))`.
  case errorFunction(Maps)
  case twiceDistribution(Maps, Double)
  /// The mean of channels, their distance from it, its square, the mean of that, with epsilon, and the root.
  case mean(Maps)
  case centred(Maps)
  case squared(Maps)
  case variance(Maps)
  case stabilised(Maps, Double)
  case deviation(Maps, Double)
  /// All numbers of one image in the graph's order, as a list.
  case elements(Maps)
  /// Channels in groups, with their axes exchanged or not.
  case groups(Maps, count: Int, isExchanged: Bool)
}

/// A layer that is being made of operators.
struct LayerDraft {
  var name: String
  var operation: any LayerOperation
  var inputs: [Int]
  var shape: ActivationShape
  var weights: [(role: String, numbers: StridedNumbers)] = []
  var isNeverNegative = false
}

extension LayerOperation {
  /// What is put behind a node's name for a layer that only brings values to what the node reads.
  func suffix(besides type: String) -> String {
    if self is ZeroPadding2D, type != "Pad" { return "_pad" }
    if self is Permute, type != "Transpose" { return "_permute" }
    return ""
  }
}

/// Why an operator is no layer here.
struct Refusal: Error {
  var reason: String
  init(_ reason: String) { self.reason = reason }
}

/// A node with the values that it reads.
struct OperatorCall {
  let node: ONNXNode
  /// Nil for those that are left out.
  let inputs: [GraphValue?]
  /// The version of the operators.
  let version: Int

  func input(_ index: Int) -> GraphValue? { inputs.indices.contains(index) ? inputs[index] : nil }

  func integer(_ name: String, _ fallback: Int) throws -> Int {
    guard let attribute = node.attributes[name] else { return fallback }
    guard case .integer(let integer) = attribute else { throw Refusal("its \(name) is no whole number") }
    return integer
  }

  func number(_ name: String, _ fallback: Double) throws -> Double {
    guard let attribute = node.attributes[name] else { return fallback }
    guard case .number(let number) = attribute, number.isFinite else {
      throw Refusal("its \(name) is no number")
    }
    return Double(number)
  }

  func text(_ name: String, _ fallback: String) throws -> String {
    guard let attribute = node.attributes[name] else { return fallback }
    guard case .text(let text) = attribute else { throw Refusal("its \(name) is no text") }
    return text
  }

  func integers(_ name: String) throws -> [Int]? {
    guard let attribute = node.attributes[name] else { return nil }
    guard case .integers(let integers) = attribute else { throw Refusal("its \(name) is no list") }
    return integers
  }
}
