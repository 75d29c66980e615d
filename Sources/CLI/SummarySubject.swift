import Catalog
import Files
import Foundation
import KerasWeights
import TensorArchive
import Tensors
import Training

/// What `zoo summary` is asked about: a graph with its size, and which of its layers are frozen.
struct SummarySubject {
  var name: String
  var graph: LayerGraph
  var size: Extent
  private let minimumSize: Extent
  /// Layers whose parameters training does not touch.
  var frozen: Set<String> = []
  /// What the layers of a head are called that no graph has.
  private var classNames: [String: String] = [:]

  /// An entry's graph.
  init(_ entry: CatalogEntry, variant: String?) throws(CatalogError) {
    name = entry.kerasName
    graph = try entry.graph(variant: variant)
    size = entry.defaultSize
    minimumSize = try entry.minimumSize(variant: variant)
  }

  /// The subject for images of another size; below the network's minimum it is refused.
  func resized(to size: Extent?) throws(CatalogError) -> SummarySubject {
    guard let size else { return self }
    guard size.height >= minimumSize.height, size.width >= minimumSize.width else {
      throw .inputTooSmall(minimum: minimumSize, found: size)
    }
    var subject = self
    subject.size = size
    return subject
  }

  /// The network of a file: an archive, a trained model or a weight file of Keras.
  init(file path: String, catalog: EntryCatalog) throws {
    guard try Self.isHDF5(path) else {
      try self.init(archive: Archive(contentsOf: path))
      return
    }
    let recognition = try Recognizer(ConversionTarget.all(of: catalog)).recognize(KerasFile(path: path))
    guard recognition.fits else { throw SummaryError.unknownNetwork(file: path) }
    try self.init(catalog.entry(recognition.target.identifier), variant: recognition.graph)
  }

  /// Whether the file starts as HDF5 files do.
  private static func isHDF5(_ path: String) throws -> Bool {
    if let error = SystemError.opening(path) {
      throw CatalogError.unreadable(path: path, reason: error.reasonForReaders)
    }
    guard let file = FileHandle(forReadingAtPath: path) else {
      throw CatalogError.unreadable(path: path, reason: "no permission, or a folder")
    }
    defer { try? file.close() }
    return try file.read(upToCount: 8) == Data([0x89] + Array("HDF\r\n\u{1A}\n".utf8))
  }

  /// What an archive's tensors belong to, with the head of a trained model on top.
  init(archive: Archive) throws {
    guard let sections = archive.manifest?.sections,
      let network = try ArchivedNetwork(sections: sections, place: archive.path)
    else { throw SummaryError.noNetwork(archive: archive.path) }
    try self.init(network.entry, variant: network.variant)
    guard let head = sections["head"] else { return }
    try addHead(json: head, backbone: sections["backbone"], archive)
  }

  /// Puts a trained head on the backbone, cut and pooled as it was trained.
  private mutating func addHead(json: String, backbone: String?, _ archive: Archive) throws {
    guard let backbone,
      let cut = try? JSONDecoder().decode(TrainedBackbone.self, from: Data(backbone.utf8))
    else { throw SummaryError.unreadableHead(archive: archive.path) }
    let head = try HeadModel(json: json) { name in
      guard archive.contains(name) else { return nil }
      let view = try archive.tensor(named: name)
      return view.floats().map { Tensor(shape: view.shape, scalars: $0) }
    }
    name += "_with_head"
    size = Extent(cut.height, cut.width)
    if let layer = cut.layer { graph = try graph.truncated(at: layer) }
    frozen = Set(graph.layers.map(\.name))
    if let pooling = cut.poolingLayer { add(pooling.operation, named: pooling.name) }
    for (layer, name) in zip(head.head.layers, head.head.layerNames) {
      add(layer.operation, named: "head/\(name)")
      classNames["head/\(name)"] = layer.className
    }
  }

  /// What Keras's `model.summary()` tells of it.
  var summary: Summary {
    get throws(CatalogError) {
      var summary = try Summary(
        graph, modelName: name, height: size.height, width: size.width, frozen: frozen)
      for index in summary.rows.indices {
        summary.rows[index].type = classNames[summary.rows[index].name] ?? summary.rows[index].type
      }
      return summary
    }
  }

  private mutating func add(_ operation: any LayerOperation, named name: String) {
    let inputs = graph.layers.last.map { [$0.name] } ?? []
    graph.layers.append(Layer(name: name, operation: operation, inputs: inputs))
  }
}

/// The part of a trained model's `backbone` section that decides shapes.
private struct TrainedBackbone: Decodable {
  var height: Int
  var width: Int
  var layer: String?
  var pooling: String

  /// The layer that pools, by the name Keras gives it.
  var poolingLayer: (name: String, operation: any LayerOperation)? {
    switch pooling {
    case "avg": ("global_average_pooling2d", Catalog.GlobalAveragePooling2D())
    case "max": ("global_max_pooling2d", Catalog.GlobalMaxPooling2D())
    default: nil
    }
  }
}

extension HeadLayer {
  /// The layer in a graph's words. Activations that a graph does not have count as linear: no shape and no parameter
  /// depends on them.
  fileprivate var operation: any LayerOperation {
    switch self {
    case .dense(let layer):
      Catalog.Dense {
        $0.units = layer.units
        $0.useBias = layer.useBias
        $0.activation = Catalog.Activation(kerasName: layer.activation.rawValue) ?? .linear
      }
    case .dropout(let layer): Catalog.Dropout(rate: layer.rate)
    // As a dropout, it changes no shape and learns nothing.
    case .unitNormalization: Catalog.Dropout()
    case .flatten: Catalog.Flatten()
    case .globalAveragePooling: Catalog.GlobalAveragePooling2D()
    case .globalMaxPooling: Catalog.GlobalMaxPooling2D()
    case .activation(let function):
      ActivationLayer(Catalog.Activation(kerasName: function.rawValue) ?? .linear)
    case .batchNormalization(let layer):
      Catalog.BatchNormalization {
        $0.epsilon = layer.epsilon
        $0.scale = layer.scale
        $0.center = layer.center
      }
    }
  }
}

/// Why there is nothing to summarise.
enum SummaryError: ZooError {
  case noNetwork(archive: String)
  case unreadableHead(archive: String)
  case unknownNetwork(file: String)

  var family: ErrorFamily {
    switch self {
    case .noNetwork: .missing
    case .unreadableHead: .malformed
    case .unknownNetwork: .mismatch
    }
  }

  var description: String {
    switch self {
    case .noNetwork(let archive):
      "\(archive): the archive holds tensors, but not the network they belong to; expected one written by "
        + "zoo convert"
    case .unknownNetwork(let file):
      "\(file): the weights fit no network of the catalog; zoo inspect says what they are nearest to"
    case .unreadableHead(let archive):
      "\(archive): the head's description cannot be read; expected what zoo train writes"
    }
  }
}
