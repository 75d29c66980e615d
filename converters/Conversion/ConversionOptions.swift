public import Catalog
public import Tensors

/// What to insist on when a weight file is recognised and converted; normally nothing: the file's content decides.
public struct ConversionOptions: Hashable, Sendable {
  /// Take the file for this network of the catalog; nil for the one that fits.
  public var network: String?
  /// Where the text is that Keras's `model.to_json()` wrote, for a file of weights that names no layers; nil where the file
  /// tells, or the catalog does.
  public var architecture: String?
  /// Take this variant of the network's graph; nil for the one that the file's weight set belongs to.
  public var graph: String?
  /// Take the kernels to be in this order; nil for what the file shows.
  public var kernels: KernelOrder?
  /// Leave out the classifier's layers of a file that has them; otherwise such a file is refused.
  public var dropsTop: Bool
  /// Store kernels as this: `float16` and `bfloat16` take half the room, biases and the statistics of normalisations
  /// then stay `float32`. Nil for what the file has.
  public var scalarType: ScalarType?

  /// Lets the file's content decide what is nil.
  public init(
    network: String? = nil, architecture: String? = nil, graph: String? = nil, kernels: KernelOrder? = nil,
    dropsTop: Bool = false,
    scalarType: ScalarType? = nil
  ) {
    self.network = network
    self.architecture = architecture
    self.graph = graph
    self.kernels = kernels
    self.dropsTop = dropsTop
    self.scalarType = scalarType
  }
}
