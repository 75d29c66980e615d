/// Grid lines, ticks and the name of the horizontal axis.
struct Axes {
  let x: Scale
  let y: Scale
  var xLabel = ""
  var hasGrid = true

  func draw(on drawing: inout Drawing, _ frame: Frame) {
    for tick in y.ticks {
      let place = y.place(tick, from: frame.bottom, to: frame.top)
      drawing.add(lineFrom: Point(frame.left, place), to: Point(frame.right, place), .grid)
      drawing.add(
        text: y.label(tick), frame.left - 7, place + 4, Lettering(size: 11, anchor: .end, paint: .faint))
    }
    for tick in x.ticks {
      let place = x.place(tick, from: frame.left, to: frame.right)
      drawing.add(
        lineFrom: Point(place, frame.bottom), to: Point(place, hasGrid ? frame.bottom + 4 : frame.top), .grid)
      drawing.add(
        text: x.label(tick), place, frame.bottom + 17, Lettering(size: 11, anchor: .middle, paint: .faint))
    }
    drawing.add(
      text: xLabel, frame.middle.x, frame.bottom + 34, Lettering(size: 11, anchor: .middle, paint: .faint))
  }
}

/// What the colours mean.
struct Legend {
  struct Entry {
    var name: String
    var paint: Paint
    var isDashed = false
    /// The shape of a class's points; nil for a line.
    var marker: Marker?
  }

  let entries: [Entry]

  /// The lines the entries take between `left` and `right`.
  func lineCount(width: Double) -> Int { (positions(width: width).map(\.line).max() ?? -1) + 1 }

  static let lineHeight = 17.0

  func draw(on drawing: inout Drawing, left: Double, baseline: Double, right: Double) {
    for (entry, position) in zip(entries, positions(width: right - left)) {
      let (x, y) = (left + position.x, baseline + Double(position.line) * Self.lineHeight)
      if let marker = entry.marker {
        drawing.add(marker.mark(at: Point(x + 5, y - 4), radius: 4.5, entry.paint))
      } else {
        drawing.add(
          lineFrom: Point(x, y - 4), to: Point(x + 16, y - 4), entry.paint, width: 2.5,
          isDashed: entry.isDashed)
      }
      drawing.add(
        text: fitting(entry.name, width: right - left - 24, size: 12), x + sampleWidth(entry), y,
        Lettering(size: 12))
    }
  }

  private func sampleWidth(_ entry: Entry) -> Double { entry.marker == nil ? 22 : 15 }

  private func positions(width: Double) -> [(x: Double, line: Int)] {
    var (x, line) = (0.0, 0)
    return entries.map { entry in
      let needed = sampleWidth(entry) + min(textWidth(entry.name, size: 12), width - 24)
      if x > 0, x + needed > width { (x, line) = (0, line + 1) }
      defer { x += needed + 16 }
      return (x, line)
    }
  }
}

/// The shapes that tell classes apart where colours repeat, and for those who see colours otherwise.
enum Marker: CaseIterable, Hashable, Sendable {
  case circle, square, triangle, diamond

  /// Classes cycle through the colours first, then through the shapes.
  init(series: Int) {
    self = Self.allCases[series / Palette.seriesCount % Self.allCases.count]
  }

  func mark(at center: Point, radius: Double, _ paint: Paint, opacity: Double = 1) -> Mark {
    let around = { (x: Double, y: Double) in Point(center.x + x * radius, center.y + y * radius) }
    return switch self {
    case .circle: .dot(center, radius: radius, paint, opacity: opacity)
    case .square:
      .area(
        [around(-0.9, -0.9), around(0.9, -0.9), around(0.9, 0.9), around(-0.9, 0.9)], paint, opacity: opacity)
    case .triangle: .area([around(0, -1.1), around(1, 0.8), around(-1, 0.8)], paint, opacity: opacity)
    case .diamond:
      .area([around(0, -1.2), around(1.2, 0), around(0, 1.2), around(-1.2, 0)], paint, opacity: opacity)
    }
  }
}
