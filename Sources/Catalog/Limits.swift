/// What an entry may ask of us at most. Far above any real network, far below what would hurt.
enum Limits {
  static let entryBytes = 8 << 20
  /// Keras writes about a kilobyte a layer.
  static let architectureBytes = 8 << 20
  static let layers = 10_000
  static let variants = 100
  static let nameBytes = 256
  static let textBytes = 4096
  /// Kernel, stride, pool and padding extents.
  static let extent = 4096
  /// Channels, filters and units.
  static let channels = 1 << 20
  /// Numbers of a layer in a text: as many as a large image has.
  static let pixels = 1 << 22
  /// Rows or columns of an input.
  static let inputSize = 1 << 16
  /// Elements of an activation or of a parameter: 4 TB of floats. What a layer makes of so many and of its own settings can
  /// be counted.
  static let elements = 1 << 40
  /// Multiplications of a layer: those of all layers together can be counted.
  static let multiplyAdds = 1 << 48

  /// The product of counts; nil above `most`.
  static func product(_ factors: [Int], most: Int) -> Int? {
    factors.reduce(1 as Int?) { product, factor in
      guard let (next, overflow) = product?.multipliedReportingOverflow(by: factor), !overflow, next <= most
      else { return nil }
      return next
    }
  }
}
