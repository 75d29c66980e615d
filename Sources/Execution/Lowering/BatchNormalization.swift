import Catalog

extension BatchNormalization: Lowered {
  /// Factors and terms: `gamma / sqrt(variance + epsilon)`, `beta - mean * factor`.
  func lower(_ layer: Layer, into network: inout Lowering) -> Int {
    func floats(_ role: String) -> [Float] { network.parameters.floats(layer.name, role) }
    var factors = floats("moving_variance").map { 1 / (Double($0) + epsilon).squareRoot() }
    if scale { factors = zip(factors, floats("gamma")).map { $0 * Double($1) } }
    var terms = zip(floats("moving_mean"), factors).map { -Double($0) * $1 }
    if center { terms = zip(terms, floats("beta")).map { $0 + Double($1) } }
    return network.append(
      .elementwise, for: layer, reading: [network.input(of: layer)],
      tail: Tail(affine: ChannelAffine(scale: factors, shift: terms)))
  }
}
