import Encoding

/// A confusion matrix: a square of counts.
package struct ConfusionPlot: Hashable, Sendable {
  private let title: String
  private let classes: [String]
  private let counts: [[Int]]

  /// - Parameter counts: `counts[truth][prediction]`, as many rows and columns as `classes`.
  package init(title: String, classes: [String], counts: [[Int]]) {
    self.title = title
    self.classes = classes
    self.counts = counts
  }

  /// The plot as an image; cells become smaller the more classes there are.
  package func drawing() -> Drawing {
    let cell = min(64, max(14, 620 / Double(max(1, classes.count))))
    let longest = classes.map { textWidth($0, size: 12) }.max() ?? 0
    let labels = min(longest, 150) + 10
    let (left, top) = (28 + labels, 38.0)
    let side = cell * Double(classes.count)
    // Names below the columns lie flat where they fit, and stand where they do not.
    let isFlat = longest <= cell - 6
    let bottom = isFlat ? 42 : labels + 30
    var drawing = Drawing(
      width: max(left + side + 14, textWidth(title, size: 14) + 40), height: top + side + bottom, title: title
    )
    drawing.add(text: title, 12, 22, Lettering(size: 14, isBold: true))
    let frame = Frame(left: left, top: top, right: left + side, bottom: top + side)
    drawNames(on: &drawing, frame, cell: cell, labels: labels, isFlat: isFlat)
    for (row, line) in counts.enumerated() {
      let total = line.reduce(0, +)
      for (column, count) in line.enumerated() {
        let (x, y) = (left + cell * Double(column), top + cell * Double(row))
        let share = total > 0 ? Double(count) / Double(total) : 0
        draw(count, share, in: Frame(left: x, top: y, right: x + cell, bottom: y + cell), on: &drawing)
      }
    }
    return drawing
  }

  private func drawNames(
    on drawing: inout Drawing, _ frame: Frame, cell: Double, labels: Double, isFlat: Bool
  ) {
    let axis = Lettering(size: 11, anchor: .middle, paint: .faint)
    var upright = axis
    upright.isUpright = true
    drawing.add(text: "truth", 16, frame.middle.y, upright)
    drawing.add(text: "prediction", frame.middle.x, drawing.height - 8, axis)
    for (index, name) in classes.enumerated() {
      let middle = cell * (Double(index) + 0.5)
      let label = fitting(name, width: labels - 8, size: 12)
      drawing.add(
        text: label, frame.left - 8, frame.top + middle + 4, Lettering(size: 12, anchor: .end))
      if isFlat {
        drawing.add(
          text: label, frame.left + middle, frame.bottom + 16, Lettering(size: 12, anchor: .middle))
      } else {
        drawing.add(
          text: label, frame.left + middle + 4, frame.bottom + 8,
          Lettering(size: 12, anchor: .end, isUpright: true))
      }
    }
  }

  /// A cell as dark as its share of the row's truth; nothing is written where the count is none.
  private func draw(_ count: Int, _ share: Double, in frame: Frame, on drawing: inout Drawing) {
    let inset = Frame(
      left: frame.left + 1, top: frame.top + 1, right: frame.right - 1, bottom: frame.bottom - 1)
    drawing.add(rectangle: inset, .grid, opacity: 0.45)
    guard count > 0 else { return }
    let opacity = 0.12 + 0.88 * share
    drawing.add(rectangle: inset, .series(0), opacity: opacity)
    let text = count.grouped
    let size = min(13, frame.width * 0.8 / max(1, textWidth(text, size: 1)))
    guard size >= 6 else { return }
    drawing.add(
      text: text, frame.middle.x, frame.middle.y + size * 0.36,
      Lettering(size: size, anchor: .middle, paint: opacity > 0.65 ? .paper : .ink, isBold: true))
  }
}
