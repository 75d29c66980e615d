import Catalog
package import Files
import Foundation
import HDF5
import TensorArchive
package import Tensors

/// Turns a Keras weight file into an archive, tensor by tensor: all of it, or nothing.
package struct Conversion: Sendable {
  package struct Options: Sendable {
    package var recognition = RecognitionOptions()
    /// Leave out the classifier's layers where there are any.
    package var dropsTop = false
    /// What numbers are stored as (see ``TensorDeclaration/stored(as:)``); nil: as the file has them.
    package var scalarType: ScalarType?
    /// Who converts: `model-zoo 0.1.0`.
    package var producer: String

    package init(
      recognition: RecognitionOptions = RecognitionOptions(), dropsTop: Bool = false,
      scalarType: ScalarType? = nil, producer: String
    ) {
      self.recognition = recognition
      self.dropsTop = dropsTop
      self.scalarType = scalarType
      self.producer = producer
    }
  }

  /// What was done.
  package struct Report: Sendable {
    package let recognition: Recognition
    package let source: FileDigests
    /// Whether size and digest are those of the published file of the weight set.
    package let publication: Publication
    package let droppedLayers: [String]
    /// The tensors' bytes.
    package let payloadByteCount: Int
    /// What kernels were stored as, if that was asked for.
    package let scalarType: ScalarType?
  }

  package let file: KerasFile
  package let recognition: Recognition
  private let options: Options
  private let digests: BackgroundDigests

  /// Opens the file at `path` and finds out what it is; throws unless it can be converted.
  package init(path: String, targets: [ConversionTarget], options: Options) throws {
    let file = try KerasFile(path: path)
    // Most of the work there is: begun before it is known whether it will be needed.
    let digests = BackgroundDigests(of: path)
    let recognition = try Recognizer(targets).recognize(file, options: options.recognition)
    guard recognition.fits else {
      guard options.recognition.entry == nil, recognition.isFarOff else {
        throw KerasWeightsError.mismatch(path: path, recognition.mismatch)
      }
      throw KerasWeightsError.unrecognised(path: path, facts: file.facts, nearest: recognition.mismatch)
    }
    guard recognition.topLayers.isEmpty || options.dropsTop else {
      throw KerasWeightsError.hasTop(
        path: path, entry: recognition.target.identifier, layers: recognition.topLayers)
    }
    for pair in recognition.alignment.pairs where !pair.tensor.scalarType.isFloatingPoint {
      throw KerasWeightsError.damaged(
        place: "\(path) \(pair.tensor.path)",
        reason: "expected floating-point numbers, found \(pair.tensor.scalarType.rawValue)")
    }
    (self.file, self.recognition, self.options, self.digests) = (file, recognition, options, digests)
  }

  /// Writes the archive `output`; `progress` hears of every tensor how many values it has.
  package func write(to output: String, progress: (Int) -> Void = { _ in }) throws -> Report {
    let pairs = Dictionary(
      uniqueKeysWithValues: recognition.alignment.pairs.map { ($0.parameter.name, $0) })
    let declarations = recognition.alignment.pairs.map { pair in
      TensorDeclaration(
        name: pair.parameter.name, scalarType: pair.tensor.scalarType, shape: pair.parameter.shape
      ).stored(as: options.scalarType)
    }
    let total = declarations.reduce(0) { $0 + ($1.byteCount ?? 0) }
    var source = FileDigests.pending(byteCount: file.byteCount)
    try ArchiveWriter.write(to: output, manifest: manifest, tensors: declarations) { writer in
      let stream = TensorStream(file, recognition)
      for tensor in writer.tensors {
        guard let pair = pairs[tensor.name] else { continue }
        try stream.append(pair, to: &writer)
        progress(tensor.shape.elementCount)
      }
      source = try digests.wait()
      try writer.setSourceDigests(source)
    }
    return Report(
      recognition: recognition, source: source,
      publication: Publication(of: source, recognition.weightSet), droppedLayers: recognition.topLayers,
      payloadByteCount: total, scalarType: options.scalarType)
  }

  private var manifest: Manifest {
    let set = recognition.weightSet
    var details = [
      "entry": recognition.target.identifier, "weightSet": set.tag,
      "axisOrder": recognition.axisOrder.rawValue,
      "kernels": recognition.kernels.rawValue,
    ]
    details["graph"] = recognition.graph
    details["publishedAt"] = set.file?.source
    if !recognition.topLayers.isEmpty { details["dropped"] = recognition.topLayers.joined(separator: ", ") }
    details["kerasVersion"] = file.kerasVersion
    details[Archive.storedAs] = options.scalarType?.rawValue
    let provenance = Provenance(
      fileName: URL(fileURLWithPath: file.path).lastPathComponent,
      digests: .pending(byteCount: file.byteCount), era: set.era.rawValue, converter: options.producer,
      licence: set.licence, attribution: set.paper, details: details)
    var sections = [ArchivedNetwork.entrySection: recognition.target.json]
    sections[ArchivedNetwork.graphSection] = recognition.graph.map { "\"\($0)\"" }
    return Manifest(producer: options.producer, source: provenance, sections: sections)
  }
}

extension Recognition {
  /// Whether so little fits that the file is probably something else altogether.
  var isFarOff: Bool { alignment.pairs.count - alignment.wrongShape.count < target.parameters.count / 2 }
}

extension KerasFile {
  /// The file in numbers, for an error.
  var facts: String {
    let tensors = layers.reduce(0) { $0 + $1.tensors.count }
    let names = layers.prefix(3).map(\.name).joined(separator: ", ")
    return "its \(layers.count) layers with \(tensors) tensors (\(names)\(layers.count > 3 ? ", ..." : ""))"
  }
}
