import Files
public import Images
import TensorArchive
import Tensors
import Training

/// Explains a model's predictions: Grad-CAM at the layer that its head reads.
///
/// No backward pass through the backbone is needed: the gradient of the class's score is computed through the head
/// alone. For a backbone with pooling, the features before pooling are used.
///
/// ```swift
/// let explanation = try Explainer(model).explain("cat.jpg")
/// let png = try explanation.overlay().png()
/// ```
public struct Explainer: Sendable {
  private let model: TrainedModel
  private let backbone: Backbone
  private let head: HeadModel
  /// The same head, whose weights are packed once for all images.
  private let predictor: HeadPredictor

  /// Prepares to explain the predictions of `model`.
  ///
  /// - Throws: ``ModelZooError/nothingToMap(layer:features:inner:)`` for features without rows and columns,
  ///   `TrainingError.notEnoughMemory(neededBytes:availableBytes:)`.
  public init(_ model: TrainedModel) throws {
    self.model = model
    backbone = model.backbone.unpooled
    guard backbone.featureShape.rank == 3 else {
      throw try Self.nothingToMap(model, backbone.featureShape)
    }
    head = try Self.head(of: model, on: backbone.featureShape)
    predictor = try head.predictor(batchSize: 1)
  }

  /// The model's head for features that are not pooled: the pooling becomes its first layer.
  private static func head(of model: TrainedModel, on shape: TensorShape) throws -> HeadModel {
    guard model.head.inputShape != shape else { return model.head }
    let isMaximum = model.backbone.options.pooling == .maximum
    let pooling = isMaximum ? GlobalMaxPooling2D().headLayer : GlobalAveragePooling2D().headLayer
    let rest = model.backbone.layersBehindPooling
    let front = [pooling] + rest.map { HeadLayer($0) }
    let names = (front + model.head.head.layers).map(\.operation).automaticNames
    let own = model.head.head.layers.map(\.operation).automaticNames
    // The head's layers have other numbers behind others of their kind.
    let sources = zip(names.dropFirst(front.count), own).map { ($0, HeadModel.prefix + $1) }
    let ofBackbone = zip(names.dropFirst(), rest.map(\.name)).map { ($0, $1) }
    let parameters = Dictionary(uniqueKeysWithValues: model.head.parameters.map { ($0.name, $0.tensor) })
    return try HeadModel(Head(layers: front + model.head.head.layers), inputShape: shape) { name in
      let parts = name.split(separator: "/")
      guard parts.count == 3 else { return nil }
      if let source = sources.first(where: { $0.0 == parts[1] }) {
        return parameters["\(source.1)/\(parts[2])"]
      }
      guard let layer = ofBackbone.first(where: { $0.0 == parts[1] })?.1 else { return nil }
      return try model.backbone.tensor(named: "\(layer)/\(parts[2])")
    }
  }

  /// Explains one image.
  ///
  /// - Parameters:
  ///   - image: where it is.
  ///   - label: the class to explain; nil for the most likely one.
  /// - Throws: `ImageError` for what is no image, ``ModelZooError/noSuchClass(name:classes:)``.
  public func explain(_ image: ImageLocation, label: String? = nil) throws -> Explanation {
    let recipe = model.backbone.recipe
    let photograph = try Bitmap(
      contentsOf: image, appliesOrientation: recipe.appliesOrientation, limits: recipe.limits)
    return try explain(photograph, file: image.path, label: label)
  }

  /// Explains the image at `path`; see ``explain(_:label:)-(ImageLocation,_)``.
  ///
  /// - Throws: what that throws.
  public func explain(_ path: String, label: String? = nil) throws -> Explanation {
    try explain(ImageLocation(path: path), label: label)
  }

  /// Explains an image that was read already; `file` is what to call it.
  ///
  /// - Throws: `ImageError` for an image of no size, `TrainingError.answersNotFinite(found:)`, ``ModelZooError/noSuchClass(name:classes:)``.
  public func explain(_ photograph: Bitmap, file: String, label: String? = nil) throws -> Explanation {
    let recipe = model.backbone.recipe
    let scalars = try recipe.scalars(of: [photograph])
    let features = try backbone.features(
      Tensor(shape: TensorShape([1] + backbone.inputShape.dimensions), scalars: scalars))
    let outputs = try predictor.answers(features.scalars.span).checked().outputs
    let prediction = model.prediction(
      of: try head.probabilities(Tensor(shape: TensorShape([1, head.outputCount]), scalars: outputs)), row: 0,
      file: file)
    let label = label ?? prediction.label
    guard let output = model.labels.firstIndex(of: label) else {
      throw ModelZooError.noSuchClass(name: label, classes: model.labels)
    }
    let isSingle = head.outputCount == 1
    let map = try head.activationMap(
      of: Tensor(shape: backbone.featureShape, scalars: features.scalars), output: isSingle ? 0 : output,
      isOpposite: isSingle && output == 0)
    return Explanation(
      prediction: prediction, label: label, photograph: recipe.seen(of: photograph),
      heat: HeatMap(width: map.shape[1], height: map.shape[0], values: map.scalars))
  }
}

/// A model's prediction for an image, and which parts of the image are evidence for a class.
public struct Explanation: Sendable {
  /// The model's prediction.
  public let prediction: Prediction
  /// The class that is explained.
  public let label: String
  /// What the network sees of the image, at the image's own size.
  public let photograph: Bitmap
  /// The evidence for the class, as coarse as the features; all zeros without evidence.
  public let heat: HeatMap

  package init(prediction: Prediction, label: String, photograph: Bitmap, heat: HeatMap) {
    self.prediction = prediction
    self.label = label
    self.photograph = photograph
    self.heat = heat
  }

  /// The probability of the class that is explained.
  public var probability: Float {
    prediction.scores.first { $0.label == label }?.probability ?? 0
  }

  /// Whether any part of the image is evidence for the class.
  public var hasEvidence: Bool { heat.values.contains { $0 > 0 } }

  /// The image under its heat, no longer than `longest` pixels on either side.
  public func overlay(longest: Int = 1024) throws(ImageError) -> Bitmap {
    try photograph.shrunk(toFit: longest).overlaid(with: heat)
  }

  /// What the network sees, the same under its heat, and the scale of the heat, side by side, without a letter; each image no longer
  /// than `longest` pixels on either side.
  public func panel(longest: Int = 1024) throws(ImageError) -> Bitmap {
    let small = try photograph.shrunk(toFit: longest)
    let scale = HeatMap.scale(width: max(8, small.width / 20), height: small.height)
    return Bitmap.sideBySide([small, small.overlaid(with: heat), scale])
  }

  /// Writes ``panel(longest:)`` as a PNG file.
  ///
  /// - Throws: `ImageError` where it cannot be encoded, `ArchiveError` where it cannot be written.
  public func write(to path: String, longest: Int = 1024) throws {
    try panel(longest: longest).png().withRawSpan { bytes in try AtomicFile.write(bytes, to: path) }
  }
}
