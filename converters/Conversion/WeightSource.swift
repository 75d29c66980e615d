package import Catalog
import Encoding
package import Files
package import Tensors

/// Weights in a file of any format: layers with their tensors in the file's order, and what the file says of itself.
///
/// Recognition, binding and conversion see nothing else of a file; a format is read by being one of these.
package protocol WeightSource: Sendable {
  /// The file, or what is the file inside an archive that was made to send it: what its digests are of.
  var contents: FileBytes { get }
  var facts: SourceFacts { get }
  /// The layers that have weights, in the file's order; those of a model inside the model are layers like others.
  var layers: [SourceLayer] { get }
  /// The form of the file in a word, for machines, and in words for people: `legacy HDF5`.
  var formName: String { get }
  var formWords: String { get }
  /// Whether a whole model was saved, not its weights alone.
  var isWholeModel: Bool { get }
  /// How many layers it has, those without weights among them as far as it names them.
  var layerCount: Int { get }
  /// Fills `buffer`, of the tensor's byte count, with its elements in row-major order, the lowest byte of each first.
  func read(_ tensor: SourceTensor, into buffer: inout MutableRawSpan) throws
  /// What the file holds besides ``layers``, as far as its format tells.
  func leftAside() throws -> LeftAside
}

/// What a file says of itself besides its tensors.
package struct SourceFacts: Hashable, Sendable {
  /// Every layer's name, also of those without weights, in order.
  package var layerNames: [String]
  /// What the file calls layers that it lists without weights, where ``layerNames`` have none of those; also those of models inside the
  /// model.
  package var unweightedLayers: [String] = []
  /// The layers that are whole models.
  package var nestedModels: [String] = []
  /// The version of the program that wrote the file.
  package var writerVersion: String?
  /// The earliest version that writes files of this form, for one that does not say which did.
  package var earliestWriterVersion: String?
  /// What that program computed with: `tensorflow`, `theano`.
  package var backend: String?
  /// The architecture as JSON, where the whole model was saved.
  package var architecture: String?
  /// The network and its graph that weights alone are of, where the file names them.
  package var origin: WeightOrigin?
  /// The network, where the file describes it in other words than Keras's; and the rows and columns of its images, where it gives both.
  package var network: DescribedNetwork?
  package var imageSize: Extent?
  /// The names of the classes of its classifier, where the file has them.
  package var labels: [String]?
  /// How images are resized for it, where the file says so.
  package var interpolation: Interpolation?
  /// What it was compiled with as JSON, where the whole model was saved and that does not stand in the architecture.
  package var training: String?
  /// How pixels are scaled before the model, where the file says so: one of `Preprocessing.named`.
  package var preprocessing: Preprocessing?
  /// What the file holds besides weights and is not converted, in words: `the optimizer's state`.
  package var others: [String] = []
  /// Whose names and order of axes its tensors have.
  package var framework = Framework.keras
  /// What wrote the file, for people.
  package var writer = "Keras"
  /// What is to be known of where its weights were found, in sentences.
  package var notes: [String] = []

  package init(layerNames: [String]) { self.layerNames = layerNames }
}

/// A layer that has weights.
package struct SourceLayer: Hashable, Sendable {
  package let name: String
  package let tensors: [SourceTensor]
  /// The models that it stands in, outermost first, and its own name, as far as the file tells: a legacy file tells the
  /// outermost.
  package let path: [String]

  package init(name: String, tensors: [SourceTensor], path: [String]? = nil) {
    (self.name, self.tensors, self.path) = (name, tensors, path ?? [name])
  }

  /// Its tensors but a counter of what a normalisation has seen, which nothing is computed with.
  var weights: [SourceTensor] { tensors.filter { $0.role != "count" } }
}

/// A tensor, and where it is.
package struct SourceTensor: Hashable, Sendable {
  /// As the file's lists have it: `conv1/kernel:0`.
  package let name: String
  /// Absolute inside the file: `/conv1/conv1/kernel:0`.
  package let path: String
  package let shape: TensorShape
  package let scalarType: ScalarType
  /// The role its name tells, if it does.
  package let role: String?
  /// Its extents in the file, where it is read in another order than it has there; nil where not.
  package let storedShape: TensorShape?

  package init(
    name: String, path: String, shape: TensorShape, scalarType: ScalarType, role: String?,
    storedShape: TensorShape? = nil
  ) {
    (self.name, self.path, self.shape) = (name, path, shape)
    (self.scalarType, self.role, self.storedShape) = (scalarType, role, storedShape)
  }

  /// The size of its elements.
  package var byteCount: Int { shape.elementCount * scalarType.byteCount }
}

extension WeightSource {
  package func leftAside() throws -> LeftAside { LeftAside() }
  package var formName: String { "weights" }
  package var formWords: String { "weights" }
  package var isWholeModel: Bool { false }
  package var layerCount: Int { facts.layerNames.count }

  /// Where it is, or what errors call it.
  package var path: String { contents.name }
  /// Its length.
  package var byteCount: Int { contents.byteCount }

  /// The file in numbers, for an error.
  var summary: String {
    let tensors = layers.reduce(0) { $0 + $1.tensors.count }
    let names = layers.prefix(3).map(\.name).joined(separator: ", ")
    return
      "its \(counted(layers.count, "layer")) with \(counted(tensors, "tensor")) (\(names)\(layers.count > 3 ? ", ..." : ""))"
  }
}
