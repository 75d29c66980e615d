import Datasets
import Files
import Images
import KerasWeights
import Reports
import TensorArchive

/// What a file or a folder is for this library: by its contents, a manifest by its name.
///
/// ```swift
/// if FileRole("download.h5") == .weights { print("convert it first") }
/// ```
public enum FileRole: String, CaseIterable, Sendable {
  /// An image of a kind that is read.
  case image
  /// A folder.
  case folder
  /// A zip or tar archive with images in it.
  case packedImages
  /// A list of images.
  case manifest
  /// Features of images, as ``Backbone`` writes them, in a file or in a folder of shards.
  case features
  /// A training of a head that can be resumed, and the head as it is.
  case checkpoint
  /// A training that can be resumed and no more: of layers of a backbone, or of an earlier release.
  case resumption
  /// A network with a classifier.
  case model
  /// A network.
  case archive
  /// Weights as Keras saved them.
  case weights
  /// A page that this library wrote.
  case report

  /// Looks at what is at `path`; nil for anything else, and for what cannot be read.
  ///
  /// - Complexity: O(header) for a file, O(members) for an archive of images; no tensor is read.
  public init?(_ path: String) {
    if FileFacts.isFolder(path) {
      self = (try? ShardFolder(path: path).holdsRun()) == true ? .features : .folder
      return
    }
    if Dataset.isManifest(path), FileIdentity(path) != nil {
      self = .manifest
      return
    }
    guard let facts = try? FileFacts(path: path), let role = Self.role(of: path, facts.kind) else {
      return nil
    }
    self = role
  }

  /// The role of the file that an error says is not of the kind that was expected; nil for an error about anything else.
  public init?(misplacedBy error: any Error) {
    let path: String
    switch error {
    case ArchiveError.notAnArchive(let found, _), ModelZooError.checkpointWithoutNetwork(let found),
      ModelZooError.featuresWithoutNetwork(let found), ModelZooError.noCheckpoint(let found),
      FeatureFileError.unknownEnding(let found), FeatureFileError.severalTensors(let found, _),
      FeatureFileError.malformed(let found, _, _), DatasetError.notAFolder(let found),
      ImageError.notAnImage(let found, _), KerasWeightsError.file(.notHDF5(let found, _)),
      KerasWeightsError.unsupportedLayout(let found, _, _):
      path = found
    case FileError.unreadable(let found, _), ArchiveError.file(.unreadable(let found, _)),
      ImageError.unreadable(let found, _):
      guard FileFacts.isFolder(found) else { return nil }
      path = found
    default: return nil
    }
    self.init(path)
  }

  private static func role(of path: String, _ kind: FileKind) -> FileRole? {
    switch kind {
    case .image: .image
    case .hdf5, .model(.keras), .model(.pyTorch), .model(.legacyPyTorch), .model(.numPyArchive),
      .model(.onnx):
      .weights
    case .safetensors where WeightFile.isStateDictionary(path, kind): .weights
    case .safetensors: (try? Archive(contentsOf: path)).flatMap { role(of: $0) }
    case .model(.numPy): FileIdentity(path + ".csv") == nil ? nil : .features
    case .container(.zip), .container(.tar):
      (try? Dataset(flat: path))?.items.isEmpty == false ? .packedImages : nil
    case .html: isReport(path) ? .report : nil
    case .model, .container, .gitLFSPointer, .xml, .json, .text, .pdf, .appleDouble, .zeros, .empty, .folder,
      .unknown:
      nil
    }
  }

  private static func role(of archive: Archive) -> FileRole? {
    if archive.isCheckpoint { return ModelSections(archive) == nil ? .resumption : .checkpoint }
    if archive.featureRowCount != nil { return .features }
    if ModelSections(archive) != nil { return .model }
    return archive.manifest?.sections.isEmpty == false ? .archive : nil
  }

  private static func isReport(_ path: String) -> Bool {
    let head = (try? FileBytes(path: path).head(FileKind.headByteCount)) ?? []
    return Page.isOurs(String(decoding: head, as: UTF8.self))
  }
}
