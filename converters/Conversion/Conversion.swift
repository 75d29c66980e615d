import Catalog
public import Files
import Foundation
import TensorArchive
public import Tensors

/// A weight file that was recognised and can be turned into an archive, tensor by tensor: all of it, or nothing.
public struct Conversion: Sendable {
  package let source: any WeightSource
  /// What the file was recognised as, with the reasons.
  public let recognition: Recognition
  /// How it is converted.
  package let options: ConversionOptions
  private let digests: BackgroundDigests
  /// What the archive keeps besides the network: a trained model's texts.
  package var sections: [String: String] = [:]

  /// The file as it was named, which what is converted may be packed in; nil for what is no file.
  package var weightFile: String?

  /// The weight file.
  public var path: String { source.path }

  /// Finds out what `source` is; throws unless it can be converted.
  package init(
    of source: any WeightSource, targets: ConversionTargets,
    options: ConversionOptions = ConversionOptions()
  ) throws {
    let path = source.path
    if options.labels != nil, options.leavesOut { throw ConversionError.labelsLeftOut(path: path) }
    guard !source.layers.isEmpty else {
      let model = source.facts.architecture.flatMap { KerasLayerTree(json: $0) }
      guard let model, !model.hasWeights else { throw ConversionError.noWeights(path: path) }
      throw ConversionError.nothingLearnt(path: path, classes: model.classNames)
    }
    // Most of the work there is: begun before it is known whether it will be needed.
    let digests = BackgroundDigests(of: source.contents)
    let recognition = try Recognizer(targets).recognize(source, options: options)
    guard recognition.fits else {
      guard options.network == nil, recognition.isFarOff else {
        var mismatch = recognition.mismatch
        mismatch.ownGraph = recognition.ownGraphProblem
        throw ConversionError.mismatch(path: path, mismatch)
      }
      if let problem = recognition.ownGraphProblem {
        throw ConversionError.undescribed(path: path, reason: problem)
      }
      let nearest = recognition.mismatch.fittingCount > 0 ? recognition.mismatch : nil
      if source.facts.framework == .pyTorch {
        throw ConversionError.unknownStateDictionary(
          path: path, facts: source.summary, network: KnownStateDictionary.words(of: source.layers),
          nearest: nearest)
      }
      throw ConversionError.unrecognised(path: path, facts: source.summary, nearest: nearest)
    }
    guard recognition.graphDifferences.isEmpty else {
      throw ConversionError.anotherGraph(
        path: path, entry: recognition.network, differences: recognition.graphDifferences,
        ownGraph: recognition.ownGraphProblem)
    }
    guard recognition.topLayers.isEmpty || options.leavesOut else {
      if source.facts.framework == .pyTorch {
        throw ConversionError.hasModules(
          path: path, entry: recognition.target.identifier, modules: recognition.topLayers)
      }
      throw ConversionError.hasTop(
        path: path, entry: recognition.target.identifier, layers: recognition.topLayers,
        ownGraph: recognition.ownGraphProblem)
    }
    let classes = recognition.classCount ?? 0
    if let labels = options.labels, labels.count != classes {
      throw ConversionError.labels(path: path, expected: classes, found: labels.count)
    }
    for pair in recognition.alignment.pairs where !pair.tensor.scalarType.isFloatingPoint {
      throw ConversionError.wholeNumbers(
        place: "\(path) \(pair.tensor.path)", type: pair.tensor.scalarType.rawValue)
    }
    (self.source, self.recognition, self.options, self.digests) = (source, recognition, options, digests)
  }

  /// Writes the archive, complete or not at all.
  ///
  /// - Parameters:
  ///   - archive: where to write it; what is there is replaced at the end.
  ///   - progress: told of every tensor how many values it has; in all ``Recognition/valueCount``. What it throws ends the
  ///     work.
  /// - Throws: an error that names the tensor where the file cannot be read to its end or a number is too large for the
  ///   type that was asked for; `ArchiveError` where the archive cannot be written; `CancellationError` where the task
  ///   is cancelled, which is looked at before every tensor.
  /// - Complexity: O(bytes) time; memory stays below twice the largest tensor.
  public func write(
    to archive: String, progress: (_ values: Int) throws -> Void = { _ in }
  ) throws -> ConversionReport {
    try write(to: archive, check: { _ in }, progress: progress)
  }

