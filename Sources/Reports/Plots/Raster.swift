/// A drawing as pixels: 8-bit RGB, row by row from the top left.
package struct Raster: Hashable, Sendable {
  package let width: Int
  package let height: Int
  /// `height * width * 3` samples.
  package private(set) var pixels: [UInt8]

  /// An empty image.
  init(width: Int, height: Int, _ color: Color) {
    self.width = max(1, width)
    self.height = max(1, height)
    pixels = []
    pixels.reserveCapacity(3 * self.width * self.height)
    for _ in 0..<self.width * self.height { pixels += [color.red, color.green, color.blue] }
  }

  /// Lays `color` over the pixels in `box` as far as `distance` (in pixels, negative inside) says they are
  /// covered.
  mutating func fill(
    _ box: Frame, _ color: Color, opacity: Double, distance: (_ x: Double, _ y: Double) -> Double
  ) {
    let columns = Self.cells(from: box.left, to: box.right, count: width)
    for row in Self.cells(from: box.top, to: box.bottom, count: height) {
      for column in columns {
        let coverage = 0.5 - distance(Double(column) + 0.5, Double(row) + 0.5)
        if coverage > 0 { blend(row, column, color, share: min(1, coverage) * opacity) }
      }
    }
  }

  private static func cells(from start: Double, to end: Double, count: Int) -> Range<Int> {
    let clamp = { (value: Double) in Int(min(max(value, 0), Double(count))) }
    let first = clamp((start - 1).rounded(.down))
    return first..<max(first, clamp((end + 1).rounded(.up)))
  }

  private mutating func blend(_ row: Int, _ column: Int, _ color: Color, share: Double) {
    let place = 3 * (row * width + column)
    for (offset, level) in [color.red, color.green, color.blue].enumerated() {
      let old = Double(pixels[place + offset])
      pixels[place + offset] = UInt8((old + (Double(level) - old) * share).rounded())
    }
  }
}

extension Drawing {
  /// The drawing as pixels, smoothed at the edges.
  ///
  /// - Parameters:
  ///   - scale: pixels for each of the drawing's.
  ///   - palette: its colours.
  package func raster(scale: Double = 2, palette: Palette = .light) -> Raster {
    var raster = Raster(
      width: Int((width * scale).rounded()), height: Int((height * scale).rounded()), palette[.paper])
    for mark in marks { raster.draw(mark, scale, palette) }
    return raster
  }
}

extension Raster {
  fileprivate mutating func draw(_ mark: Mark, _ scale: Double, _ palette: Palette) {
    switch mark {
    case .path(let points, let paint, let width, let isDashed):
      let points = points.map { $0.scaled(scale) }
      let strokes = isDashed ? points.dashed(on: 5 * scale, off: 4 * scale) : [points]
      for stroke in strokes { draw(stroke, width: width * scale, palette[paint]) }
    case .area(let points, let paint, let opacity):
      fill(points.map { $0.scaled(scale) }, palette[paint], opacity: opacity)
    case .dot(let center, let radius, let paint, let opacity):
      let (center, radius) = (center.scaled(scale), radius * scale)
      fill(Frame(center, radius), palette[paint], opacity: opacity) { x, y in
        center.distance(to: Point(x, y)) - radius
      }
    case .text(let words, let point, let lettering):
      draw(words, at: point.scaled(scale), lettering, scale, palette[lettering.paint])
    }
  }

  private mutating func draw(_ stroke: [Point], width: Double, _ color: Color) {
    for (start, end) in zip(stroke, stroke.dropFirst()) {
      var box = Frame(start, width / 2)
      box.include(Frame(end, width / 2))
      fill(box, color, opacity: 1) { x, y in Point(x, y).distance(toLineFrom: start, to: end) - width / 2 }
    }
  }

  /// Fills a shape without dents, whichever way round its points are given.
  private mutating func fill(_ points: [Point], _ color: Color, opacity: Double) {
    guard points.count > 2 else { return }
    var box = Frame(points[0], 0)
    for point in points { box.include(Frame(point, 0)) }
    let edges = Array(zip(points, points.dropFirst() + [points[0]])).filter { $0 != $1 }
    let area = edges.reduce(0) { $0 + $1.0.x * $1.1.y - $1.1.x * $1.0.y }
    let turn = area < 0 ? -1.0 : 1
    fill(box, color, opacity: opacity) { x, y in
      edges.reduce(-.infinity) { max($0, -turn * Point(x, y).side(ofLineFrom: $1.0, to: $1.1)) }
    }
  }

  private mutating func draw(
    _ words: String, at point: Point, _ lettering: Lettering, _ scale: Double, _ color: Color
  ) {
    let size = lettering.size * scale
    let shift =
      switch lettering.anchor {
      case .start: 0.0
      case .middle: -StrokeFont.width(words, size: size) / 2
      case .end: -StrokeFont.width(words, size: size)
      }
    for stroke in StrokeFont.strokes(words, size: size) {
      let placed = stroke.map { place in
        lettering.isUpright
          ? Point(point.x + place.y, point.y - place.x - shift)
          : Point(point.x + place.x + shift, point.y + place.y)
      }
      draw(placed, width: size * (lettering.isBold ? 0.125 : 0.09), color)
    }
  }
}

extension Frame {
  fileprivate init(_ center: Point, _ radius: Double) {
    self.init(
      left: center.x - radius, top: center.y - radius, right: center.x + radius, bottom: center.y + radius)
  }

  fileprivate mutating func include(_ other: Frame) {
    self = Frame(
      left: min(left, other.left), top: min(top, other.top), right: max(right, other.right),
      bottom: max(bottom, other.bottom))
  }
}

extension Point {
  fileprivate func scaled(_ factor: Double) -> Point { Point(x * factor, y * factor) }

  fileprivate func distance(to other: Point) -> Double {
    ((x - other.x) * (x - other.x) + (y - other.y) * (y - other.y)).squareRoot()
  }

  fileprivate func distance(toLineFrom start: Point, to end: Point) -> Double {
    let (run, rise) = (end.x - start.x, end.y - start.y)
    let square = run * run + rise * rise
    let share = square > 0 ? min(1, max(0, ((x - start.x) * run + (y - start.y) * rise) / square)) : 0
    return distance(to: Point(start.x + share * run, start.y + share * rise))
  }

  /// The signed distance from the line through two points.
  fileprivate func side(ofLineFrom start: Point, to end: Point) -> Double {
    ((end.x - start.x) * (y - start.y) - (end.y - start.y) * (x - start.x)) / end.distance(to: start)
  }
}

extension [Point] {
  /// The strokes that remain of a path when it is drawn `on` and lifted `off` in turn.
  fileprivate func dashed(on: Double, off: Double) -> [[Point]] {
    var strokes: [[Point]] = []
    var current: [Point] = []
    var (isDrawing, left) = (true, on)
    for (start, end) in zip(self, dropFirst()) {
      let length = end.distance(to: start)
      var done = 0.0
      if isDrawing, current.isEmpty { current = [start] }
      while length - done > left {
        done += left
        let share = done / length
        let place = Point(start.x + (end.x - start.x) * share, start.y + (end.y - start.y) * share)
        if isDrawing { strokes.append(current + [place]) }
        isDrawing.toggle()
        current = isDrawing ? [place] : []
        left = isDrawing ? on : off
      }
      left -= length - done
      if isDrawing { current.append(end) }
    }
    return current.count > 1 ? strokes + [current] : strokes
  }
}
