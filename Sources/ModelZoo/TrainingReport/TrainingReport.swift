import Datasets
import Encoding
import Files
import Foundation
import Reports
public import Training

/// An HTML report of a training: the data and some of its images, the model layer by layer, loss and accuracy over the
/// epochs, the confusion matrix, the most confident mistakes, and everything that is needed to reproduce it.
///
/// ```swift
/// let model = try backbone.train(head, on: split, options: options)
/// try TrainingReport(on: model)?.write(to: "animals.html")
/// ```
public struct TrainingReport: Sendable {
  /// The model that was trained.
  public let model: TrainedModel
  /// The result of evaluating the model on test images; nil where there was none.
  public var test: Logs?
  /// The warnings before the training: `Backbone.warnings(training:on:options:)`.
  public var warnings: [String]
  /// The command line that trains the same model; nil if there was none.
  public var command: String?
  /// Where the model was written, which names the page; nil where it was not.
  public var modelPath: String?

  let record: TrainingRecord

  /// A report on a model that was just trained.
  ///
  /// - Returns: nil for a model that was loaded, because it is not known how it was trained.
  public init?(
    on model: TrainedModel, test: Logs? = nil, warnings: [String] = [], command: String? = nil,
    modelPath: String? = nil
  ) {
    guard let record = model.record else { return nil }
    (self.model, self.record, self.test, self.warnings) = (model, record, test, warnings)
    (self.command, self.modelPath) = (command, modelPath)
  }

  /// The page: one HTML file without scripts that needs no other file.
  ///
  /// Images that cannot be read any more are left out.
  ///
  /// - Throws: `ArchiveError` when the model was written and cannot be read.
  public func html() throws -> String { try page().html() }

  /// Writes the page; whatever happens, `path` names the old file or the whole new one.
  ///
  /// - Throws: `FileError` when it cannot be written, and what ``html()`` throws.
  public func write(to path: String) throws { try AtomicFile.write(html(), to: path) }

  /// Writes the page's plots into a folder, which is made when it is not there, each as an SVG file: `classes` (of more than ten
  /// classes in two halves), `confusion` and, of epochs, `loss`, `accuracy`, whatever else was measured, and `learning-rate` where
  /// that changed.
  ///
  /// - Throws: `FileError` when they cannot be written.
  public func writePlots(into folder: String) throws {
    try OutputFolder.make(folder)
    for (name, drawing) in try plots() {
      let stem = URL(fileURLWithPath: folder).appending(path: name).path
      try AtomicFile.write(drawing.svg(), to: stem + ".svg")
    }
  }
}

extension TrainingReport {
  /// The numbers of the page, for machines: a JSON object with the settings (`head`, `seed`, `optimizer`, …), `images`,
  /// `seconds`, `history`, `learningRates`, `backboneLearningRates`, `test`, `confusion` (one row per true class), `warnings` and the digests of
  /// the data.
  ///
  /// - Throws: `ArchiveError` when the model was written and cannot be read.
  public func json() throws -> String {
    let confusion = try model.confusion.map { JSON.array($0.counts.map { .array($0.map(JSON.integer)) }) }
    let facts = try settings() + digests()
    let members: [(name: String, value: JSON)] = [
      ("model", JSON(modelPath)), ("backbone", .string(model.backbone.identifier)),
      ("head", .string("\(model.head.head)")), ("labels", .array(model.labels.map(JSON.string))),
      ("settings", .object(facts.map { ($0.name, .string($0.value)) })),
      ("images", .object(parts.map { ($0.name, .integer($0.images.items.count)) })),
      ("skipped", .array(model.skipped.map { .string($0.path) })),
      ("seconds", ["features": .number(record.featureSeconds), "training": .number(record.trainingSeconds)]),
      ("history", .object(model.history.keys.map { ($0, .array(model.history[$0].map(JSON.number))) })),
      ("learningRates", .array(record.learningRates.map(JSON.number))),
      ("backboneLearningRates", .array(record.backboneLearningRates.map(JSON.number))),
      ("test", test.map { .object($0.entries.map { ($0.name, .number($0.value)) }) } ?? .null),
      ("confusion", confusion ?? .null), ("warnings", .array(warnings.map(JSON.string))),
      ("command", JSON(command)),
    ]
    return JSON.object(members).pretty + "\n"
  }

  /// The training images and the validation images.
  var parts: [(name: String, images: Dataset)] {
    [("training", record.split.training), ("validation", record.split.validation)].compactMap {
      name, images in
      images.map { (name, $0) }
    }
  }
}