  /// The same; `check` is given the path of the whole archive before it is moved into place.
  package func write(
    to archive: String, check: (_ temporaryPath: String) throws -> Void,
    progress: (_ values: Int) throws -> Void
  ) throws -> ConversionReport {
    let pairs = Dictionary(
      uniqueKeysWithValues: recognition.alignment.pairs.map { ($0.parameter.name, $0) })
    let declarations = recognition.alignment.pairs.map { pair in
      TensorDeclaration(
        name: pair.parameter.name, scalarType: pair.tensor.scalarType, shape: pair.parameter.shape
      ).stored(as: options.scalarType)
    }
    let total = declarations.reduce(0) { $0 + ($1.byteCount ?? 0) }
    var sourceDigests = FileDigests.pending(byteCount: source.byteCount)
    var unusual: [TensorFinding] = []
    try ArchiveWriter.write(to: archive, manifest: manifest, tensors: declarations, check: check) { writer in
      let stream = TensorStream(source)
      for tensor in writer.tensors {
        guard let pair = pairs[tensor.name] else { continue }
        try Task.checkCancellation()
        let values = try stream.append(pair, recognition.transform(of: pair), to: &writer)
        let finding = TensorFinding(
          tensor: tensor.name, valueCount: tensor.shape.elementCount, values: values)
        if let finding { unusual.append(finding) }
        try progress(tensor.shape.elementCount)
      }
      sourceDigests = try digests.wait()
      try writer.setSourceDigests(sourceDigests)
    }
    return ConversionReport(
      archive: archive, recognition: recognition, source: sourceDigests,
      publication: Publication(of: sourceDigests, recognition.layout), payloadByteCount: total,
      scalarType: options.scalarType, unusualTensors: unusual)
  }

  /// What was asked for and is not so in the published file that this one is, by its digest: a sentence each. None where nothing was asked
  /// for, or the file is nobody's published one.
  ///
  /// - Throws: ``FileError`` where the file cannot be read to its end.
  /// - Complexity: O(bytes) where there is anything to compare.
  package func wishesAgainstPublication() throws -> [String] {
    let set = recognition.layout
    var wishes: [String] = []
    if let kernels = options.kernels, kernels != set.kernels {
      wishes.append(
        "the kernels of the published file are in the order \(set.kernels.rawValue), and \(kernels.rawValue) was asked for"
      )
    }
    if let graph = options.graph, let published = set.graph, graph != published {
      wishes.append("the published file belongs to graph \(published), and \(graph) was asked for")
    }
    return try wishes.isEmpty || !Publication.isPublished(source.contents, set) ? [] : wishes
  }

  /// Under this name the provenance says what a network gives, where that is a ``NetworkOutput`` besides features.
  package static let output = "output"
  /// Under this name it lists the classifier's layers as the file calls them, a line each.
  package static let classifier = "classifier"

  private var manifest: Manifest {
    let set = recognition.layout
    var details = [
      "entry": recognition.network, "weightSet": set.tag, "axisOrder": recognition.axisOrder.rawValue,
      "kernels": recognition.kernels.rawValue,
    ]
    details["graph"] = recognition.graph
    details["publishedAt"] = set.file?.source
    if !recognition.topLayers.isEmpty { details["dropped"] = recognition.topLayers.joined(separator: ", ") }
    details[Self.output] = recognition.output.flatMap { $0 == .features ? nil : $0.rawValue }
    details[Self.classifier] = recognition.classifierLayers.joined(separator: "\n").nilIfEmpty
    if source.facts.framework != .keras { details["framework"] = source.facts.framework.rawValue }
    details["kerasVersion"] = source.facts.writerVersion
    details[Archive.storedAs] = options.scalarType?.rawValue
    let provenance = Provenance(
      fileName: URL(fileURLWithPath: source.path).lastPathComponent,
      digests: .pending(byteCount: source.byteCount), era: set.era.rawValue, converter: Release.producer,
      licence: set.licence, attribution: set.paper, details: details)
    return Manifest(producer: Release.producer, source: provenance, sections: allSections)
  }

  /// All texts that the archive keeps.
  package var allSections: [String: String] {
    var sections = sections
    let entry = recognition.target.json
    // The classifier of a file pools what the whole network gives, whatever the catalog would have pooled for features.
    let keepsPooling = recognition.classifier == nil || recognition.poolsAsItsOwn
    let pooledLast = keepsPooling ? nil : try? CatalogEntry(json: entry).jsonPoolingLast
    sections[ArchivedNetwork.entrySection] = pooledLast ?? entry
    sections[ArchivedNetwork.graphSection] = recognition.graph.map { "\"\($0)\"" }
    sections[ArchivedNetwork.imagesSection] = recognition.images.section
    sections[FeatureDefaults.section] = recognition.features.text
    return sections
  }
}

extension String {
  fileprivate var nilIfEmpty: String? { isEmpty ? nil : self }
}

/// What was converted.
public struct ConversionReport: Sendable {
  /// The archive that was written.
  public let archive: String
  /// What the file was recognised as, with the reasons, and how each of its tensors was converted.
  public let recognition: Recognition
  /// Size and digests of the weight file.
  public let source: FileDigests
  /// Whether size and digest are those of the published file of the weight set.
  public let publication: Publication
  /// The size of the archive's tensors in bytes.
  public let payloadByteCount: Int
  /// The type that kernels were stored as, if one was requested.
  public let scalarType: ScalarType?
  /// Every tensor with values that trained weights do not have, as the weight file has them; copied all the same.
  public let unusualTensors: [TensorFinding]

  /// Layers of the classifier that were left out.
  public var droppedLayers: [String] { recognition.topLayers }
}

extension Recognition {
  /// Whether all but a few tensors fit, a tenth at most.
  var isNear: Bool { alignment.distance * 10 <= target.parameters.count }

  /// Whether so little fits that the file is probably something else altogether.
  package var isFarOff: Bool {
    alignment.pairs.count - alignment.wrongShape.count < target.parameters.count / 2
  }

}
