import Kernels

/// Groups of channels, of one pixel or of all pixels of an image, at mean 0 and variance 1; then a `gamma` and a `beta` that there
/// may be. Keeps what lies between.
struct StandardizationStep: UnaryStep {
  private var gamma: Int?
  private var beta: Int?
  private var channels: Int
  private var groups: Int
  /// Pixels that are taken together.
  private var pixels: Int
  private var epsilon: Double
  private var isTrained: Bool

  init(_ layer: LayerSite, pixels: Int, groups: Int, epsilon: Double) {
    (gamma, beta) = (layer.parameters["gamma"], layer.parameters["beta"])
    (channels, self.pixels, self.groups, self.epsilon) = (layer.channels, pixels, groups, epsilon)
    isTrained = layer.learns
  }

  /// What was measured, and what became of it.
  struct Standardized: Sendable {
    var units: [Float]
    /// One a group.
    var inverseDeviations: [Double]
  }

  var backwardReads: BackwardReads { [] }

  var learns: Bool { isTrained && (gamma != nil || beta != nil) }

  /// Calls `body` for each group with the places of its elements.
  private func forEachGroup(_ count: Int, _ body: (_ group: Int, _ rows: [Range<Int>]) -> Void) {
    let width = channels / groups
    for group in 0..<count / (pixels * width) {
      let (block, own) = group.quotientAndRemainder(dividingBy: groups)
      let rows = (0..<pixels).map { pixel in
        let start = (block * pixels + pixel) * channels + own * width
        return start..<start + width
      }
      body(group, rows)
    }
  }

  func forward(
    _ input: Span<Float>, into output: inout MutableSpan<Float>, _ parameters: [[Float]], _ batch: StepBatch
  ) -> (any Sendable)? {
    var units = [Float](repeating: 0, count: input.count)
    var inverses = [Double](repeating: 0, count: input.count / (pixels * (channels / groups)))
    let values = Array(input.indices.map { input[$0] })
    forEachGroup(values.count) { group, rows in
      let count = Double(rows.count * (rows.first?.count ?? 1))
      let mean = rows.reduce(0.0) { $1.reduce($0) { $0 + Double(values[$1]) } } / count
      let variance =
        rows.reduce(0.0) { $1.reduce($0) { $0 + (Double(values[$1]) - mean) * (Double(values[$1]) - mean) } }
        / count
      inverses[group] = 1 / (variance + epsilon).squareRoot()
      for row in rows {
        for index in row { units[index] = Float((Double(values[index]) - mean) * inverses[group]) }
      }
    }
    let kernels = ChannelKernels(channels: channels, pool: batch.pool)
    kernels.affine(
      units.span, scale: gamma.map { parameters[$0] } ?? [Float](repeating: 1, count: channels),
      shift: beta.map { parameters[$0] } ?? [Float](repeating: 0, count: channels), into: &output)
    return Standardized(units: units, inverseDeviations: inverses)
  }

  func inputGradient(_ record: StepRecord, _ parameters: [[Float]], into result: inout MutableSpan<Float>) {
    guard let kept = record.kept as? Standardized else { return }
    var slopes = record.gradient
    if let gamma {
      for index in slopes.indices { slopes[index] *= parameters[gamma][index % channels] }
    }
    var gradient = [Float](repeating: 0, count: slopes.count)
    forEachGroup(slopes.count) { group, rows in
      let count = Double(rows.count * (rows.first?.count ?? 1))
      let mean = rows.reduce(0.0) { $1.reduce($0) { $0 + Double(slopes[$1]) } } / count
      let along =
        rows.reduce(0.0) { $1.reduce($0) { $0 + Double(slopes[$1]) * Double(kept.units[$1]) } } / count
      for row in rows {
        for index in row {
          let rest = Double(slopes[index]) - mean - Double(kept.units[index]) * along
          gradient[index] = Float(rest * kept.inverseDeviations[group])
        }
      }
    }
    Rows.copy(gradient.span, into: &result)
  }

  func parameterGradients(
    _ record: StepRecord, _ values: inout [[Float]], into consumer: inout some GradientConsumer
  ) {
    guard let kept = record.kept as? Standardized else { return }
    let sums = ChannelKernels(channels: channels, pool: record.batch.pool)
      .sums(record.gradient.span, kept.units.span, around: [])
    for case (let parameter?, let sum) in [(gamma, sums.products), (beta, sums.sums)] {
      let gradient = sum.map { Float($0) }
      consumer.consume(
        gradient.span, range: 0..<channels, parameter: parameter, values: &values[parameter])
    }
  }
}
