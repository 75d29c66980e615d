/// Numbers as a row of little bars, the lowest at the least number: `█▆▄▃▂▁▁`.
///
/// More numbers than `width` are averaged, neighbour with neighbour; a number that is none leaves a blank.
package func sparkline(_ values: [Double], width: Int) -> String {
  let cells = min(width, values.count)
  guard cells > 0 else { return "" }
  let means = (0..<cells).map { cell in
    let part = values[cell * values.count / cells..<(cell + 1) * values.count / cells]
    return part.reduce(0, +) / Double(part.count)
  }
  let finite = means.filter(\.isFinite)
  guard let least = finite.min(), let largest = finite.max() else {
    return String(repeating: " ", count: cells)
  }
  let bars = Array("▁▂▃▄▅▆▇█")
  let characters = means.map { mean -> Character in
    guard mean.isFinite else { return " " }
    let height = largest > least ? (mean - least) / (largest - least) : 0
    return bars[min(bars.count - 1, Int(height * Double(bars.count)))]
  }
  return String(characters)
}
