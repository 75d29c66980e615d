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
    /// The features `[H, W, C]` that a dense kernel of PyTorch reads flattened, channel by channel; nil for any other.
    let flattened: TensorShape?

    init(
      parameter: Parameter, tensor: SourceTensor, sourceShape: TensorShape? = nil,
      flattened: TensorShape? = nil
    ) {
      (self.parameter, self.tensor, self.flattened) = (parameter, tensor, flattened)
      self.sourceShape = sourceShape ?? parameter.shape
    }

    /// Whether the tensor has that shape in the order of axes; one number may have any number of axes.
    func fits(_ order: AxisOrder) -> Bool {
      order.shape(of: sourceShape, role: parameter.role) == tensor.shape
        || sourceShape.elementCount == 1 && tensor.shape.elementCount == 1
        || order == .pytorch && sourceShape.rank == 1
          && tensor.shape.dimensions == sourceShape.dimensions + [1, 1]
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
    top: [SourceLayer] = [], axisOrder known: AxisOrder? = nil
  ) {
    (self.pairs, self.sourceLayers) = (pairs, sourceLayers)
    (self.missing, self.unused, self.top) = (missing, unused, top)
    let order = known ?? Self.axisOrder(of: pairs)
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
    let others = Surplus(file, match, binding)
    self.init(
      pairs: pairs, sourceLayers: match.found.mapValues(\.name), missing: missing,
      unused: unused + others.unused.flatMap(\.tensors), top: others.top,
      axisOrder: file.facts.framework == .pyTorch ? .pytorch : nil)
  }

  /// Layers of a file that are not bound: those of a classifier, and those that do not belong to the network.
  private struct Surplus {
    var top: [SourceLayer] = []
    var unused: [SourceLayer] = []

    init(_ file: any WeightSource, _ match: LayerMatch, _ binding: WeightBinding) {
      let others = file.layers.enumerated().filter { other in
        match.leftOver.contains(other.element.name)
          && !binding.leftOut.contains { other.element.name.hasPrefix($0) }
      }
      switch file.facts.framework {
      case .keras, .onnx:
        // Where nothing is bound, nothing is on top of it either.
        let lastBound = file.layers.lastIndex { !match.leftOver.contains($0.name) } ?? file.layers.count
        unused = others.filter { $0.offset < lastBound }.map(\.element)
        top = others.filter { $0.offset > lastBound }.map(\.element)
      case .pyTorch:
        // Order says nothing in a dictionary: what belongs to one of the network's own parts is not on top of it.
        let parts = Set(match.found.values.map { Self.part($0.name) })
        for (_, layer) in others {
          let isPart = parts.isEmpty || parts.contains(Self.part(layer.name))
          if isPart, !binding.classifier.contains(layer.name) {
            unused.append(layer)
          } else {
            top.append(layer)
          }
        }
      }
    }

    /// `layer1` of `layer1.0.conv1`.
    private static func part(_ name: String) -> Substring { name.prefix { $0 != "." } }
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
    "\(pair.parameter.name): expected \(axisOrder.shape(of: pair.sourceShape, role: pair.parameter.role)), found \(pair.tensor.shape)"
  }

  /// The same with more pairs.
  func adding(_ more: [Pair]) -> Alignment {
    Alignment(
      pairs: pairs + more, sourceLayers: sourceLayers, missing: missing, unused: unused, top: top,
      axisOrder: axisOrder == .pytorch ? .pytorch : nil)
  }

  /// The axis order that more kernels agree with; ours when nothing tells them apart.
  private static func axisOrder(of pairs: [Pair]) -> AxisOrder {
    func agreeing(_ order: AxisOrder) -> Int {
      pairs.count { order.shape(of: $0.sourceShape, role: $0.parameter.role) == $0.tensor.shape }
    }
    return agreeing(.oihw) > agreeing(.hwio) ? .oihw : .hwio
  }
}

extension AxisOrder {
  /// The shape a parameter of `shape` (ours) has in this order; only kernels change, in PyTorch those of dense layers, too.
  package func shape(of shape: TensorShape, role: String) -> TensorShape {
    switch self {
    case .pytorch where shape.rank == 4 && role == "depthwise_kernel":
      TensorShape([shape[2] * shape[3], 1, shape[0], shape[1]])
    case .oihw where shape.rank == 4, .pytorch where shape.rank == 4:
      TensorShape([shape[3], shape[2], shape[0], shape[1]])
    case .pytorch where shape.rank == 2: TensorShape([shape[1], shape[0]])
    default: shape
    }
  }
}
