import Encoding
import Testing

/// One number is printed in one way, as Keras prints it: in single precision.
@Suite struct MetricTests {
  /// Halves of the last decimal, which single and double precision round to different sides.
  @Test(arguments: [
    (141.0 / 160, "0.8813", "88.13"), (149.0 / 160, "0.9312", "93.12"), (153.0 / 160, "0.9563", "95.63"),
    (0.0, "0.0000", "0.00"), (1.0, "1.0000", "100.00"),
  ])
  func decimalsAreThoseOfSinglePrecision(share: Double, text: String, percent: String) {
    #expect(metric(share) == text && perCent(share) == percent, "\(metric(share)) \(perCent(share))")
  }
}
