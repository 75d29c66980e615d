import Catalog
import Execution
import TensorArchive
import Tensors
import Training

/// Whether what the texts of an archive describe can be run: all that loading it takes, but for the numbers of its weights.
///
/// A conversion goes through it before it writes, and a verification after it has read.
enum Rehearsal {
  /// - Parameters:
  ///   - network: the network of the archive.
  ///   - model: what makes a trained model of it; nil for a backbone alone.
  ///   - shape: the shape of the tensor of a name, or nil.
  /// - Throws: what loading the archive would throw.
  /// - Complexity: O(layers).
  static func run(
    _ network: ArchivedNetwork, _ model: ModelSections?, shape: (String) -> TensorShape?
  ) throws {
    let options = try model?.backboneOptions() ?? BackboneOptions(pooling: .none)
    let size = network.size
    let (height, width) = (options.height ?? size.height, options.width ?? size.width)
    try network.entry.checkInputSize(height: height, width: width, variant: network.variant)
    let features = try Plan.check(
      network.graph(), height: height, width: width,
      options: Plan.Options(output: options.layer, pooling: options.pooling.planned))
    if let layer = network.features.layer {
      _ = try Plan.check(
        network.graph(), height: height, width: width, options: Plan.Options(output: layer, pooling: .none))
    }
    guard let model else { return }
    _ = try model.history()
    _ = try model.origin()
    let head = try model.checkHead(shape: shape)
    try model.check(head.inputShape, outputs: head.outputCount, features: features)
  }
}
