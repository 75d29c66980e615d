public import Catalog
public import Tensors

/// Options of a conversion. None is needed as a rule: the file's content decides.
public struct ConversionOptions: Hashable, Sendable {
  /// Treat the file as this network of the catalog; nil for the one that fits.
  public var network: String?
  /// The path of an architecture that Keras's `model.to_json()` wrote, for a weight file without layer names; nil if
  /// the file or the catalog has it.
  public var architecture: String?
  /// Use this variant of the network's graph; nil for the one of the file's weight set.
  public var graph: String?
  /// Treat the kernels as being in this order; nil to find it from the file.
  public var kernels: KernelOrder?
  /// Leave out the classifier's layers of a file that has them; otherwise they are converted where the file describes them,
  /// and such a file is refused where it does not.
  public var dropsTop: Bool
  /// The layer whose output are the features: what stands behind it is left out with its tensors, be it a classifier, the layers of an
  /// embedding, or the upper part of a network. By its name in a whole model, or, of weights alone, in the catalog's network. Nil for
  /// where the graph says that features end.
  public var layer: String?
  /// The preprocessing for a whole model that is not in the catalog; nil to find it from the graph.
  public var preprocessing: Preprocessing?
  /// How images are resized for it where nobody says otherwise: what the model was trained with; nil for Keras's default.
  public var interpolation: Interpolation?
  /// The names of the classes, in the order of the outputs of a classifier that is converted; nil for `0`, `1` and so on.
  public var labels: [String]?
  /// Store kernels as this type: `float16` and `bfloat16` take half the space, biases and the statistics of
  /// normalisations then stay `float32`. Nil for what the file has.
  public var scalarType: ScalarType?

  /// Whether the file's own graph is followed also where the catalog's network computes the same.
  package var followsOwnGraph = false

  /// Whether layers that classify are no part of what is converted.
  var leavesOut: Bool { dropsTop || layer != nil }

  /// Makes options; what is nil is found from the file's content.
  public init(
    network: String? = nil, architecture: String? = nil, graph: String? = nil, kernels: KernelOrder? = nil,
    dropsTop: Bool = false, layer: String? = nil, preprocessing: Preprocessing? = nil,
    interpolation: Interpolation? = nil, labels: [String]? = nil, scalarType: ScalarType? = nil
  ) {
    self.network = network
    self.architecture = architecture
    self.graph = graph
    self.kernels = kernels
    self.dropsTop = dropsTop
    self.layer = layer
    self.preprocessing = preprocessing
    self.interpolation = interpolation
    self.labels = labels
    self.scalarType = scalarType
  }
}
