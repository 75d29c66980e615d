/// What layers of an entry have in common, stated once at its top.
package struct LayerDefaults: Hashable, Sendable {
  package var bias: Bool?
  package var activation: Activation?
  package var epsilon: Double?
  package var scale: Bool?
  package var center: Bool?

  package init() {}
}

extension LayerDefaults: Decodable {
  private enum Key: String, CodingKey, CaseIterable { case bias, activation, epsilon, scale, center }

  package init(from decoder: any Decoder) throws {
    try decoder.container(keyedBy: AnyKey.self).expectOnly(Key.allCases)
    let values = try decoder.container(keyedBy: Key.self)
    bias = try values.decodeIfPresent(Bool.self, forKey: .bias)
    activation = values.contains(.activation) ? try values.activation(.activation) : nil
    epsilon = values.contains(.epsilon) ? try values.number(.epsilon, above: 0) : nil
    scale = try values.decodeIfPresent(Bool.self, forKey: .scale)
    center = try values.decodeIfPresent(Bool.self, forKey: .center)
  }
}
