/// A place on a drawing, in pixels from the top left.
package struct Point: Hashable, Sendable {
  package var x: Double
  package var y: Double

  package init(_ x: Double, _ y: Double) {
    self.x = x
    self.y = y
  }
}

/// What a mark is painted with; which colour that is depends on light or dark.
package enum Paint: Hashable, Sendable {
  /// What the drawing lies on.
  case paper
  /// Words and figures.
  case ink
  /// Words that explain: ticks, axes.
  case faint
  /// Lines behind the data.
  case grid
  /// The colour of a series or a class; colours repeat after ``Palette/seriesCount``.
  case series(Int)
}

/// One thing on a drawing.
package enum Mark: Hashable, Sendable {
  /// Straight lines from point to point.
  case path([Point], Paint, width: Double, isDashed: Bool = false)
  /// A filled shape without dents, such as a rectangle or a triangle.
  case area([Point], Paint, opacity: Double = 1)
  /// A filled circle.
  case dot(Point, radius: Double, Paint, opacity: Double = 1)
  /// Words whose baseline begins, has its middle or ends at a point.
  case text(String, Point, Lettering)
}

/// How words are set.
package struct Lettering: Hashable, Sendable {
  /// Which part of the words is at their point.
  package enum Anchor: Hashable, Sendable { case start, middle, end }

  package var size: Double
  package var anchor: Anchor
  package var paint: Paint
  package var isBold: Bool
  /// Whether the words run upwards.
  package var isUpright: Bool

  package init(
    size: Double = 12, anchor: Anchor = .start, paint: Paint = .ink, isBold: Bool = false,
    isUpright: Bool = false
  ) {
    self.size = size
    self.anchor = anchor
    self.paint = paint
    self.isBold = isBold
    self.isUpright = isUpright
  }
}

/// An image made of marks: one description for SVG and for pixels.
package struct Drawing: Hashable, Sendable {
  package let width: Double
  package let height: Double
  /// What the image shows, for those who cannot see it.
  package let title: String
  package private(set) var marks: [Mark] = []

  package init(width: Double, height: Double, title: String) {
    self.width = width
    self.height = height
    self.title = title
  }

  /// Puts a mark on top of those before.
  package mutating func add(_ mark: Mark) { marks.append(mark) }

  mutating func add(text: String, _ x: Double, _ y: Double, _ lettering: Lettering) {
    if !text.isEmpty { add(.text(text, Point(x, y), lettering)) }
  }

  mutating func add(
    lineFrom start: Point, to end: Point, _ paint: Paint, width: Double = 1, isDashed: Bool = false
  ) {
    add(.path([start, end], paint, width: width, isDashed: isDashed))
  }

  mutating func add(rectangle frame: Frame, _ paint: Paint, opacity: Double = 1) {
    let corners = [
      Point(frame.left, frame.top), Point(frame.right, frame.top), Point(frame.right, frame.bottom),
      Point(frame.left, frame.bottom),
    ]
    add(.area(corners, paint, opacity: opacity))
  }
}

/// A rectangle along the axes.
struct Frame: Hashable, Sendable {
  var left: Double
  var top: Double
  var right: Double
  var bottom: Double

  var width: Double { right - left }
  var height: Double { bottom - top }
  var middle: Point { Point((left + right) / 2, (top + bottom) / 2) }
}
