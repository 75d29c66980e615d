import Catalog
import Foundation
import TensorArchive
public import Tensors
public import Training
import WeightConversion

/// A backbone with a trained head and the names of its classes: what one self-contained archive holds.
public struct TrainedModel: Sendable {
  /// The network that gives the features.
  public let backbone: Backbone
  /// The head on its features.
  public let head: HeadModel
  /// The names of the classes, in the order of the head's outputs.
  public let labels: [String]
  /// The metrics of every epoch.
  public let history: History
  /// Images that could not be read and were not trained on; empty for a model that was loaded.
  public let skipped: [SkippedImage]
  /// The result of a linear fit; nil for a head trained epoch by epoch, and for a model that was loaded.
  public let fit: FittedHead?
  /// How the model was trained; nil for a model that was loaded.
  public let record: TrainingRecord?
  /// The images it was trained on; nil for a model that does not say so, as a whole model from a conversion.
  public let learntImages: LearntImages?
  /// The model that its head was trained on from; nil for a head that began anew, and where that model was never in a file.
  public let origin: ModelFile?
  /// The file it was loaded from; nil for a model that was just trained.
  public let file: ModelFile?
  /// How far its training had come, `9 epochs and 4 steps`, where it was loaded from a checkpoint; else nil.
  public let checkpointPlace: String?
  /// What was trained of the backbone; nil for one that stayed frozen.
  public let fineTuning: FineTuningRecord?

  /// Backbone and head in one.
  let whole: WholeModel

  init(
    backbone: Backbone, head: HeadModel, labels: [String], history: History, skipped: [SkippedImage] = [],
    fit: FittedHead? = nil, record: TrainingRecord? = nil, learntImages: LearntImages? = nil,
    origin: ModelFile? = nil, file: ModelFile? = nil, checkpointPlace: String? = nil,
    fineTuning: FineTuningRecord? = nil
  ) {
    self.backbone = backbone
    self.head = head
    self.labels = labels
    self.history = history
    self.skipped = skipped
    self.fit = fit
    self.record = record
    self.learntImages = learntImages
    self.origin = origin
    self.file = file
    self.checkpointPlace = checkpointPlace
    self.fineTuning = fineTuning
    whole = WholeModel(backbone, head)
  }

  /// Loads what `save(to:)` wrote, or the checkpoint of a training, with the head as it was then.
  ///
  /// A checkpoint has the head but not the network. The archive it was trained on is looked for beside the checkpoint and where
  /// it was in training, and is known by its digest. What ``save(to:)-(String)`` then writes is, byte for byte, the model of a training
  /// that ended with the checkpoint.
  ///
  /// - Parameters:
  ///   - path: the archive.
  ///   - given: the archive that a checkpoint was trained on; nil to look for it.
  ///   - threads: how many threads work; nil for one per core. No result depends on it.
  ///   - isExact: see ``BackboneOptions/isExact``.
  ///   - interpolation: how images are resized; nil for what the model was trained or saved with.
  ///   - images: how many images there will be to predict in all; see `Backbone.init(contentsOf:options:threads:images:)`.
  /// - Throws: ``ModelZooError/noHead(archive:)`` for an archive without a head, `ArchiveError` for a damaged one; for a
  ///   checkpoint, ``ModelZooError/backboneNotFound(checkpoint:network:file:digest:)``,
  ///   ``ModelZooError/otherBackbone(checkpoint:archive:expected:found:)`` and ``ModelZooError/onlyResumable(checkpoint:)``.
  public init(
    contentsOf path: String, backbone given: String? = nil, threads: Int? = nil, isExact: Bool = false,
    interpolation: Interpolation? = nil, images: Int? = nil
  ) throws {
    let archive = try Archive(contentsOf: path)
    guard let sections = ModelSections(archive) else { throw Self.error(withoutHead: archive) }
    let history = try sections.history()
    var options = try sections.backboneOptions()
    options.isExact = isExact
    options.interpolation = interpolation ?? options.interpolation
    let network = try sections.networkArchive(of: archive, given: given)
    let backbone = try Backbone(network, options: options, threads: threads, images: images)
    let head = try sections.head(archive)
    try backbone.network.checkNames(beside: head.head, reading: head.inputShape)
    let labels = try sections.check(
      head.inputShape, outputs: head.outputCount, features: backbone.featureShape)
    self.init(
      backbone: backbone, head: head, labels: labels, history: history,
      learntImages: try sections.learntImages(), origin: try sections.origin(), file: ModelFile(archive),
      checkpointPlace: archive.isCheckpoint ? try TrainingCheckpoint.place(in: archive) : nil,
      fineTuning: try sections.fineTuning())
    // Now rather than with the first image.
    _ = try whole.network()
  }

  private static func error(withoutHead archive: Archive) -> ModelZooError {
    if archive.isCheckpoint { return .onlyResumable(checkpoint: archive.path) }
    if archive.featureRowCount != nil { return .withoutNetwork(archive) }
    switch archive.manifest?.source?.details[Conversion.output].flatMap(NetworkOutput.init) {
    case .numbers: return .givesNumbers(archive: archive.path)
    case .features, nil: return .noHead(archive: archive.path)
    case let output?: return .givesNoScores(archive: archive.path, output: output)
    }
  }

  /// Writes one self-contained archive: the backbone's tensors as they are or became, the head's, and everything needed
  /// to predict. The backbone's checksums are verified on the way.
  ///
  /// - Throws: `ArchiveError`; `path` is then as it was.
  public func save(to path: String) throws {
    let manifest = Manifest(
      producer: Release.producer, source: backbone.source, sections: try ModelSections.of(self))
    var extras: [String: TensorView] = [:]
    for parameter in head.parameters { extras[parameter.name] = TensorView(parameter.tensor) }
    for (name, tensor) in backbone.tuned { extras[name] = TensorView(tensor) }
    let own = Set(try backbone.network.parameters().map(\.name)).subtracting(backbone.tuned.keys)
    try ArchiveWriter.write(
      to: path, manifest: manifest, copying: backbone.archive, keeping: own.contains, adding: extras)
  }
}
