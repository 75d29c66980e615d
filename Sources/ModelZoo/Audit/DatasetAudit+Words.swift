import Encoding
import Files
package import Reports

extension DatasetAudit {
  /// How many copies there are, in a sentence.
  package var copySentence: String {
    let spare = copies.reduce(0) { $0 + $1.images.count - 1 }
    guard spare > 0 else { return "Copies: none" }
    let exact = copies.count(where: \.isExact)
    let across = [
      (copies.count(where: \.crossesParts), "across parts of the data set"),
      (copies.count(where: \.crossesClasses), "across classes"),
    ].filter { $0.0 > 0 }.map { "\($0.0.grouped) \($0.1)" }
    let conflicts = copies.count(where: \.conflicts)
    let disagreeing = conflicts == 0 ? [] : [counted(conflicts, "label conflict")]
    let kinds =
      ["\(exact.grouped) byte for byte", "\((copies.count - exact).grouped) nearly the same"] + across
      + disagreeing
    return "Copies: \(counted(copies.count, "group")) (\(kinds.joined(separator: ", "))); "
      + "\(counted(spare, "image")) could go"
  }

  /// The heads of ``copyRows``.
  package static let copyColumns = [
    Table.Column("copies"), Table.Column("similarity", .trailing), Table.Column("across"),
    Table.Column("images"),
  ]

  /// A row a group of copies.
  package var copyRows: [[String]] {
    copies.map { group in
      let across = [group.crossesParts ? "parts" : nil, group.crossesClasses ? "classes" : nil]
      let names = group.images.prefix(3).map { shownName($0) }.joined(separator: ", ")
      let rest = group.images.count - 3
      return [
        group.conflicts ? "label conflict" : group.isExact ? "exact" : "near",
        fixed(Double(group.similarity), decimals: 3),
        across.compactMap(\.self).joined(separator: ", "),
        names + (rest > 0 ? " and \(rest.grouped) more" : ""),
      ]
    }
  }

  /// How many labels are disputed, in a sentence.
  package var disputeSentence: String {
    guard let validation else { return "Disputed labels: none, as fewer than two classes can be judged" }
    let share = perCent(validation.accuracy)
    let judged = counted(validation.classes.count, "image")
    return
      "Disputed labels: \(disputes.isEmpty ? "none" : disputes.count.grouped) of \(judged) "
      + "(by a discriminant that is right about \(share) % of images it was not fitted on)"
  }

  /// The heads of ``disputeRows``.
  package static let disputeColumns = [
    Table.Column("image"), Table.Column("class"), Table.Column("", .trailing), Table.Column("suggested"),
    Table.Column("", .trailing),
  ]

  /// A row a disputed label.
  package var disputeRows: [[String]] {
    disputes.map { dispute in
      let image = images[dispute.image]
      return [
        shownName(dispute.image), image.label, Self.percent(image.labelProbability), dispute.suggestion,
        Self.percent(dispute.probability),
      ]
    }
  }

  /// How many strangers there are, in a sentence.
  package var strangerSentence: String {
    "Unlike any class: \(strangers.isEmpty ? "none" : counted(strangers.count, "image")), "
      + "\(options.strangeness) standard deviations or more further from the nearest images than usual"
  }

  /// The heads of ``strangerRows``.
  package static let strangerColumns = [
    Table.Column("image"), Table.Column("class"), Table.Column("deviations", .trailing),
    Table.Column("least unlike"),
  ]

  /// A row a stranger.
  package var strangerRows: [[String]] {
    strangers.map { stranger in
      [
        shownName(stranger.image), images[stranger.image].label,
        fixed(images[stranger.image].strangeness, decimals: 1), stranger.nearestClass,
      ]
    }
  }

  /// The name of an image, with its part where there are several.
  func shownName(_ index: Int) -> String {
    let hasParts = images.first?.part != images.last?.part
    return hasParts ? "\(images[index].part.rawValue): \(images[index].name)" : images[index].name
  }

  static func percent(_ share: Float?) -> String {
    share.map { fixed(Double($0) * 100, decimals: 1) + " %" } ?? "not judged"
  }
}

