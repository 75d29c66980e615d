import Catalog
import Errors
import KerasWeights
public import WeightConversion

extension NetworkCatalog {
  /// Opens a weight file of Keras, PyTorch or NumPy and recognises its network; nothing is written yet.
  ///
  /// Network, era, kernel order and graph variant are recognised from the file's content, never from its name. A file
  /// of a whole model describes its own graph, and that is what is converted: as a network of the catalog where both
  /// compute the same, with the model's classifier as a trained model's head.
  ///
  /// ```swift
  /// let conversion = try catalog.conversion(of: "weights.h5")
  /// print(conversion.recognition.network, conversion.recognition.reasons)
  /// try conversion.write(to: "backbone.zoo.safetensors")
  /// ```
  ///
  /// - Throws: `KerasWeightsError`, `TorchWeightsError` or `NumPyWeightsError` for a file that cannot be read, `ConversionError` with a list of everything that
  ///   does not fit.
  public func conversion(
    of weightFile: String, options: ConversionOptions = ConversionOptions()
  ) throws -> Conversion {
    let targets = try ConversionTargets(catalog)
    let architecture = try options.architecture.map { try EntryCatalog.text(ofArchitecture: $0) }
    let source = try WeightFile.open(weightFile, architecture: architecture, targets: targets)
    var conversion = try conversion(of: source, targets: targets, options: options)
    conversion.weightFile = weightFile
    return conversion
  }

  /// The same of a file that is open.
  func conversion(
    of source: any WeightSource, targets: ConversionTargets, options: ConversionOptions
  ) throws -> Conversion {
    var options = options
    if options.labels == nil, !options.dropsTop, options.layer == nil { options.labels = source.facts.labels }
    var conversion = try Conversion(of: source, targets: targets, options: options)
    if let classifier = conversion.recognition.classifier {
      conversion.sections = try ModelSections.of(classifier, conversion.recognition, options)
    }
    try rehearse(conversion)
    return conversion
  }

  /// Refuses what could be converted and not be run.
  private func rehearse(_ conversion: Conversion) throws {
    let sections = conversion.allSections
    let shapes = conversion.recognition.shapes
    do {
      guard let network = try ArchivedNetwork(sections: sections, place: "archive") else { return }
      try Rehearsal.run(network, ModelSections(sections, path: "archive")) { shapes[$0] }
    } catch let error as any ZooError {
      throw ConversionError.notRunnable(path: conversion.path, reason: error.description)
    }
  }

  /// Converts a weight file of Keras, PyTorch or NumPy into an archive: every tensor of the network, or nothing.
  ///
  /// - Parameters:
  ///   - weightFile: the file; it is recognised by its content.
  ///   - archive: where to write; unchanged on an error.
  ///   - options: requirements, such as a certain network.
  ///   - progress: told how many of all values were written, after every tensor. What it throws ends the work.
  /// - Throws: `ConversionError`, which lists everything that does not fit; `ArchiveError` where the archive cannot be
  ///   written; `CancellationError` where the task is cancelled.
  /// - Complexity: O(bytes) time; memory stays below twice the largest tensor.
  @discardableResult
  public func convert(
    _ weightFile: String, to archive: String, options: ConversionOptions = ConversionOptions(),
    progress: (_ done: Int, _ total: Int) throws -> Void = { _, _ in }
  ) throws -> ConversionReport {
    let conversion = try conversion(of: weightFile, options: options)
    let total = conversion.recognition.valueCount
    var done = 0
    return try conversion.write(to: archive) { values in
      done += values
      try progress(done, total)
    }
  }

  /// The same without blocking a thread of the concurrency pool.
  ///
  /// - Throws: what the blocking call throws; `CancellationError`, within a tensor, in a task that is cancelled.
  @discardableResult
  public func convert(
    _ weightFile: String, to archive: String, options: ConversionOptions = ConversionOptions(),
    progress: @escaping @Sendable (_ done: Int, _ total: Int) throws -> Void = { _, _ in }
  ) async throws -> ConversionReport {
    try await Offload.run { cancellation in
      try convert(weightFile, to: archive, options: options) { done, total in
        try cancellation.check()
        try progress(done, total)
      }
    }
  }
}
