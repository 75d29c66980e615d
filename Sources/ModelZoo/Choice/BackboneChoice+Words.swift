import Encoding
package import Reports

extension BackboneChoice {
  /// The heads of ``rows``.
  package static let columns =
    [Table.Column("archive")]
    + ["accuracy", "±", "macro F1", "ms/image", "MB", "features", "C"].map { Table.Column($0, .trailing) }

  /// A row a backbone, the best first.
  package var rows: [[String]] {
    candidates.map { candidate in
      [
        candidate.archive, Self.percent(candidate.accuracy), Self.percent(candidate.standardError),
        metric(candidate.macroF1), fixed(candidate.millisecondsPerImage, decimals: 1),
        fixed(Double(candidate.byteCount) / 1e6, decimals: 1), candidate.featureCount.grouped,
        "\(candidate.strength)",
      ]
    }
  }

  /// What was done, in a sentence.
  public var deed: String {
    "The accuracy is that of a linear head on the features, cross-validated in \(foldCount) folds of "
      + "\(counted(imageCount, "image")), ± its standard error over the folds; no head was kept"
  }

  /// What the numbers say, in a sentence.
  public var verdict: String {
    let tied = tied
    guard tied.count > 1 else {
      return candidates.count == 1
        ? "\(best.archive): \(Self.percent(best.accuracy))"
        : "\(best.archive) is the best by more than one standard error"
    }
    let others = tied.dropFirst().map(\.archive).joined(separator: ", ")
    let verb = tied.count == 2 ? "is" : "are"
    return "\(others) \(verb) no different from the best, \(best.archive), at one standard error: "
      + "the cheapest of these is \(cheapest.archive)"
  }

  /// How the accuracies were measured, in sentences.
  package var method: String {
    let copies =
      copyCount == 0
      ? ""
      : " \(counted(copyCount, "image")) that are copies of others, byte for byte, are in the same fold as those."
    return
      "A linear head (softmax regression) on the features of each archive, \(foldCount)-fold cross-validation on "
      + "\(counted(imageCount, "image")) of \(counted(classes.count, "class", plural: "classes")), the same folds for "
      + "all.\(copies) The accuracy is the mean over the folds, ± its standard error. C is the strength of the head's "
      + "regularisation with the lowest loss on the same folds, so that accuracies on other images are a little lower. "
      + "Times are those of the network for one image at a time on this machine, without reading the image."
  }

  static func percent(_ share: Double) -> String { perCent(share) + "\u{A0}%" }
}

extension BackboneChoice {
  /// The comparison as a JSON object: `images`, `classes`, `folds`, `seed`, `candidates` (the best first, each with the
  /// accuracies of the folds), `best`, `cheapest`.
  public func json() -> String { document().pretty + "\n" }

  /// - Parameter more: members to put behind the others.
  package func document(_ more: [(name: String, value: JSON)] = []) -> JSON {
    let tied = Set(tied.map(\.archive))
    let members: [(name: String, value: JSON)] = [
      ("images", .integer(imageCount)), ("copies", .integer(copyCount)),
      ("classes", .array(classes.map(JSON.string))), ("folds", .integer(foldCount)),
      ("seed", .integer(Int(clamping: seed))),
      ("candidates", .array(candidates.map { Self.json($0, isTied: tied.contains($0.archive)) })),
      ("best", .string(best.archive)), ("cheapest", .string(cheapest.archive)),
      ("skipped", .array(skipped.map { .string($0.path) })),
    ]
    return .object(members + more)
  }

  private static func json(_ candidate: Candidate, isTied: Bool) -> JSON {
    [
      "archive": .string(candidate.archive), "network": .string(candidate.identifier),
      "accuracy": .number(candidate.accuracy), "standardError": .number(candidate.standardError),
      "foldAccuracies": .array(candidate.validation.foldAccuracies.map(JSON.number)),
      "macroF1": .number(candidate.macroF1),
      "millisecondsPerImage": .number(candidate.millisecondsPerImage),
      "bytes": .integer(candidate.byteCount), "features": .integer(candidate.featureCount),
      "strength": .number(candidate.strength), "asGoodAsTheBest": .boolean(isTied),
    ]
  }
}
