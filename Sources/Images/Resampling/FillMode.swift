/// How pixels outside the image are filled, by the names of Keras's `fill_mode`.
public enum FillMode: String, Hashable, Sendable, CaseIterable {
  /// One colour, Keras's `cval`.
  case constant
  /// The pixels at the edge: `aaaa|abcd|dddd`.
  case nearest
  /// The image mirrored: `abcddcba|abcd|dcbaabcd`.
  case reflect
  /// The image again: `abcdabcd|abcd|abcdabcd`.
  case wrap
}

extension FillMode {
  /// Where a coordinate on an axis of `count` pixels is read; nil where the constant is.
  ///
  /// SciPy's `map_coordinate` (`ni_interpolation.c`), the odd period of `wrap` (one pixel less than there are)
  /// included. Results lie above -1 and below `count`.
  func mapped(_ coordinate: Double, count: Int) -> Double? {
    let last = Double(count - 1)
    if coordinate >= 0, coordinate <= last { return coordinate }
    switch self {
    case .constant: return nil
    case .nearest: return coordinate < 0 ? 0 : last
    case .reflect: return Self.reflected(coordinate, count: Double(count))
    case .wrap:
      guard count > 1 else { return 0 }
      let turns = (coordinate / last).rounded(.towardZero)
      return coordinate < 0 ? coordinate + last * (1 - turns) : coordinate - last * turns
    }
  }

  private static func reflected(_ coordinate: Double, count: Double) -> Double {
    guard count > 1 else { return 0 }
    let period = 2 * count
    let turned = coordinate - period * (coordinate / period).rounded(.towardZero)
    if coordinate < 0 {
      return turned < -count ? turned + period : (turned > -1e-15 ? 1e-15 : -turned) - 1
    }
    return turned >= count ? period - turned - 1 : turned
  }
}
