package import Catalog
package import Tensors

/// A file laid over an entry by way of one weight set's binding: who belongs to whom, and what does not fit.
struct Alignment: Sendable {
  /// A parameter of the entry and the tensor that holds it.
  struct Pair: Hashable, Sendable {
    let parameter: Parameter
    let tensor: SourceTensor
    /// The shape that the tensor is to have: that of the parameter, or one of the same elements in the same order.
    let sourceShape: TensorShape

    init(parameter: Parameter, tensor: SourceTensor, sourceShape: TensorShape? = nil) {
      (self.parameter, self.tensor) = (parameter, tensor)
      self.sourceShape = sourceShape ?? parameter.shape
    }

    /// Whether the tensor has that shape in the order of axes; one number may have any number of axes.
    func fits(_ order: AxisOrder) -> Bool {
      order.shape(of: sourceShape) == tensor.shape
        || sourceShape.elementCount == 1 && tensor.shape.elementCount == 1
    }
  }

  let pairs: [Pair]
  /// Layers of the entry, each with its name in the file.
  let sourceLayers: [String: String]
  let missing: [Parameter]
  /// Tensors in layers that are bound, or that stand among bound ones.
  let unused: [SourceTensor]
  /// Layers that come after all bound ones: a classifier.
  let top: [SourceLayer]
  let axisOrder: AxisOrder
  /// Pairs whose tensor has not the shape of its parameter in that axis order.
  let wrongShape: [Pair]

  /// How far from fitting; 0 fits, whatever is on top.
  var distance: Int { missing.count + unused.count + wrongShape.count }

  /// Pairs that were found otherwise than by a binding.
  init(
    pairs: [Pair], sourceLayers: [String: String], missing: [Parameter], unused: [SourceTensor],
    top: [SourceLayer] = []
  ) {
    (self.pairs, self.sourceLayers) = (pairs, sourceLayers)
    (self.missing, self.unused, self.top) = (missing, unused, top)
    let order = Self.axisOrder(of: pairs)
    axisOrder = order
    wrongShape = pairs.filter { !$0.fits(order) }
  }

  init(_ file: any WeightSource, parameters: [Parameter], binding: WeightBinding) {
    let groupedParameters = Dictionary(grouping: parameters, by: \.layer)
    let match = LayerMatch(file.layers, binding: binding)
    var pairs: [Pair] = []
    var missing: [Parameter] = []
    var unused: [SourceTensor] = []
    for (layer, _) in binding.groups {
      let wanted = groupedParameters[layer] ?? []
      let roles = RoleMatch(match.found[layer]?.weights ?? [], wanted: wanted)
      pairs += roles.pairs
      missing += roles.missing
      unused += roles.unused
    }
    // Where nothing is bound, nothing is on top of it either.
    let lastBound = file.layers.lastIndex { !match.leftOver.contains($0.name) } ?? file.layers.count
    let others = file.layers.enumerated().filter { match.leftOver.contains($0.element.name) }
    unused += others.filter { $0.offset < lastBound }.flatMap(\.element.tensors)
    self.init(
      pairs: pairs, sourceLayers: match.found.mapValues(\.name), missing: missing, unused: unused,
      top: others.filter { $0.offset > lastBound }.map(\.element))
  }

  /// Layers told by their order alone, as Keras tells those of a legacy file: the first of the file's is the first of the network's
  /// and so on; nil where one does not fit. What stands behind them is on top.
  ///
  /// - Parameter layers: those of the network that have weights, in the file's order.
  init?(inOrder file: any WeightSource, parameters: [Parameter], layers: [String]) {
    guard file.layers.count >= layers.count else { return nil }
    let wanted = Dictionary(grouping: parameters, by: \.layer)
    var pairs: [Pair] = []
    var sourceLayers: [String: String] = [:]
    for (layer, source) in zip(layers, file.layers) {
      let roles = RoleMatch(source.weights, wanted: wanted[layer] ?? [])
      guard roles.missing.isEmpty, roles.unused.isEmpty,
        roles.pairs.allSatisfy({ $0.fits(.hwio) })
      else { return nil }
      pairs += roles.pairs
      sourceLayers[layer] = source.name
    }
    self.init(
      pairs: pairs, sourceLayers: sourceLayers, missing: [], unused: [],
      top: Array(file.layers.dropFirst(layers.count)))
  }

  /// Both shapes of a pair that does not fit, in a sentence.
  func words(ofWrongShape pair: Pair) -> String {
    "\(pair.parameter.name): expected \(axisOrder.shape(of: pair.sourceShape)), found \(pair.tensor.shape)"
  }

  /// The same with more pairs.
  func adding(_ more: [Pair]) -> Alignment {
    Alignment(
      pairs: pairs + more, sourceLayers: sourceLayers, missing: missing, unused: unused, top: top)
  }

  /// The axis order that more kernels agree with; ours when nothing tells them apart.
  private static func axisOrder(of pairs: [Pair]) -> AxisOrder {
    func agreeing(_ order: AxisOrder) -> Int {
      pairs.count { order.shape(of: $0.sourceShape) == $0.tensor.shape }
    }
    return agreeing(.oihw) > agreeing(.hwio) ? .oihw : .hwio
  }
}

extension AxisOrder {
  /// The shape a parameter of `shape` (ours) has in this order; only kernels of four axes change.
  package func shape(of shape: TensorShape) -> TensorShape {
    switch self {
    case .oihw where shape.rank == 4: TensorShape([shape[3], shape[2], shape[0], shape[1]])
    default: shape
    }
  }
}
