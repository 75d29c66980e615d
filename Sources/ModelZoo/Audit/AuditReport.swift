import Encoding
import Files
import Images
import Reports
import TensorArchive

/// An HTML report of an audit, with small images of what was found.
///
/// ```swift
/// try AuditReport(on: audit).write(to: "audit.html")
/// ```
public struct AuditReport: Sendable {
  /// The audit.
  public let audit: DatasetAudit
  /// The command line that made it; nil if there was none.
  public var command: String?

  /// A report on an audit.
  public init(on audit: DatasetAudit, command: String? = nil) {
    (self.audit, self.command) = (audit, command)
  }

  /// The page: one HTML file without scripts that needs no other file. Images that cannot be read any more are left out.
  public func html() -> String { page.html() }

  /// Writes the page; whatever happens, `path` names the old file or the whole new one.
  ///
  /// - Throws: `FileError` when it cannot be written.
  public func write(to path: String) throws { try AtomicFile.write(html(), to: path) }
}

extension AuditReport {
  /// The longest side of an image on the page, and how many findings of each kind have images: the page must stay light.
  private static let (side, mostFigures) = (128, 12)
  /// How many lines a table has.
  private static let mostRows = 500

  private var page: Page {
    let audit = audit
    let typed = command.map { [Page.Block.code($0)] } ?? []
    let sections = [
      Page.Section("Copies", copies), Page.Section("Disputed labels", disputes),
      Page.Section("Unlike any class", strangers),
      Page.Section("How it was found", typed + [.paragraph(method)]),
    ]
    return Page(
      .audit, title: "Audit",
      subtitle: "\(counted(audit.images.count, "image")) of "
        + "\(counted(audit.classes.count, "class", plural: "classes")), seen through \(audit.backbone). "
        + "These are suspicions, the gravest first; nothing was changed.",
      tiles: tiles, sections: sections, footer: "Written by \(Release.producer).")
  }

  private var tiles: [Page.Tile] {
    [
      Page.Tile(audit.copies.count.grouped, "groups of copies"),
      Page.Tile(audit.copies.count(where: \.crossesClasses).grouped, "of them across classes"),
      Page.Tile(audit.copies.count(where: \.crossesParts).grouped, "across parts of the data set"),
      Page.Tile(audit.disputes.count.grouped, "disputed labels"),
      Page.Tile(audit.strangers.count.grouped, "images unlike any class"),
      Page.Tile(
        DatasetAudit.percent(audit.validation.map { Float($0.accuracy) }),
        "accuracy of what disputes labels"),
    ]
  }

  private var copies: [Page.Block] {
    let figures = audit.copies.prefix(Self.mostFigures).compactMap { group -> Page.Figure? in
      let across = [
        group.crossesParts ? "across parts" : nil, group.crossesClasses ? "across classes" : nil,
      ].compactMap(\.self)
      let kind =
        group.conflicts
        ? "label conflict: the same file"
        : group.isExact ? "the same file" : "similarity " + fixed(Double(group.similarity), decimals: 3)
      let shown = group.images.prefix(3)
      let rest = group.images.count - shown.count
      return figure(
        Array(shown), ([kind] + across).joined(separator: ", "),
        shown.map { audit.shownName($0) } + (rest > 0 ? ["and \(rest.grouped) more"] : []))
    }
    return findings(audit.copySentence, figures, DatasetAudit.copyColumns, audit.copyRows)
  }

  private var disputes: [Page.Block] {
    let figures = audit.disputes.prefix(Self.mostFigures).compactMap { dispute -> Page.Figure? in
      let image = audit.images[dispute.image]
      return figure(
        [dispute.image], "\(image.label), or \(dispute.suggestion)?",
        [
          "\(dispute.suggestion) \(DatasetAudit.percent(dispute.probability)), \(image.label) "
            + DatasetAudit.percent(image.labelProbability), audit.shownName(dispute.image),
        ])
    }
    return findings(audit.disputeSentence, figures, DatasetAudit.disputeColumns, audit.disputeRows)
  }

  private var strangers: [Page.Block] {
    let figures = audit.strangers.prefix(Self.mostFigures).compactMap { stranger -> Page.Figure? in
      let image = audit.images[stranger.image]
      return figure(
        [stranger.image, stranger.nearestImage].compactMap(\.self),
        "\(image.label), \(fixed(image.strangeness, decimals: 1)) deviations",
        [audit.shownName(stranger.image)]
          + (stranger.nearestImage.map { ["most like \(audit.shownName($0))"] } ?? []))
    }
    return findings(audit.strangerSentence, figures, DatasetAudit.strangerColumns, audit.strangerRows)
  }

  private func findings(
    _ sentence: String, _ figures: [Page.Figure], _ columns: [Table.Column], _ rows: [[String]]
  ) -> [Page.Block] {
    guard !rows.isEmpty else { return [.paragraph(sentence + ".")] }
    let cut = rows.count > Self.mostRows ? ", the first \(Self.mostRows.grouped) of them" : ""
    return [
      .paragraph(sentence + "."), .figures(figures),
      .fold("All \(rows.count.grouped)\(cut)", [.table(columns, rows: Array(rows.prefix(Self.mostRows)))]),
    ]
  }

  /// Images side by side; nil where none can be read.
  private func figure(_ indices: [Int], _ headline: String, _ details: [String]) -> Page.Figure? {
    guard let recipe = audit.recipe else { return nil }
    let images = indices.compactMap { index -> Page.Image? in
      let image = audit.images[index]
      let bitmap = try? Bitmap(
        contentsOf: image.path, appliesOrientation: recipe.appliesOrientation, limits: recipe.limits
      ).shrunk(toFit: Self.side)
      return bitmap.flatMap { try? Page.Image($0, image.name) }
    }
    return images.isEmpty ? nil : Page.Figure(images: images, headline: headline, details: details)
  }

  private var method: String {
    let options = audit.options
    let chosen =
      audit.validation.map {
        " (shrinkage \($0.shrinkage), temperature \(fixed($0.temperature, decimals: 1)): those of the lowest Brier score)"
      } ?? ""
    return
      "Copies: the same bytes, or features whose cosine similarity to those of the first of a group, whitened over all images, "
      + "is \(options.similarity) or more. Disputed labels: confident learning (Northcutt, Jiang and Chuang, 2021) on the "
      + "probabilities of a linear discriminant\(chosen), \(options.folds)-fold cross-validation, copies in one "
      + "fold. Unlike any class: the mean cosine distance to the \(options.neighbours) nearest images, in features whitened "
      + "within classes, is further from the median of the class it is least unlike than \(options.strangeness) robust standard deviations."
  }
}
