extension Drawing {
  /// The drawing as an SVG file that stands alone: its colours follow the reader's wish for light or dark.
  package func svg() -> String {
    let sheet = "<style>\(Self.styleSheet)</style>\n<rect class=\"f-paper\" width=\"100%\" height=\"100%\"/>"
    return Self.declaration
      + element(inner: sheet, "width=\"\(number(width))\" height=\"\(number(height))\" ")
      + "\n"
  }

  /// The drawing as an element of an HTML page that has ``styleSheet`` among its styles.
  package func svgElement() -> String { element(inner: "", "class=\"plot\" ") }

  private static let declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"

  /// What the classes of the marks mean, in light and in dark.
  package static let styleSheet: String = {
    let dark = rules(.dark)
    return "text{font-family:system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',sans-serif}"
      + rules(.light) + "@media (prefers-color-scheme:dark){\(dark)}"
  }()

  private static func rules(_ palette: Palette) -> String {
    Palette.paints.map { paint in
      let color = palette[paint].css
      return ".f-\(paint.name){fill:\(color)}.k-\(paint.name){stroke:\(color)}"
    }.joined()
  }

  private func element(inner: String, _ attributes: String) -> String {
    let box = "viewBox=\"0 0 \(number(width)) \(number(height))\""
    let title = Markup.escaped(title)
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" \(attributes)\(box) role=\"img\" "
      + "aria-label=\"\(title)\">\n<title>\(title)</title>\(inner)\n"
      + marks.map { $0.svg + "\n" }.joined() + "</svg>"
  }
}

extension Mark {
  fileprivate var svg: String {
    switch self {
    case .path(let points, let paint, let width, let isDashed):
      let dashes = isDashed ? " stroke-dasharray=\"5 4\"" : ""
      return "<path class=\"k-\(paint.name)\" d=\"\(outline(points))\" fill=\"none\" "
        + "stroke-width=\"\(number(width))\" stroke-linejoin=\"round\" stroke-linecap=\"round\"\(dashes)/>"
    case .area(let points, let paint, let opacity):
      return "<path class=\"f-\(paint.name)\" d=\"\(outline(points))Z\"\(fading(opacity))/>"
    case .dot(let center, let radius, let paint, let opacity):
      return "<circle class=\"f-\(paint.name)\" cx=\"\(number(center.x))\" cy=\"\(number(center.y))\" "
        + "r=\"\(number(radius))\"\(fading(opacity))/>"
    case .text(let words, let point, let lettering): return lettering.svg(words, point)
    }
  }

  private func outline(_ points: [Point]) -> String {
    points.enumerated().map { index, point in
      (index == 0 ? "M" : "L") + "\(number(point.x)) \(number(point.y))"
    }.joined()
  }

  private func fading(_ opacity: Double) -> String {
    opacity < 1 ? " fill-opacity=\"\(number(opacity))\"" : ""
  }
}

extension Lettering {
  fileprivate func svg(_ words: String, _ point: Point) -> String {
    let place = "x=\"\(number(point.x))\" y=\"\(number(point.y))\""
    let turn = isUpright ? " transform=\"rotate(-90 \(number(point.x)) \(number(point.y)))\"" : ""
    let weight = isBold ? " font-weight=\"600\"" : ""
    let anchor = anchor == .start ? "" : " text-anchor=\"\(anchor == .middle ? "middle" : "end")\""
    return "<text class=\"f-\(paint.name)\" \(place) font-size=\"\(number(size))\"\(anchor)\(weight)\(turn)>"
      + "\(Markup.escaped(words))</text>"
  }
}

/// A coordinate with two decimals at most, none of them superfluous.
private func number(_ value: Double) -> String {
  guard value.isFinite else { return "0" }
  let hundredths = Int((min(max(value, -1e9), 1e9) * 100).rounded())
  let (whole, rest) = (hundredths.magnitude / 100, hundredths.magnitude % 100)
  let sign = hundredths < 0 ? "-" : ""
  if rest == 0 { return "\(sign)\(whole)" }
  let decimals = rest % 10 == 0 ? "\(rest / 10)" : rest < 10 ? "0\(rest)" : "\(rest)"
  return "\(sign)\(whole).\(decimals)"
}
