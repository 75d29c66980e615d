import Catalog
import Kernels

/// Activations and additions, fused into the node before them where they can be.
extension Draft {
  /// Applies an activation. `layer` is the layer that does nothing else, nil when the activation is part of
  /// the layer that `source` came from.
  mutating func activation(_ kind: Activation, of source: Value, _ layer: Layer?) -> Value {
    if kind == .linear { return source }
    let mayFuse = layer.map { isOnlyReader($0, of: $0.inputs[0]) } ?? true
    let names = layer.map { [$0.name] } ?? []
    let size = nodes[source.node].size
    guard kind == .relu else {
      return append(.activation(kind), for: names, reading: [source.node], size: size)
    }
    if mayFuse, nodes[source.node].rectify(of: names) { return source }
    if let layer, allReaders(of: layer, satisfy: { $0 is SeparableConv2D }) {
      var unrectified = source
      unrectified.isUnrectified = true
      return unrectified
    }
    return append(.rectify, for: names, reading: [source.node], size: size)
  }

  /// Adds the inputs one by one, the first time as the last act of a convolution if one of them comes from
  /// one.
  mutating func addition(_ layer: Layer) -> Value {
    var terms = layer.inputs.indices.map { input(of: layer, $0).node }
    let candidates = terms.indices.filter {
      isOnlyReader(layer, of: layer.inputs[$0]) && nodes[terms[$0]].canAdd
    }
    var sum = terms[0]
    if let last = candidates.max(by: { position(terms[$0]) < position(terms[$1]) }) {
      sum = terms.remove(at: last)
      let other = terms.removeFirst()
      nodes[sum].add(other, of: layer.name)
      order.removeAll { $0 == sum }
      order.append(sum)
    } else {
      terms.removeFirst()
    }
    for term in terms {
      sum =
        append(
          .add(rectifies: false), for: [layer.name], reading: [sum, term], size: size(of: layer.name)
        ).node
    }
    return Value(node: sum)
  }

  private func position(_ node: Int) -> Int { order.firstIndex(of: node) ?? 0 }
}

extension Node {
  /// Replaces negative results with zero as part of this node, if that is possible.
  fileprivate mutating func rectify(of names: [String]) -> Bool {
    switch work {
    case .convolution(var linear):
      linear.rectifies = true
      work = .convolution(linear)
    case .separable(var linear, let rectifiesInput):
      linear.rectifies = true
      work = .separable(linear, rectifiesInput: rectifiesInput)
    case .affine(let affine, rectifies: _): work = .affine(affine, rectifies: true)
    case .add: work = .add(rectifies: true)
    case .rectify: break
    default: return false
    }
    layers += names
    return true
  }

  /// Whether an addition may be this node's last act.
  fileprivate var canAdd: Bool {
    switch work {
    case .convolution(let linear), .separable(let linear, _): linear.isOpen
    default: false
    }
  }

  fileprivate mutating func add(_ other: Int, of layer: String) {
    switch work {
    case .convolution(var linear):
      linear.addsInput = true
      work = .convolution(linear)
    case .separable(var linear, let rectifiesInput):
      linear.addsInput = true
      work = .separable(linear, rectifiesInput: rectifiesInput)
    default: return
    }
    inputs.append(other)
    layers.append(layer)
  }
}
