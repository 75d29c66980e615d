import Errors
import TensorArchive
import Tensors
public import WeightConversion

/// What shows that an archive is what was converted: both were read again and compared.
public struct ConversionProof: Sendable {
  /// How many tensors of the archive have the source's values, all of them.
  public let tensorCount: Int
  /// How many values those have.
  public let valueCount: Int
  /// Features of the source's network and of the archive's, of the same pictures. Of a whole model the first is the graph that the file
  /// itself describes, whatever network of the catalog the archive has.
  public let features: FeatureComparison
  /// Whether that was the file's own graph.
  public let comparesOwnGraph: Bool
}

extension NetworkCatalog {
  /// Writes the archive of a conversion, and keeps it only if it is proved to be what was read.
  ///
  /// Before the archive is in place, the weight file and the archive are opened anew. Every tensor must have the file's values, bit for bit,
  /// or rounded where half precision was asked for; every parameter of the file must be there; and both networks must give the same
  /// features of generated pictures, up to ``FeatureComparison/rounding`` of the largest. Of a file that describes its own graph, that
  /// graph is run, which the archive may have under the name of a network of the catalog. Of a published file, known by its digest, nothing
  /// may have been asked for that is not so in it.
  ///
  /// - Parameters:
  ///   - conversion: what is written.
  ///   - archive: where; it is as it was where the proof fails.
  ///   - progress: told of every tensor how many values it has, when it is written and when it is read again: in all three times
  ///     `Recognition.valueCount`, and what the file has besides. What it throws ends the work.
  /// - Throws: what writing throws, what reading either file again throws, `ConversionError.notProved`.
  /// - Complexity: that of the conversion, of a comparison, and of running two networks.
  public func writeProved(
    _ conversion: Conversion, to archive: String, progress: (_ values: Int) throws -> Void = { _ in }
  ) throws -> (report: ConversionReport, proof: ConversionProof) {
    var proof: ConversionProof?
    let report = try withoutActuallyEscaping(progress) { progress in
      try conversion.write(
        to: archive,
        check: { proof = try proved(conversion, $0, as: archive, progress) }, progress: progress)
    }
    guard let proof else {
      throw ConversionError.notProved(
        path: conversion.path, archive: archive, differences: ["nothing was compared"])
    }
    return (report, proof)
  }

  private func proved(
    _ conversion: Conversion, _ temporaryPath: String, as archive: String,
    _ progress: @escaping (_ values: Int) throws -> Void
  ) throws -> ConversionProof {
    let path = conversion.weightFile ?? conversion.path
    let again = try ComparedFile(self.conversion(of: path, options: conversion.options), named: path)
    let written = try ComparedFile(Archive(contentsOf: temporaryPath), named: archive)
    var done = 0
    let options = ComparisonOptions(comparesFeatures: false)
    let found = try WeightComparison(again, written, options, Cancellation()) { read, _ in
      try progress(read - done)
      done = read
    }
    var differences = found.facts.map { "another \($0.fact.rawValue): \($0.first), \($0.second)" }
    differences += try conversion.wishesAgainstPublication()
    differences += found.tensors.filter { !$0.isProved(storedAs: conversion.options.scalarType) }.map {
      "\($0.name): \($0.kind.rawValue)"
    }
    let own = try ownGraph(of: conversion, path)
    let features = try FeatureComparison(own ?? again, written, seed: 0, Cancellation())
    if !features.isEqual(within: .none) { differences.append(features.words ?? "other features") }
    guard differences.isEmpty else {
      throw ConversionError.notProved(path: path, archive: archive, differences: differences)
    }
    let proved = found.tensors.filter { $0.second != nil }
    return ConversionProof(
      tensorCount: proved.count,
      valueCount: proved.reduce(0) { $0 + ($1.second?.shape.elementCount ?? 0) }, features: features,
      comparesOwnGraph: own != nil)
  }

  /// The file as its own graph has it; nil where it describes none, or where that is not what was converted.
  private func ownGraph(of conversion: Conversion, _ path: String) throws -> ComparedFile? {
    var options = conversion.options
    guard options.network == nil, options.graph == nil, conversion.source.facts.architecture != nil,
      conversion.recognition.ownGraphProblem == nil
    else { return nil }
    options.followsOwnGraph = true
    return try ComparedFile(self.conversion(of: path, options: options), named: path)
  }
}

extension TensorComparison {
  /// Whether the archive has what the source has: the values themselves, or their nearest of a type that was asked for. What of the file
  /// belongs to no parameter is left out.
  fileprivate func isProved(storedAs type: ScalarType?) -> Bool {
    switch finding {
    case .equal: match == .parameter
    case .rounded(let found): match == .parameter && type != nil && (found == type || found == .float32)
    case .otherType: match == .parameter && type != nil
    case .onlyInFirst: first?.isParameter == false
    case .different, .withinTolerance, .rearranged, .otherShape, .onlyInSecond: false
    }
  }
}
