import Encoding
import ModelZoo
import Reports

/// A projection of features in the formats it can be written in.
struct ProjectionPage {
  /// By the output's ending.
  enum Format: String {
    case svg, png, csv, json

    init?(path: String) {
      guard let ending = path.split(separator: ".").last, ending.count < path.count else { return nil }
      self.init(rawValue: ending.lowercased())
    }
  }

  let method: String
  let title: String
  let axes: [String]
  /// `[N, 2]`, or `[N, 1]` where one dimension is all there is.
  let points: Tensor
  let rows: FeatureRows
  /// What says how good the projection is.
  let measure: (name: String, value: Double)

  private var places: [Point] {
    let width = points.shape[1]
    return stride(from: 0, to: points.scalars.count, by: width).map { start in
      Point(Double(points.scalars[start]), width > 1 ? Double(points.scalars[start + 1]) : 0)
    }
  }

  var sentence: String {
    let classes = rows.labels.isEmpty ? "" : ", \(counted(rows.classNames.count, "class", plural: "classes"))"
    let value =
      measure.name == "variance"
      ? fixed(measure.value * 100, decimals: 1) + " %" : fixed(measure.value, decimals: 4)
    return "\(title) of \(counted(rows.files.count, "image"))\(classes), \(measure.name) \(value)"
  }

  func summary(path: String) -> JSON {
    [
      "output": .string(path), "method": .string(method), "images": .integer(rows.files.count),
      "classes": .array(rows.classNames.map(JSON.string)), "\(measure.name)": .number(measure.value),
    ]
  }

  func bytes(_ format: Format) throws -> [UInt8] {
    switch format {
    case .svg: Array(drawing.svg().utf8)
    case .png: try drawing.png()
    case .csv: Array(csv.utf8)
    case .json: Array((json.pretty + "\n").utf8)
    }
  }

  private var drawing: Drawing {
    ScatterPlot(
      title: title, xLabel: axes[0], yLabel: axes[1], points: places, labels: rows.labels,
      classes: rows.classNames
    ).drawing()
  }

  private func name(_ row: Int) -> String { rows.labels.isEmpty ? "" : rows.classNames[rows.labels[row]] }

  private var csv: String {
    let lines = places.enumerated().map { row, point in
      CSV.record([rows.files[row], name(row), "\(Float(point.x))", "\(Float(point.y))"])
    }
    return CSV.record(["file", "class", "x", "y"]) + lines.joined()
  }

  private var json: JSON {
    let lines = places.enumerated().map { row, point -> JSON in
      [
        "file": .string(rows.files[row]), "class": rows.labels.isEmpty ? .null : .string(name(row)),
        "x": JSON(Float(point.x)), "y": JSON(Float(point.y)),
      ]
    }
    return ["method": .string(method), "\(measure.name)": .number(measure.value), "points": .array(lines)]
  }
}

extension Drawing {
  /// The drawing as a PNG file's bytes, in the light palette.
  func png(scale: Double = 2) throws -> [UInt8] {
    let raster = raster(scale: scale)
    return try Bitmap(width: raster.width, height: raster.height, pixels: raster.pixels).png()
  }
}
