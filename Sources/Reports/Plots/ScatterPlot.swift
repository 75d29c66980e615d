/// Points in two dimensions, coloured by class.
package struct ScatterPlot: Hashable, Sendable {
  private let title: String
  private let xLabel: String
  private let yLabel: String
  private let points: [Point]
  private let labels: [Int]
  private let classes: [String]

  /// - Parameter labels: the class of each point; empty when nobody knows.
  package init(
    title: String, xLabel: String, yLabel: String, points: [Point], labels: [Int] = [],
    classes: [String] = []
  ) {
    self.title = title
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.points = points
    self.labels = labels
    self.classes = classes
  }

  /// The plot as an image; the legend's lines come on top of `height`.
  package func drawing(width: Double = 720, height: Double = 620) -> Drawing {
    let legend = Legend(
      entries: labels.isEmpty
        ? []
        : classes.enumerated().map {
          Legend.Entry(name: $1, paint: .series($0), marker: Marker(series: $0))
        })
    let top = 38 + Double(legend.lineCount(width: width - 24)) * Legend.lineHeight
    var drawing = Drawing(width: width, height: top + height - 38, title: title)
    drawing.add(text: title, 12, 22, Lettering(size: 14, isBold: true))
    legend.draw(on: &drawing, left: 12, baseline: 42, right: width - 12)
    let finite = points.filter { $0.x.isFinite && $0.y.isFinite }
    let y = Scale(Self.widened(finite.map(\.y)), tickCount: 6, isTight: true)
    let margin = (y.ticks.map { textWidth(y.label($0), size: 11) }.max() ?? 0) + 34
    let frame = Frame(left: margin, top: top, right: width - 14, bottom: drawing.height - 42)
    let x = Scale(Self.widened(finite.map(\.x)), tickCount: 7, isTight: true)
    Axes(x: x, y: y, xLabel: xLabel, hasGrid: false).draw(on: &drawing, frame)
    drawing.add(
      text: yLabel, 16, frame.middle.y,
      Lettering(size: 11, anchor: .middle, paint: .faint, isUpright: true))
    drawPoints(on: &drawing, frame, x, y)
    return drawing
  }

  /// The ends of `values` with some room, so that no point lies on the frame.
  private static func widened(_ values: [Double]) -> [Double] {
    guard let low = values.min(), let high = values.max() else { return [] }
    let room = (high - low) * 0.04
    return [low - room, high + room]
  }

  private func drawPoints(on drawing: inout Drawing, _ frame: Frame, _ x: Scale, _ y: Scale) {
    let radius = points.count > 2000 ? 2.0 : points.count > 300 ? 3 : 4
    for (index, point) in points.enumerated() where point.x.isFinite && point.y.isFinite {
      let series = labels.isEmpty ? 0 : labels[index]
      let place = Point(
        x.place(point.x, from: frame.left, to: frame.right),
        y.place(point.y, from: frame.bottom, to: frame.top))
      drawing.add(Marker(series: series).mark(at: place, radius: radius, .series(series), opacity: 0.75))
    }
  }
}
