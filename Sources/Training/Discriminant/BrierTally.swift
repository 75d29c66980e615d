import Foundation

/// Which shrinkage and temperature make the best probabilities of scores.
struct BrierTally {
  /// A shrinkage and a temperature, by their places, and what came of them.
  struct Choice {
    let shrinkage: Int
    let temperature: Int
    let score: Double
  }

  private let temperatures: [Double]
  /// `[shrinkages, temperatures]`
  private var sums: [Double]
  private var count = 0

  init(_ analysis: LinearDiscriminant) {
    temperatures = analysis.temperatures
    sums = [Double](repeating: 0, count: analysis.shrinkages.count * temperatures.count)
  }

  /// Adds the squared distances of what comes of `scores`, `[classes.count, outputs]`, from the truth.
  mutating func add(_ scores: [Float], _ classes: [Int], shrinkage: Int) {
    guard !classes.isEmpty else { return }
    let width = scores.count / classes.count
    if shrinkage == 0 { count += classes.count }
    for (row, label) in classes.enumerated() {
      let row = scores[row * width..<(row + 1) * width]
      for (place, temperature) in temperatures.enumerated() {
        let probabilities = Self.softmax(row, temperature: temperature)
        let squares = probabilities.reduce(0) { $0 + $1 * $1 }
        sums[shrinkage * temperatures.count + place] += squares - 2 * probabilities[label] + 1
      }
    }
  }

  /// Where nothing is known.
  var first: Choice { Choice(shrinkage: 0, temperature: 0, score: .infinity) }

  /// The choice of the lowest mean; nil where none is a number.
  var best: Choice? {
    let finite = sums.indices.filter { sums[$0].isFinite }
    guard count > 0, let place = finite.min(by: { sums[$0] < sums[$1] }) else { return nil }
    return Choice(
      shrinkage: place / temperatures.count, temperature: place % temperatures.count,
      score: sums[place] / Double(count))
  }

  /// The probabilities of scores.
  static func softmax(_ scores: ArraySlice<Float>, temperature: Double) -> [Double] {
    let largest = scores.max() ?? 0
    let powers = scores.map { exp(Double($0 - largest) / temperature) }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  }
}