extension DatasetAudit.Copies {
  /// What a table calls it.
  fileprivate var kind: String { conflicts ? "label_conflict" : isExact ? "copy" : "near_copy" }
}

extension DatasetAudit {
  /// The findings as a table with a line for each image of each finding: what was found, its rank from 1, the image's file, part and
  /// class, the suggested or nearest class, and a score: the similarity, the probability of the suggestion, the deviations.
  public func csv() -> String {
    func line(_ finding: String, _ rank: Int, _ index: Int, _ other: String, _ score: String) -> String {
      let image = images[index]
      return CSV.record([
        finding, "\(rank + 1)", image.path, image.part.rawValue, image.label, other, score,
      ])
    }
    var text = CSV.record(["finding", "rank", "file", "part", "class", "other_class", "score"])
    for (rank, group) in copies.enumerated() {
      for index in group.images {
        text += line(group.kind, rank, index, "", "\(group.similarity)")
      }
    }
    for (rank, dispute) in disputes.enumerated() {
      text += line("disputed", rank, dispute.image, dispute.suggestion, "\(dispute.probability)")
    }
    for (rank, stranger) in strangers.enumerated() {
      let score = "\(Float(images[stranger.image].strangeness))"
      text += line("stranger", rank, stranger.image, stranger.nearestClass, score)
    }
    return text
  }

  /// Writes ``csv()``; whatever happens, `path` names the old file or the whole new one.
  ///
  /// - Throws: `FileError` when it cannot be written.
  public func writeCSV(to path: String) throws { try AtomicFile.write(csv(), to: path) }

  /// The findings as a JSON object: `images` (how many), `classes`, `copies`, `disputes`, `strangers`, each in its order, and how they
  /// were found.
  public func json() -> String { document().pretty + "\n" }

  /// - Parameter more: members to put behind the others.
  package func document(_ more: [(name: String, value: JSON)] = []) -> JSON {
    let judged = { (number: (DiscriminantValidation) -> Double) in
      validation.map { JSON.number(number($0)) } ?? .null
    }
    let members: [(name: String, value: JSON)] = [
      ("images", .integer(images.count)), ("classes", .array(classes.map(JSON.string))),
      ("backbone", .string(backbone)), ("similarity", JSON(options.similarity)),
      ("strangeness", .number(options.strangeness)), ("neighbours", .integer(options.neighbours)),
      ("folds", .integer(options.folds)), ("seed", .integer(Int(clamping: options.seed))),
      ("shrinkage", judged(\.shrinkage)), ("temperature", judged(\.temperature)),
      ("accuracy", judged(\.accuracy)),
      ("thresholds", .array(thresholds.map(Self.number))), ("copies", .array(copies.map(json))),
      ("disputes", .array(disputes.map(json))), ("strangers", .array(strangers.map(json))),
      ("skipped", .array(skipped.map { .string($0.path) })),
    ]
    return .object(members + more)
  }

  private static func number(_ value: Float?) -> JSON {
    guard let value else { return .null }
    return JSON(value)
  }

  private func json(_ group: Copies) -> JSON {
    [
      "exact": .boolean(group.isExact), "labelConflict": .boolean(group.conflicts),
      "similarity": JSON(group.similarity),
      "acrossClasses": .boolean(group.crossesClasses), "acrossParts": .boolean(group.crossesParts),
      "images": .array(group.images.map(json)),
    ]
  }

  private func json(_ dispute: Dispute) -> JSON {
    [
      "image": json(dispute.image), "suggestion": .string(dispute.suggestion),
      "probability": JSON(dispute.probability),
      "labelProbability": Self.number(images[dispute.image].labelProbability),
    ]
  }

  private func json(_ stranger: Stranger) -> JSON {
    [
      "image": json(stranger.image), "deviations": .number(images[stranger.image].strangeness),
      "nearestClass": .string(stranger.nearestClass),
      "nearestImage": stranger.nearestImage.map(json) ?? .null,
    ]
  }

  private func json(_ index: Int) -> JSON {
    [
      "file": .string(images[index].path), "part": .string(images[index].part.rawValue),
      "class": .string(images[index].label),
    ]
  }
}
