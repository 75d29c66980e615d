import Catalog
import Encoding
import Errors
import Files
public import TensorArchive
import Tensors
import TorchWeights
import Training
import WeightConversion

/// The weights of an archive as a network of torchvision, or of timm, has them: what `load_state_dict` takes.
///
/// ```swift
/// let export = try NetworkCatalog().torchExport(of: "backbone.zoo.safetensors")
/// try export.write(to: "state.safetensors")    // model.load_state_dict(safetensors.torch.load_file(...))
/// ```
public struct TorchExport: Sendable {
  /// The archive as it was named.
  public let archive: String
  /// The network in the catalog.
  public let network: String
  /// What such a file is, in words: `state_dict() of torchvision.models.NAME`.
  public let title: String
  /// Every tensor of the file, by PyTorch's name and in its shape; counters of batches, which are 0, among them.
  public let tensors: [TensorDeclaration]
  /// The modules of the classifier, as PyTorch calls them, that the file has no tensors of, since the archive has no head.
  public let missingModules: [String]
  /// What is to be known of loading the file, in sentences.
  public let notes: [String]

  private let source: Archive
  private let file: StateDictionaryFile

  /// The size of all tensors in bytes.
  public var payloadByteCount: Int { file.payloadByteCount }

  init(_ path: String, _ catalog: EntryCatalog, leavesOutHead: Bool) throws {
    let archive = try Archive(contentsOf: path)
    guard !archive.isCheckpoint,
      let network = try ArchivedNetwork(sections: archive.manifest?.sections ?? [:], place: path)
    else { throw ModelZooError.withoutNetwork(archive) }
    let match = try TorchGraph(of: network, path, catalog)
    let head = try TorchHead(of: archive, match, network, isLeftOut: leavesOutHead)
    let layout = StateDictionaryLayout(
      match.graph, match.parameters + head.parameters,
      groups: match.groups.merging(head.groups) { own, _ in own },
      flattened: head.flattened, convolutions: head.convolutions, layerScale: match.set.layerScale)
    file = StateDictionaryFile(layout) { archive.declaration(of: $0)?.scalarType ?? .float32 }
    tensors = layout.entries.map { entry in
      let type = entry.parameter.map { archive.declaration(of: $0.name)?.scalarType ?? .float32 } ?? .int64
      return TensorDeclaration(name: entry.name, scalarType: type, shape: entry.shape)
    }
    (self.archive, self.network, title) = (path, network.entry.identifier, match.set.title)
    missingModules = head.groups.isEmpty ? (match.set.classifier ?? []).compactMap(\.first) : []
    notes = match.notes + head.notes
    source = archive
  }

  /// Writes a safetensors file, complete or not at all.
  ///
  /// - Parameters:
  ///   - path: where to write it; what is there is replaced at the end.
  ///   - progress: told of every tensor how many values it has. What it throws ends the work.
  /// - Throws: `ArchiveError` where the archive is damaged, `FileError` where the file cannot be written, `CancellationError` where the
  ///   task is cancelled, which is looked at before every tensor.
  /// - Complexity: O(bytes) time; memory for two copies of the largest tensor.
  public func write(to path: String, progress: (_ values: Int) throws -> Void = { _ in }) throws {
    try file.write(to: path, progress: progress) { entry, bytes in
      guard let parameter = entry.parameter else { return }
      let view = try source.tensor(named: parameter.name)
      view.withBytes { bytes.write($0, at: 0) }
    }
  }
}

extension NetworkCatalog {
  /// The weights of an archive as a network of torchvision has them, or as timm has them where they came from there; nothing is written
  /// yet.
  ///
  /// - Parameters:
  ///   - archive: the path of an archive, or of a trained model, whose head goes with it where it is the network's classifier.
  ///   - leavesOutHead: whether a trained model's head stays behind, so that the network goes, with what was trained of it, whatever its head.
  /// - Throws: `ArchiveError` and ``ModelZooError`` for what is no archive of a network, `TorchWeightsError` for one whose graph, or head,
  ///   none of torchvision's and timm's networks computes: what differs is in it.
  public func torchExport(of archive: String, leavesOutHead: Bool = false) throws -> TorchExport {
    try TorchExport(archive, catalog, leavesOutHead: leavesOutHead)
  }
}
