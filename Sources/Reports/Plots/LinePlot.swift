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
  private let milestone: Milestone?

  /// A step that stands out.
  package struct Milestone: Hashable, Sendable {
    package let step: Int
    package let name: String

    package init(_ step: Int, _ name: String) { (self.step, self.name) = (step, name) }
  }

  /// - Parameters:
  ///   - firstStep: the number of the first value of every series.
  ///   - milestone: a step that stands out; nil for none.
  package init(
    title: String, xLabel: String, firstStep: Int = 1, series: [Series], milestone: Milestone? = nil
  ) {
    self.title = title
    self.milestone = milestone
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
    let frame = Frame(left: margin, top: milestone == nil ? 56 : 68, right: width - 14, bottom: height - 42)
    drawing.add(text: title, 12, 22, Lettering(size: 14, isBold: true))
    let entries = series.enumerated().map {
      Legend.Entry(name: $1.name, paint: .series($0), isDashed: $1.isDashed)
    }
    Legend(entries: entries).draw(on: &drawing, left: 12, baseline: 41, right: width - 12)
    Axes(x: x, y: y, xLabel: xLabel).draw(on: &drawing, frame)
    drawMilestone(on: &drawing, frame, x, isInside: steps[0]...steps[1])
    for (index, curve) in series.enumerated() { draw(curve, .series(index), on: &drawing, frame, x, y) }
    return drawing
  }

  /// A line from top to bottom, with its name beside it where there is more room.
  private func drawMilestone(
    on drawing: inout Drawing, _ frame: Frame, _ x: Scale, isInside range: ClosedRange<Double>
  ) {
    guard let milestone, range.contains(Double(milestone.step)) else { return }
    let place = x.place(Double(milestone.step), from: frame.left, to: frame.right)
    drawing.add(
      lineFrom: Point(place, frame.bottom), to: Point(place, frame.top), .faint, width: 1.5, isDashed: true)
    let isLeft = place > frame.middle.x
    drawing.add(
      text: milestone.name, place + (isLeft ? -5 : 5), frame.top - 5,
      Lettering(size: 11, anchor: isLeft ? .end : .start, paint: .faint))
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
