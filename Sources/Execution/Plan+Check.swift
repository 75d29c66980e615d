package import Catalog
import Kernels
package import Tensors

extension Plan {
  /// Goes through what planning `graph` takes but for the numbers: the shapes of all layers and their lowering.
  ///
  /// What passes can be planned and run with any numbers, in as much memory as that takes.
  ///
  /// - Returns: the shape of the one output, as ``outputShape`` will be.
  /// - Throws: ``ExecutionError/invalidGraph(layer:problem:)``, ``ExecutionError/unknownLayer(_:nearest:)``.
  /// - Complexity: O(layers), and as much memory as the parameters that are no kernels.
  package static func check(
    _ graph: LayerGraph, height: Int, width: Int, options: Options = Options()
  ) throws -> TensorShape {
    let graph = try graph.ending(in: options.outputs)
    let source = try ParameterSource(declaredBy: graph, height: height, width: width)
    let network = try Lowering.graph(
      graph, height: height, width: width, parameters: source, outputs: options.outputs
    ).simplified
    guard options.pooling == .none else { return [network[network.outputs[0]].size.channels] }
    return try shapes(of: graph, height: height, width: width, options.outputs)[0]
  }
}
