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
  /// Leave out the classifier's layers of a file that has them; otherwise they are converted where the file describes them,
  /// and such a file is refused where it does not.
  public var dropsTop: Bool
  /// How images become the input of a network that the file describes itself; nil for what the file shows.
  public var preprocessing: Preprocessing?
  /// The names of the classes, in the order of the outputs of a classifier that is converted; nil for `0`, `1` and so on.
  public var labels: [String]?
  /// Store kernels as this: `float16` and `bfloat16` take half the room, biases and the statistics of normalisations
  /// then stay `float32`. Nil for what the file has.
  public var scalarType: ScalarType?

  /// Lets the file's content decide what is nil.
  public init(
    network: String? = nil, architecture: String? = nil, graph: String? = nil, kernels: KernelOrder? = nil,
    dropsTop: Bool = false, preprocessing: Preprocessing? = nil, labels: [String]? = nil,
    scalarType: ScalarType? = nil
  ) {
    self.network = network
    self.architecture = architecture
    self.graph = graph
    self.kernels = kernels
    self.dropsTop = dropsTop
    self.preprocessing = preprocessing
    self.labels = labels
    self.scalarType = scalarType
  }
}
