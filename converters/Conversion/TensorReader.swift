package import Catalog
package import Tensors

/// The tensors of a weight file, one after the other: those of its network in our order of axes and under our names, all others as
/// they are. Counters that nothing is computed with are left out.
package struct TensorReader {
  /// A tensor, what it is, and how it is read.
  package struct Item: Sendable {
    /// The parameter of the network that it is; nil for one that belongs to none, or has another shape than that.
    package let parameter: Parameter?
    /// `conv1/kernel`: the layer and the role by which the network, or else the file, knows it; the file's own name where it has no role.
    package let name: String
    /// As the file names it, absolute inside it.
    package let path: String
    /// The extents in our order.
    package let shape: TensorShape
    /// The extents in the file.
    package let storedShape: TensorShape
    /// The type of its elements.
    package let scalarType: ScalarType
    /// Whether elements stand in another order in the file.
    package let isReordered: Bool
    fileprivate let tensor: SourceTensor
    fileprivate let transform: KernelTransform?
  }

  /// The network's tensors, in its order, then all others, in the file's, then what is left aside.
  package let items: [Item]
  private let stream: TensorStream

  /// - Parameters:
  ///   - recognition: what the file was recognised as, which need not fit; nil for tensors that belong to nothing known.
  ///   - leftAside: tensors besides the file's weights, which follow them under their own names.
  package init(
    _ source: any WeightSource, _ recognition: Recognition?, leftAside: [SourceTensor] = []
  ) {
    let pairs = recognition?.alignment.pairs ?? []
    let wrong = Set(recognition?.alignment.wrongShape ?? [])
    let bound = Set(pairs.map(\.tensor.path))
    let weights: [Item] =
      pairs.map { pair in
        wrong.contains(pair)
          ? Item(pair.tensor, named: pair.parameter.name) : Item(pair, recognition?.transform(of: pair))
      }
      + source.layers.flatMap { layer in
        let roles = Dictionary(layer.tensors.map { ($0.role, 1) }, uniquingKeysWith: +)
        return layer.weights.filter { !bound.contains($0.path) }.map { tensor in
          Item(tensor, named: tensor.name(in: layer, isOnly: roles[tensor.role] == 1))
        }
      }
    items = weights + leftAside.map { Item($0, named: $0.path) }
    stream = TensorStream(source)
  }

  /// Lends the elements of a tensor in the order that its shape says.
  ///
  /// - Throws: an error that names the tensor where the file cannot be read to its end.
  package func withBytes<Result>(of item: Item, _ body: (RawSpan) throws -> Result) throws -> Result {
    try stream.withBytes(of: item.tensor, item.transform, body)
  }
}

extension TensorReader.Item {
  fileprivate init(_ pair: Alignment.Pair, _ transform: KernelTransform?) {
    (parameter, name) = (pair.parameter, pair.parameter.name)
    (path, shape) = (pair.tensor.path, pair.parameter.shape)
    storedShape = pair.tensor.storedShape ?? pair.tensor.shape
    scalarType = pair.tensor.scalarType
    isReordered = pair.tensor.storedShape != nil || transform.map { !$0.isIdentity } ?? false
    (tensor, self.transform) = (pair.tensor, transform)
  }

  fileprivate init(_ tensor: SourceTensor, named name: String) {
    (parameter, self.name, path) = (nil, name, tensor.path)
    (shape, storedShape, scalarType) = (tensor.shape, tensor.shape, tensor.scalarType)
    (isReordered, self.tensor, transform) = (false, tensor, nil)
  }
}

extension SourceTensor {
  /// `conv1/kernel`, by whatever way the file names both.
  ///
  /// - Parameter isOnly: whether no other tensor of the layer has the role.
  fileprivate func name(in layer: SourceLayer, isOnly: Bool) -> String {
    // A role that begins with a point is none of a layer's.
    guard let role, !role.hasPrefix("."), isOnly else { return path }
    return "\(layer.path.joined(separator: "/"))/\(role)"
  }
}
