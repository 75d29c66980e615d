/// Curves over whole numbers, such as a loss over epochs.
package struct LinePlot: Hashable, Sendable {
  /// One curve.
  package struct Series: Hashable, Sendable {
    package let name: String
    /// One value a step; values that are not finite leave a gap.
    package let values: [Double]
    package let isDashed: Bool

    package init(_ name: String, _ values: [Double], isDashed: Bool = false) {
      self.name = name
      self.values = values
      self.isDashed = isDashed
    }
  }

  private let title: String
  private let xLabel: String
  private let firstStep: Int
  private let series: [Series]

  /// - Parameter firstStep: the number of the first value of every series.
  package init(title: String, xLabel: String, firstStep: Int = 1, series: [Series]) {
    self.title = title
    self.xLabel = xLabel
    self.firstStep = firstStep
    self.series = series
  }

  /// The plot as an image of `width` times `height` pixels.
  package func drawing(width: Double = 560, height: Double = 300) -> Drawing {
    var drawing = Drawing(width: width, height: height, title: title)
    let count = series.map(\.values.count).max() ?? 0
    let steps = [Double(firstStep), Double(firstStep + max(0, count - 1))]
    let x = Scale(steps, tickCount: 8, wholeNumbers: true, isTight: true)
    let y = Scale(series.flatMap(\.values), tickCount: 5)
    let margin = (y.ticks.map { textWidth(y.label($0), size: 11) }.max() ?? 0) + 18
    let frame = Frame(left: margin, top: 56, right: width - 14, bottom: height - 42)
    drawing.add(text: title, 12, 22, Lettering(size: 14, isBold: true))
    let entries = series.enumerated().map {
      Legend.Entry(name: $1.name, paint: .series($0), isDashed: $1.isDashed)
    }
    Legend(entries: entries).draw(on: &drawing, left: 12, baseline: 41, right: width - 12)
    Axes(x: x, y: y, xLabel: xLabel).draw(on: &drawing, frame)
    for (index, curve) in series.enumerated() { draw(curve, .series(index), on: &drawing, frame, x, y) }
    return drawing
  }

  private func draw(
    _ curve: Series, _ paint: Paint, on drawing: inout Drawing, _ frame: Frame, _ x: Scale, _ y: Scale
  ) {
    var run: [Point] = []
    for (index, value) in curve.values.enumerated() {
      guard value.isFinite else {
        finish(&run, curve, paint, on: &drawing)
        continue
      }
      let step = Double(firstStep + index)
      run.append(
        Point(
          x.place(step, from: frame.left, to: frame.right), y.place(value, from: frame.bottom, to: frame.top))
      )
    }
    finish(&run, curve, paint, on: &drawing)
  }

  /// Draws a stretch without gaps; a single value is a dot.
  private func finish(_ run: inout [Point], _ curve: Series, _ paint: Paint, on drawing: inout Drawing) {
    if run.count == 1 {
      drawing.add(.dot(run[0], radius: 3.5, paint))
    } else if !run.isEmpty {
      drawing.add(.path(run, paint, width: 2, isDashed: curve.isDashed))
    }
    run = []
  }
}
