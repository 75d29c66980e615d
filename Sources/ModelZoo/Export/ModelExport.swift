import Catalog
import Errors
import Files
import TensorArchive
public import Tensors
import Training

/// A network to be written in a format of another program: with its head, where it is a trained model, otherwise for its features.
///
/// ```swift
/// let export = try ModelExport(contentsOf: "animals.zoo.safetensors")
/// try export.write(to: "animals.onnx", as: .onnx(ONNXOptions()))
/// ```
public struct ModelExport: Sendable {
  /// What the exported model gives.
  public enum Output: String, Hashable, Sendable {
    /// The network's features.
    case features
    /// A probability for each label.
    case probabilities
  }

  /// The network.
  public let backbone: Backbone
  /// The trained model that it belongs to; nil for a network alone.
  public let model: TrainedModel?
  /// The files that are read: none of them is replaced.
  public let readPaths: [String]

  /// Exports the features of a network, as its options have them.
  public init(_ backbone: Backbone) {
    (self.backbone, model, readPaths) = (backbone, nil, [backbone.path])
  }

  /// Exports a trained model: image in, probabilities out.
  public init(_ model: TrainedModel) { self.init(model, readPaths: [model.backbone.path]) }

  private init(_ model: TrainedModel, readPaths: [String]) {
    (backbone, self.model, self.readPaths) = (model.backbone, model, readPaths)
  }

  /// Opens an archive: a trained model is exported with its head, unless a layer or a pooling of features is asked for.
  ///
  /// - Parameters:
  ///   - path: the archive.
  ///   - options: of the network; those of a trained model are its own, but for the size.
  /// - Throws: what loading a ``Backbone`` or a ``TrainedModel`` throws.
  public init(contentsOf path: String, options: BackboneOptions = BackboneOptions()) throws {
    let archive = try Archive(contentsOf: path)
    let asksForFeatures = options.layer != nil || options.pooling != .automatic
    guard ModelSections(archive) != nil, !asksForFeatures else {
      self.init(try Backbone(contentsOf: path, options: options, images: 1))
      return
    }
    guard options == BackboneOptions() else {
      throw ModelZooError.modelsOwnImages(archive: path)
    }
    let model = try TrainedModel(contentsOf: path, images: 1)
    self.init(model, readPaths: [path, model.backbone.path])
  }

  /// What comes out.
  public var output: Output { model == nil ? .features : .probabilities }

  /// The names of the classes, in the order of the probabilities; empty for features.
  public var labels: [String] { model?.labels ?? [] }

  /// What should be known before the exported model is used: of features what a ``Backbone`` warns of, and how images must be read
  /// where that is unusual.
  public var warnings: [String] {
    let isGray = backbone.recipe.colorMode == .grayscale && backbone.inputShape[2] > 1
    let colours =
      "\(backbone.identifier): was given grey images in training: all channels of an image must be its luminance"
    return (model == nil ? backbone.warnings : []) + (isGray ? [colours] : [])
  }

  /// How many values are written in a format.
  ///
  /// - Throws: `CatalogError` for a network that does not fit together.
  public func valueCount(as format: ExportFormat) throws -> Int {
    switch format {
    case .onnx, .keras: try exportedParameters().reduce(0) { $0 + $1.shape.elementCount }
    case .npz, .kerasWeights, .kerasH5: try ExportedWeights(self).valueCount
    case .torch(let leavesOutHead):
      try torchExport(leavesOutHead).tensors.reduce(0) { $0 + $1.shape.elementCount }
    }
  }

  /// The weights of the graph from the image to the output.
  func exportedParameters() throws -> [Parameter] {
    try network().layers.parameters(height: backbone.inputShape[0], width: backbone.inputShape[1])
  }

  /// Writes the network in another format, complete or not at all.
  ///
  /// - Parameters:
  ///   - path: where; a file that is read is not replaced.
  ///   - format: the format, with its options.
  ///   - progress: told after every tensor how many of all values were written. What it throws ends the work.
  /// - Returns: what was written.
  /// - Throws: `ONNXError` for a layer that the format has nothing for, `TorchWeightsError` for a graph that torchvision does not
  ///   compute, `ArchiveError` for damaged weights, `FileError` where the file cannot be written or is read.
  /// - Complexity: O(bytes) time; memory for a few copies of the largest tensor.
  @discardableResult
  public func write(
    to path: String, as format: ExportFormat,
    progress: (_ done: Int, _ total: Int) throws -> Void = { _, _ in }
  ) throws -> ExportSummary {
    try refuseReplacing(path)
    switch format {
    case .onnx(let options): return try writeONNX(to: path, options, progress)
    case .npz: return try writeNumPy(to: path, progress)
    case .kerasWeights: return try writeVariables(to: path, progress)
    case .kerasH5(let era): return try writeLegacy(to: path, era: era, progress)
    case .keras: return try writeKeras(to: path, progress)
    case .torch(let leavesOutHead): return try writeTorch(to: path, leavesOutHead: leavesOutHead, progress)
    }
  }

  /// The same on a thread of its own.
  ///
  /// - Parameters:
  ///   - path: where.
  ///   - format: the format, with its options.
  /// - Returns: the work; cancelled, it stops within a tensor, and `path` is as it was.
  public func start(to path: String, as format: ExportFormat) -> Job<ExportEvent, ExportSummary> {
    Job(superseding: { _, _ in true }) { context in
      try write(to: path, as: format) { done, total in
        try context.cancellation.check()
        context.report(.values(done: done, total: total))
      }
    }
  }

  func refuseReplacing(_ path: String) throws(FileError) {
    for input in readPaths where FileIdentity.areSame(input, path) {
      throw .isInput(path: path, input: input)
    }
  }

  /// The graph from the image to the output.
  func network() throws -> ExportedNetwork { try ExportedNetwork(backbone, head: model?.head) }
}

/// What happens during an export.
public enum ExportEvent: Hashable, Sendable {
  /// So many of all values are written.
  case values(done: Int, total: Int)
}

/// What an export wrote.
public struct ExportSummary: Hashable, Sendable {
  /// The file.
  public let path: String
  /// The second file, in the same folder, where the weights are apart; without it the first is of no use.
  public let weightsPath: String?
  /// The size of all files in bytes.
  public let byteCount: Int
  /// How many tensors of the network are in them.
  public let tensorCount: Int
  /// How many values those have.
  public let valueCount: Int
  /// The name of the input and its extents, those of one image; nil for weights alone.
  public let input: Place?
  /// The name of the output and its extents, those of one image; nil for weights alone.
  public let output: Place?
  /// What the output is; nil for weights alone.
  public let kind: ModelExport.Output?
  /// What differs from the archive though it computes the same, such as names; one sentence each.
  public let notes: [String]

  /// A name with extents.
  public struct Place: Hashable, Sendable {
    /// The name.
    public let name: String
    /// The extents, without the batch's.
    public let shape: TensorShape
  }
}
