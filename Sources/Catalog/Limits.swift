/// What an entry may ask of us at most. Far above any real network, far below what would hurt.
enum Limits {
  static let entryBytes = 4 << 20
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
  /// Rows or columns of an input.
  static let inputSize = 1 << 16
}
