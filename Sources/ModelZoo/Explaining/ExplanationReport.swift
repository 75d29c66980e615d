import Encoding
import Files
import Images
import Reports
import TensorArchive

/// An HTML page of explanations: of every image what the network sees, the evidence on top of it, and the scale of the evidence.
///
/// ```swift
/// var report = ExplanationReport(of: "animals.zoo.safetensors")
/// for path in paths { try report.add(explainer.explain(path)) }
/// try report.write(to: "why.html")
/// ```
public struct ExplanationReport: Sendable {
  /// The longest side of an image on the page.
  private static let side = 240

  private let model: String?
  private var figures: [Page.Figure] = []

  /// An empty page about the predictions of a model.
  ///
  /// - Parameter model: what to call it; nil for nothing.
  public init(of model: String? = nil) { self.model = model }

  /// Adds an explanation, of which the page keeps small images alone.
  ///
  /// - Throws: `ImageError` where an image cannot be encoded.
  public mutating func add(_ explanation: Explanation) throws {
    let small = try explanation.photograph.shrunk(toFit: Self.side)
    let overlay = small.overlaid(with: explanation.heat)
    let said = explanation.prediction
    let percent = { (probability: Float) in fixed(Double(probability) * 100, decimals: 2) + " %" }
    let shown = said.scores.prefix(3).map { "\($0.label) \(percent($0.probability))" }
    figures.append(
      Page.Figure(
        images: [
          try Page.Image(small, said.file),
          try Page.Image(overlay, "the evidence for \(explanation.label)"),
          try Page.Image(
            HeatMap.scale(width: 14, height: small.height), "the scale of the evidence, most at the top"),
        ],
        headline: explanation.hasEvidence
          ? "Evidence for \(explanation.label)" : "No evidence for \(explanation.label)",
        details: [said.file, shown.joined(separator: ", ")]))
  }

  /// The page: one HTML file without scripts that needs no other file.
  public func html() -> String {
    let words =
      "On the left what the network sees, then the same under the evidence for a class, then the scale: yellow, at the top, is the "
      + "most evidence in the image, violet is none. The method is Grad-CAM, at the layer that the head reads; the map "
      + "is as coarse as that layer."
    return Page(
      .evidence, title: "Evidence", subtitle: model ?? "", tiles: [],
      sections: [
        Page.Section(counted(figures.count, "image"), [.paragraph(words), .figures(figures)])
      ], footer: "Written by \(Release.producer)."
    ).html()
  }

  /// Writes the page; whatever happens, `path` names the old file or the whole new one.
  ///
  /// - Throws: `FileError` when it cannot be written.
  public func write(to path: String) throws { try AtomicFile.write(html(), to: path) }
}
