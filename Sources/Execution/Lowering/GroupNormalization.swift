import Catalog

extension GroupNormalization: Lowered {
  func lower(_ layer: Layer, into network: inout Lowering) -> Int {
    let channels = network.graph[network.input(of: layer)].size.channels
    let unit = Standardization(groups: groups == -1 ? channels : groups, span: .image, epsilon: epsilon)
    return network.append(unit, for: layer, scale: scale, center: center)
  }
}
