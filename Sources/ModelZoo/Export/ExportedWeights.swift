import Catalog
import Tensors
import Training

/// The weights of an export, layer by layer in Keras's order: of a network all that it has, of a trained model those it computes with, its
/// head's behind them.
struct ExportedWeights {
  /// All layers, those without weights among them, under the names they have here.
  let layers: [(layer: Layer, parameters: [Parameter])]
  private let network: ExportedNetwork

  /// - Parameter isOfGraph: of a network, too, those alone that it computes its features with.
  init(_ export: ModelExport, ofGraph isOfGraph: Bool = false) throws {
    network = try export.network()
    let graph = export.model == nil && !isOfGraph ? try export.backbone.network.graph() : network.layers
    let shape = export.backbone.inputShape
    let owned = Dictionary(
      grouping: try graph.parameters(height: shape[0], width: shape[1]), by: \.layer)
    layers = graph.layers.map { ($0, owned[$0.name] ?? []) }
  }

  /// All parameters, in order.
  var parameters: [Parameter] { layers.flatMap(\.parameters) }

  /// How many values there are.
  var valueCount: Int { parameters.reduce(0) { $0 + $1.shape.elementCount } }

  /// The layers under names that Keras takes: those of the head without what tells them apart here, and none twice.
  ///
  /// - Parameter keepsSlashes: whether names may have slashes, which Keras 3 refuses; there is a `_` for each where not.
  func kerasLayers(withSlashes keepsSlashes: Bool = true) -> [(layer: Layer, parameters: [Parameter])] {
    func plain(_ name: String) -> String { keepsSlashes ? name : name.replacing("/", with: "_") }
    var (taken, names): (Set<String>, [String: String]) = ([], [:])
    let isOfHead = layers.map { $0.layer.name.hasPrefix(HeadModel.prefix) }
    for (index, layer) in layers.enumerated() where !isOfHead[index] {
      names[layer.layer.name] = Self.free(plain(layer.layer.name), &taken)
    }
    for (index, layer) in layers.enumerated() where isOfHead[index] {
      names[layer.layer.name] = Self.free(
        plain(String(layer.layer.name.dropFirst(HeadModel.prefix.count))), &taken)
    }
    return layers.map { layer, parameters in
      let inputs = layer.inputs.map { names[$0] ?? $0 }
      return (
        Layer(name: names[layer.name] ?? layer.name, operation: layer.operation, inputs: inputs), parameters
      )
    }
  }

  /// The layers of the network that have other names in an export, each with that name.
  func names(in exported: [(layer: Layer, parameters: [Parameter])]) -> [(own: String, exported: String)] {
    zip(layers, exported).map { ($0.layer.name, $1.layer.name) }
      .filter { $0.0 != $0.1 && !$0.0.hasPrefix(HeadModel.prefix) }
  }

  /// The names of the first and the last layer, and what goes in and comes out.
  var ends: (input: TensorShape, output: TensorShape) {
    get throws { (network.backbone.inputShape, try network.outputShape) }
  }

  /// The layers' names here by those that Keras takes.
  var namesByKeras: [String: String] {
    Dictionary(zip(kerasLayers().map(\.layer.name), layers.map(\.layer.name))) { first, _ in first }
  }

  /// A name that no layer has yet: the one that is wished for, or that with a number.
  private static func free(_ wish: String, _ taken: inout Set<String>) -> String {
    var (name, number) = (wish, 1)
    while !taken.insert(name).inserted {
      name = "\(wish)_\(number)"
      number += 1
    }
    return name
  }

  /// A parameter's numbers as they are stored.
  func view(of parameter: Parameter) throws -> TensorView {
    guard let view = try network.tensor(named: parameter.name), view.shape == parameter.shape else {
      throw ModelZooError.otherTensors(
        archive: network.backbone.path, network: network.backbone.identifier,
        problems: ["\(parameter.name) is not there in its shape"])
    }
    return view
  }

  /// A parameter's numbers in single precision.
  ///
  /// - Throws: ``ModelZooError/unexportable(archive:tensor:type:)`` for those that single precision would round.
  func values(of parameter: Parameter) throws -> [Float] {
    let view = try view(of: parameter)
    guard view.scalarType != .float64, let values = view.floats() else {
      throw ModelZooError.unexportable(
        archive: network.backbone.path, tensor: parameter.name, type: view.scalarType.rawValue)
    }
    return values
  }
}
