import Catalog

extension Normalization: DifferentiableOperation {
  func problem(of layer: LayerSite) -> SettingProblem? {
    if !axes.isEmpty {
      return SettingProblem(expected: "means and variances of channels", found: "those of the axes \(axes)")
    }
    return mean == nil
      ? SettingProblem(
        expected: "means and variances in the architecture", found: "weights that were adapted")
      : nil
  }

  func steps(of layer: LayerSite) -> [any DifferentiableStep] {
    // Keras holds deviations above its epsilon.
    let deviations = (variance ?? [1]).map { max($0.squareRoot(), 1e-7) }
    let means = mean ?? [0]
    func of(_ numbers: [Double], _ channel: Int) -> Double { numbers[numbers.count == 1 ? 0 : channel] }
    let scale = (0..<layer.channels).map { invert ? of(deviations, $0) : 1 / of(deviations, $0) }
    let offset = (0..<layer.channels).map { invert ? of(means, $0) : -of(means, $0) * scale[$0] }
    return [ConstantAffineStep(scale: scale, offset: offset, channels: layer.channels)]
  }
}
