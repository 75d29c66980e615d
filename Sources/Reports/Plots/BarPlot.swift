import Encoding

/// Horizontal bars of counts, in groups: the images of every class for training and for validation.
package struct BarPlot: Hashable, Sendable {
  /// One class.
  package struct Group: Hashable, Sendable {
    package let name: String
    /// One count for each series.
    package let counts: [Int]

    package init(_ name: String, _ counts: [Int]) {
      self.name = name
      self.counts = counts
    }
  }

  private let title: String
  private let series: [String]
  private let groups: [Group]

  package init(title: String, series: [String], groups: [Group]) {
    self.title = title
    self.series = series
    self.groups = groups
  }

  private static let barHeight = 13.0

  /// The plot as an image of `width` pixels, as high as its groups need.
  package func drawing(width: Double = 560) -> Drawing {
    let groupHeight = Self.barHeight * Double(max(1, series.count)) + 10
    let top = series.count > 1 ? 56.0 : 38
    let height = top + groupHeight * Double(groups.count) + 8
    var drawing = Drawing(width: width, height: height, title: title)
    drawing.add(text: title, 12, 22, Lettering(size: 14, isBold: true))
    if series.count > 1 {
      let entries = series.enumerated().map { Legend.Entry(name: $1, paint: .series($0), marker: .square) }
      Legend(entries: entries).draw(on: &drawing, left: 12, baseline: 42, right: width - 12)
    }
    let longest = groups.map { textWidth($0.name, size: 12) }.max() ?? 0
    let left = 12 + min(longest, width * 0.35) + 8
    let most = max(1, groups.flatMap(\.counts).max() ?? 1)
    let unit = (width - left - 12 - textWidth(most.grouped, size: 11) - 6) / Double(most)
    for (index, group) in groups.enumerated() {
      draw(group, on: &drawing, top: top + groupHeight * Double(index), left: left, unit: unit)
    }
    return drawing
  }

  private func draw(
    _ group: Group, on drawing: inout Drawing, top: Double, left: Double,
    unit: Double
  ) {
    let middle = top + Self.barHeight * Double(group.counts.count) / 2
    drawing.add(
      text: fitting(group.name, width: left - 20, size: 12), left - 8, middle + 4,
      Lettering(size: 12, anchor: .end))
    for (index, count) in group.counts.enumerated() {
      let bar = top + Self.barHeight * Double(index)
      let end = left + max(count > 0 ? 1 : 0, Double(count) * unit)
      drawing.add(
        rectangle: Frame(left: left, top: bar + 1, right: end, bottom: bar + Self.barHeight - 1),
        .series(index))
      drawing.add(
        text: count.grouped, end + 5, bar + Self.barHeight - 3, Lettering(size: 11, paint: .faint))
    }
  }
}
