import Foundation

/// What costs more against what is worth more: a point with a name and an error bar for each choice.
package struct TradeOffPlot: Hashable, Sendable {
  /// One choice.
  package struct Choice: Hashable, Sendable {
    package let name: String
    /// More than 0.
    package let cost: Double
    package let worth: Double
    /// Half the length of the error bar.
    package let error: Double
    /// Whether it is among the best.
    package let isGood: Bool

    package init(_ name: String, cost: Double, worth: Double, error: Double, isGood: Bool) {
      (self.name, self.cost, self.worth, self.error, self.isGood) = (name, cost, worth, error, isGood)
    }
  }

  private let title: String
  private let xLabel: String
  private let yLabel: String
  private let choices: [Choice]
  private let threshold: Double?

  /// - Parameter threshold: the least worth that is as good as the best; nil for none.
  package init(
    title: String, xLabel: String, yLabel: String, choices: [Choice], threshold: Double? = nil
  ) {
    (self.title, self.xLabel, self.yLabel) = (title, xLabel, yLabel)
    (self.choices, self.threshold) = (choices, threshold)
  }

  /// The plot as an image of `width` times `height` pixels.
  package func drawing(width: Double = 720, height: Double = 380) -> Drawing {
    var drawing = Drawing(width: width, height: height, title: title)
    drawing.add(text: title, 12, 22, Lettering(size: 14, isBold: true))
    let finite = choices.filter { $0.cost.isFinite && $0.worth.isFinite && $0.cost > 0 }
    let y = Scale(finite.flatMap { [$0.worth - $0.error, $0.worth + $0.error] }, tickCount: 5)
    let x = Scale(logarithmic: finite.map(\.cost))
    let margin = (y.ticks.map { textWidth(y.label($0), size: 11) }.max() ?? 0) + 34
    let frame = Frame(left: margin, top: 40, right: width - 16, bottom: height - 42)
    Axes(x: x, y: y, xLabel: xLabel).draw(on: &drawing, frame)
    drawing.add(
      text: yLabel, 16, frame.middle.y, Lettering(size: 11, anchor: .middle, paint: .faint, isUpright: true))
    if let threshold, !finite.isEmpty {
      let place = y.place(threshold, from: frame.bottom, to: frame.top)
      drawing.add(
        lineFrom: Point(frame.left, place), to: Point(frame.right, place), .series(2), isDashed: true)
    }
    let points = finite.map { choice in
      Point(
        x.place(choice.cost, from: frame.left, to: frame.right),
        y.place(choice.worth, from: frame.bottom, to: frame.top))
    }
    for (choice, point) in zip(finite, points) { draw(choice, at: point, on: &drawing, frame, y) }
    drawNames(finite, points, on: &drawing, frame)
    return drawing
  }

  private func draw(
    _ choice: Choice, at point: Point, on drawing: inout Drawing, _ frame: Frame, _ y: Scale
  ) {
    let paint = Paint.series(choice.isGood ? 2 : 0)
    let ends = [choice.worth - choice.error, choice.worth + choice.error].map {
      y.place($0, from: frame.bottom, to: frame.top)
    }
    drawing.add(lineFrom: Point(point.x, ends[0]), to: Point(point.x, ends[1]), paint, width: 1.5)
    for end in ends {
      drawing.add(lineFrom: Point(point.x - 4, end), to: Point(point.x + 4, end), paint, width: 1.5)
    }
    drawing.add(Marker(series: choice.isGood ? 0 : 10).mark(at: point, radius: 4.5, paint))
  }

  /// Writes every name beside its point where no other name or point is, else above or below.
  private func drawNames(
    _ choices: [Choice], _ points: [Point], on drawing: inout Drawing, _ frame: Frame
  ) {
    var taken = points.map { Frame(left: $0.x - 6, top: $0.y - 6, right: $0.x + 6, bottom: $0.y + 6) }
    for (choice, point) in zip(choices, points) {
      let name = fitting(choice.name, width: min(240, frame.width * 0.6), size: 12)
      let places = Self.places(of: name, at: point).filter {
        $0.left >= frame.left && $0.right <= frame.right + 12
      }
      let place =
        places.first { place in !taken.contains { $0.overlaps(place) } } ?? places.first
        ?? Self.places(of: name, at: point)[0]
      taken.append(place)
      drawing.add(text: name, place.left, place.bottom - 3, Lettering(size: 12))
    }
  }

  private static func places(of name: String, at point: Point) -> [Frame] {
    let width = textWidth(name, size: 12)
    let shifts = [0.0, -14, 14, -28, 28, -42, 42]
    return shifts.flatMap { shift in
      [point.x + 9, point.x - 9 - width].map { left in
        Frame(left: left, top: point.y - 8 + shift, right: left + width, bottom: point.y + 7 + shift)
      }
    }
  }
}

extension Frame {
  fileprivate func overlaps(_ other: Frame) -> Bool {
    left < other.right && other.left < right && top < other.bottom && other.top < bottom
  }
}
