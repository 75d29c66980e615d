import Catalog
import Tensors

extension Permute: Lowered {
  func lower(_ layer: Layer, into network: inout Lowering) -> Int {
    let source = network.input(of: layer)
    let size = network.graph[source].size
    // Shapes of fewer axes are images of fewer rows and columns: their axes are the last ones.
    let missing = 3 - axes.count
    let order = (0..<missing).map { $0 } + axes.map { $0 - 1 + missing }
    let sources = order.compactMap { Selection.Axis(rawValue: $0) }
    let positions = sources.map { Selection.Positions(all: $0, of: size) }
    let selection = Selection(rows: positions[0], columns: positions[1], channels: positions[2])
    return network.append(.select(selection), for: layer, reading: [source])
  }
}
