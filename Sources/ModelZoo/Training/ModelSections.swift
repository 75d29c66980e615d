import Catalog
import Encoding
import Foundation
import Images
import TensorArchive
import Tensors
import Training
import WeightConversion

/// The sections of an archive that make a trained model of a backbone; Format.md describes them.
struct ModelSections {
  static let backbone = "backbone"
  static let head = "head"
  static let labels = "labels"
  static let history = "history"
  static let restoredEpoch = "restored_epoch"
  static let trainingImages = "training_images"
  static let trainedFrom = "trained_from"
  static let fineTuning = "fine_tuning"
  static let linearFit = "linear_fit"
  /// Of a checkpoint, which does not have the network itself.
  static let backboneArchive = "backbone_archive"

  private let path: String
  private let texts: [String: String]

  /// The sections of an archive; nil when it holds no head, or is the checkpoint of a training of the backbone's layers, too.
  init?(_ archive: Archive) {
    // What was trained of a backbone is in such a checkpoint, and the archive below its head is not the one it was trained on.
    guard !archive.isCheckpoint || !archive.names.contains(where: { $0.hasPrefix(BackboneTail.prefix) })
    else {
      return nil
    }
    self.init(archive.manifest?.sections ?? [:], path: archive.path)
  }

  /// The sections by their names; `path` is what errors call the archive.
  init?(_ texts: [String: String], path: String) {
    guard texts[Self.head] != nil else { return nil }
    (self.path, self.texts) = (path, texts)
  }

  /// The sections to write for a model.
  static func of(_ model: TrainedModel) throws -> [String: String] {
    try own(model).merging(model.backbone.network.sections) { own, _ in own }
  }

  /// The sections to write for the checkpoint that makes `model`: the archive of the network in place of the network.
  static func ofCheckpoint(_ model: TrainedModel) throws -> [String: String] {
    var texts = try own(model)
    texts[backboneArchive] = try BackboneReference(model.backbone)?.json()
    return texts
  }

  /// What makes a model of a network.
  private static func own(_ model: TrainedModel) throws -> [String: String] {
    var texts: [String: String] = [:]
    texts[backbone] = try BackboneRecord(model.backbone.recipe, model.backbone.options).json()
    texts[head] = try model.head.json
    texts[labels] = try model.labels.json()
    texts[history] = try model.history.json
    texts[restoredEpoch] = model.history.restoredEpoch.map { "\($0 + 1)" }
    texts[trainingImages] = try model.learntImages?.json()
    texts[trainedFrom] = try model.origin?.json()
    texts[fineTuning] = try model.fineTuning?.json()
    texts[linearFit] = try model.fit.map { try LinearFitRecord($0).json() }
    return texts
  }

  /// The sections to write for a whole model of Keras: images are read as Keras reads them where nobody says otherwise.
  static func of(
    _ classifier: Classifier, _ recognition: Recognition, _ options: ConversionOptions
  ) throws -> [String: String] {
    let entry = try CatalogEntry(json: recognition.target.json)
    let pooling: FeaturePooling =
      switch classifier.pooling {
      case is Catalog.GlobalAveragePooling2D: .average
      case is Catalog.GlobalMaxPooling2D: .maximum
      default: .none
      }
    let size = classifier.size
    let backboneOptions = BackboneOptions(height: size.height, width: size.width, pooling: pooling)
    let recipe = ImageRecipe(
      height: size.height, width: size.width, interpolation: recognition.images.interpolation ?? .nearest,
      preprocessing: options.preprocessing ?? entry.preprocessing(variant: recognition.graph))
    let head = Head(layers: classifier.layers.map { HeadLayer($0) })
    let classes = max(2, classifier.outputCount)
    return [
      backbone: try BackboneRecord(recipe, backboneOptions).json(),
      Self.head: try head.json(inputShape: classifier.inputShape),
      Self.labels: try (options.labels ?? (0..<classes).map(String.init)).json(),
      history: try History().json,
    ]
  }

  func labels() throws -> [String] {
    let labels = try decode([String].self, Self.labels)
    let problem =
      labels.contains("")
      ? "one without a name"
      : labels.enumerated().first { label in
        labels[..<label.offset].contains { $0.utf8.elementsEqual(label.element.utf8) }
      }.map { "\($0.element) twice" }
    if let problem { throw malformed(Self.labels, "expected a name for every class, found \(problem)") }
    return labels
  }

