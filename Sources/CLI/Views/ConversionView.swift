import Foundation
import ModelZoo
import Reports

/// How `zoo convert` and `zoo inspect` describe a weight file.
enum ConversionView {
  /// The number of lines of a list that are shown, unless all are asked for.
  private static let listLength = 12

  static func lines(
    _ report: ConversionReport, _ proof: ConversionProof?, file: String, isVerbose: Bool = false
  ) -> [String] {
    let recognition = report.recognition
    var lines = ["\(file): \(heading(recognition))"]
    lines += reasons(recognition)
    if let resemblance = recognition.resemblance { lines += Self.lines(resemblance, isVerbose: isVerbose) }
    lines.append("  - \(report.publication.description)")
    if let classes = recognition.classCount {
      lines.append("  - with its classifier of \(counted(classes, "class", plural: "classes"))")
    }
    if !report.droppedLayers.isEmpty {
      let names = report.droppedLayers
      lines.append(
        "  - left out as requested: \(isVerbose ? names.joined(separator: ", ") : names.firstNamed)")
    }
    if let line = TensorFindingView.line(report.unusualTensors) { lines.append("  - \(line)") }
    if let proof { lines.append("  - " + words(of: proof)) }
    let lists = recognition.mismatch
    let counts = "\(counted(recognition.tensorCount, "tensor")), \(counted(recognition.valueCount, "value"))"
    let changes = "\(lists.applied.count) copied, \(lists.transformed.count) transposed"
    let rounding = report.scalarType.map { "; kernels stored as \($0.rawValue)" } ?? ""
    lines.append(
      "\(report.archive): \(counts), \(report.payloadByteCount.grouped) bytes; \(changes)\(rounding)")
    return lines
  }

  static func heading(_ recognition: Recognition) -> String {
    if recognition.isOwnGraph { return "\(recognition.network), by the graph that the file describes" }
    let graph = recognition.graph.map { ", graph \($0)" } ?? ""
    return "\(recognition.title) (\(recognition.network)\(graph)), weight set \(recognition.weightSet)"
  }

  private static func lines(_ resemblance: Resemblance, isVerbose: Bool) -> [String] {
    let all = resemblance.differences
    guard !all.isEmpty else {
      return ["  - it has \(resemblance.network) in it, unchanged, with layers of its own around it"]
    }
    let shown = isVerbose || all.count <= listLength ? all : Array(all.prefix(listLength - 1))
    let rest = all.count == shown.count ? [] : ["and \(all.count - shown.count) more (--verbose lists all)"]
    let heading = "  - it is similar to \(resemblance.network), with \(counted(all.count, "difference"))"
    return [heading + ":"] + (shown + rest).map { "    \($0)" }
  }

  static func reasons(_ recognition: Recognition) -> [String] {
    recognition.reasons.map { "  - \($0.withOption)" }
  }

  /// What was proved, in a sentence.
  static func words(of proof: ConversionProof) -> String {
    let graph = proof.comparesOwnGraph ? "the file's own graph" : "the network"
    let features =
      switch proof.features {
      case .compared(let pictures, _, _):
        "; \(graph) gives the same features of \(pictures) generated pictures (\(share(proof)) of the largest apart)"
      case .notRun(let reason): "; features were not compared: \(reason)"
      case .otherShapes, .notAsked: ""
      }
    return
      "proved: \(counted(proof.tensorCount, "tensor")), \(proof.valueCount.grouped) values, are the file's\(features)"
  }

  private static func share(_ proof: ConversionProof) -> String {
    let share = proof.features.largestShare ?? 0
    return share == 0 ? "0" : String(format: "%.1e", share)
  }

  private static func json(_ proof: ConversionProof) -> JSON {
    let difference: JSON = proof.features.largestShare.map(JSON.number) ?? .null
    return [
      "tensors": .integer(proof.tensorCount), "values": .integer(proof.valueCount),
      "ownGraph": .boolean(proof.comparesOwnGraph), "largestFeatureDifference": difference,
    ]
  }

  static func json(_ report: ConversionReport, _ proof: ConversionProof?) -> JSON {
    let lists = report.recognition.mismatch
    return [
      "output": .string(report.archive), "recognition": json(report.recognition),
      "source": [
        "bytes": .integer(report.source.byteCount), "md5": .string(report.source.md5),
        "sha256": .string(report.source.sha256), "publication": .string(report.publication.description),
      ],
      "dropped": .array(report.droppedLayers.map(JSON.string)),
      "applied": .array(lists.applied.map(JSON.string)),
      "transformed": .array(lists.transformed.map(JSON.string)),
      "payloadBytes": .integer(report.payloadByteCount), "dtype": JSON(report.scalarType?.rawValue),
      "unusual": TensorFindingView.json(report.unusualTensors), "proof": proof.map(json) ?? .null,
    ]
  }

  static func json(_ recognition: Recognition) -> JSON {
    [
      "entry": .string(recognition.network), "graph": JSON(recognition.graph),
      "weightSet": .string(recognition.weightSet), "era": .string(recognition.era),
      "axisOrder": .string(recognition.axisOrder.rawValue), "kernels": .string(recognition.kernels.rawValue),
      "tensors": .integer(recognition.tensorCount), "values": .integer(recognition.valueCount),
      "ownGraph": .boolean(recognition.isOwnGraph), "classes": JSON(recognition.classCount),
      "resemblance": recognition.resemblance.map {
        ["entry": .string($0.network), "differences": .array($0.differences.map(JSON.string))]
      } ?? .null,
      "fits": .boolean(recognition.fits), "top": .array(recognition.topLayers.map(JSON.string)),
      "reasons": .array(recognition.reasons.map { .string($0.withOption) }),
    ]
  }

  /// The five lists, in full.
  static func json(_ mismatch: ConversionMismatch) -> JSON {
    func list(_ names: [String]) -> JSON { .array(names.map(JSON.string)) }
    return [
      "target": .string(mismatch.target), "applied": list(mismatch.applied),
      "transformed": list(mismatch.transformed), "missing": list(mismatch.missing),
      "unused": list(mismatch.unused), "wrongShape": list(mismatch.wrongShape),
    ]
  }
}

extension ConversionError {
  /// All that does not fit, a line each.
  var list: [String] {
    switch self {
    case .mismatch(_, let mismatch), .unrecognised(_, _, let mismatch?),
      .unknownStateDictionary(_, _, _, let mismatch?):
      [("missing", mismatch.missing), ("unused", mismatch.unused), ("wrong shape", mismatch.wrongShape)]
        .flatMap { name, list in list.map { "\(name): \($0)" } }
    case .anotherGraph(_, _, let differences, _): differences
    default: []
    }
  }
}

extension ConversionError: DetailedError {
  var details: (name: String, value: JSON)? {
    switch self {
    case .mismatch(_, let mismatch), .unrecognised(_, _, let mismatch?),
      .unknownStateDictionary(_, _, _, let mismatch?):
      ("mismatch", ConversionView.json(mismatch))
    case .anotherGraph(_, _, let differences, _): ("differences", .array(differences.map(JSON.string)))
    case .hasTop(_, _, let layers, _), .hasModules(_, _, let layers): ("top", .array(layers.map(JSON.string)))
    default: nil
    }
  }
}