  /// Whether it is a model that somebody built and saved as a whole, not a head that was trained on a network.
  var isWhole: Bool {
    get throws {
      try texts[Self.history] != nil && texts[Self.trainingImages] == nil && history().epochs.isEmpty
    }
  }

  func history() throws -> History {
    guard let text = texts[Self.history] else { return History() }
    var history = try inSection(Self.history) { try History(json: text) }
    if let text = texts[Self.restoredEpoch] {
      guard let epoch = Int(text), history.epochs.indices.contains(epoch - 1) else {
        throw malformed(
          Self.restoredEpoch, "expected an epoch from 1 to \(history.epochs.count), found \(text.prefix(20))")
      }
      history.restoredEpoch = epoch - 1
    }
    return history
  }

  func learntImages() throws -> LearntImages? {
    guard let text = texts[Self.trainingImages] else { return nil }
    if let reason = JSONBudget.problem(with: text) { throw malformed(Self.trainingImages, reason) }
    do {
      if let images = try LearntImages(json: text) { return images }
    } catch let error as DecodingError {
      throw malformed(Self.trainingImages, DecodingProblem(error, in: text).sentence)
    }
    throw malformed(Self.trainingImages, "expected digests of 8 bytes each in Base64, found others")
  }

  /// The model that this one is a further training of; nil for none.
  func origin() throws -> ModelFile? {
    texts[Self.trainedFrom] == nil ? nil : try decode(ModelFile.self, Self.trainedFrom)
  }

  func fineTuning() throws -> FineTuningRecord? {
    texts[Self.fineTuning] == nil ? nil : try decode(FineTuningRecord.self, Self.fineTuning)
  }

  /// Whether the head was fitted to convergence, in no epochs.
  var isLinearFit: Bool { texts[Self.linearFit] != nil }

  func backboneOptions() throws -> BackboneOptions {
    try decode(BackboneRecord.self, Self.backbone).options { malformed(Self.backbone, $0) }
  }

  /// The archive that has the network: the model's own, or that which a checkpoint was trained on.
  ///
  /// - Parameter given: the archive for a checkpoint; nil to look for it.
  func networkArchive(of archive: Archive, given: String? = nil) throws -> Archive {
    guard archive.isCheckpoint else {
      guard given == nil else { throw ModelZooError.noCheckpoint(archive: archive.path) }
      return archive
    }
    let reference = try decode(BackboneReference.self, Self.backboneArchive)
    return try reference.archive(for: archive.path, given: given)
  }

  func head(_ archive: Archive) throws -> HeadModel {
    try inSection(Self.head) {
      try HeadModel(json: texts[Self.head] ?? "") { name in
        guard archive.contains(name) else { return nil }
        let view = try archive.tensor(named: name)
        return view.floats().map { Tensor(shape: view.shape, scalars: $0) }
      }
    }
  }

  /// Goes through the building of the head without its numbers; `shape` knows that of a tensor by its name, or nil.
  func checkHead(shape: (String) -> TensorShape?) throws -> (inputShape: TensorShape, outputCount: Int) {
    try inSection(Self.head) { try HeadModel.check(json: texts[Self.head] ?? "", shape: shape) }
  }

  /// Refuses a head for other features than the backbone's, and labels that are not as many as its outputs; returns those.
  @discardableResult
  func check(_ inputShape: TensorShape, outputs: Int, features: TensorShape) throws -> [String] {
    guard inputShape == features else {
      throw malformed(Self.head, "expected a head for features \(features), found one for \(inputShape)")
    }
    let labels = try labels()
    guard outputs == labels.count || outputs == 1 && labels.count == 2 else {
      throw malformed(Self.labels, "expected \(outputs) labels, found \(labels.count)")
    }
    return labels
  }

  private func malformed(_ section: String, _ reason: String) -> ModelZooError {
    .malformedSection(archive: path, section: section, reason: reason)
  }

  /// Says where it is that the library of heads finds something wrong.
  private func inSection<Value>(_ section: String, _ read: () throws -> Value) throws -> Value {
    do { return try read() } catch let error as TrainingError { throw malformed(section, error.description) }
  }

  func decode<Value: Decodable>(_ type: Value.Type, _ section: String) throws -> Value {
    guard let text = texts[section] else {
      throw malformed(section, "expected a section of this name, found none")
    }
    if let reason = JSONBudget.problem(with: text) { throw malformed(section, reason) }
    do {
      return try JSONDecoder().decode(type, from: Data(text.utf8))
    } catch let error as DecodingError {
      throw malformed(section, DecodingProblem(error, in: text).sentence)
    }
  }
}
