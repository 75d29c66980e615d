import Foundation
import Randomness
import Tensors
import TestSupport
import Testing

/// What is counted against what Swift's own numbers say of every value.
@Suite struct ValueCountsTests {
  /// At the edges of the blocks that are screened, among ordinary values and among zeros.
  @Test(arguments: [0, 1, 1023, 1024, 1025, 4095], [Float(0.25), 0])
  func findsOneValueAnywhere(place: Int, among ordinary: Float) {
    for (value, counted) in [(Float.nan, \ValueCounts.nan), (.infinity, \.infinite), (0x1p-140, \.subnormal)]
    {
      var values = [Float](repeating: ordinary, count: 4096)
      values[place] = value
      let counts = Self.counts(values, .float32)
      #expect(counts[keyPath: counted] == 1, "\(value) at \(place)")
      #expect(counts.nan + counts.infinite + counts.subnormal + counts.negative == 1)
    }
  }

  @Test func countsAsSwiftDoes() {
    var generator = SplitMix64(seed: 7)
    let words = (0..<5000).map { _ in UInt32(truncatingIfNeeded: generator.next()) }
    // Every seventh with an exponent of an end, so that there is something to find.
    let floats = words.enumerated().map { index, word in
      Float(bitPattern: index % 7 == 0 ? word | 0x7F80_0000 : index % 7 == 1 ? word & 0x807F_FFFF : word)
    }
    expect(floats, .float32, floats)
    let doubles = floats.map { Double($0) * 0x1p-1000 }
    let tiny = doubles.count { $0.isSubnormal }
    #expect(tiny > 0)
    expect(doubles, .float64, doubles)
    let halves = (UInt16.min...UInt16.max).map(\.self)
    let brains = halves.map { Float(brainBits: $0) }
    expect(halves, .bfloat16, brains)
    let counts = Self.counts(halves, .float16, mayBeNegative: false)
    #expect(counts.nan == 2046 && counts.infinite == 2 && counts.subnormal == 2046)
    #expect(counts.negative == 0x7C00)
  }

  @Test(arguments: [ScalarType.int32, .uint8, .bool, .int64])
  func findsNothingInWholeNumbers(type: ScalarType) {
    #expect(Self.counts([UInt64](repeating: .max, count: 9), type, mayBeNegative: false).isOrdinary)
  }

  @Test func saysWhatNoNetworkCanUse() throws {
    let variances: [Float] = [1, -1, .nan, -0.0, -.infinity]
    let counts = Self.counts(variances, .float32, mayBeNegative: false)
    let finding = try #require(
      TensorFinding(tensor: "bn/moving_variance", valueCount: 5, values: counts))
    #expect(finding.description == "bn/moving_variance: 1 NaN, 1 infinite, 2 negative of 5 values")
    #expect(!TensorFinding.mayBeNegative("bn/moving_variance") && TensorFinding.mayBeNegative("bn/beta"))
    let subnormal = Self.counts([0x1p-140, 1] as [Float], .float32)
    let small = try #require(TensorFinding(tensor: "k", valueCount: 2, values: subnormal))
    #expect([small].warning == nil)
    #expect(
      [finding, small].warning
        == "weights that are not finite, or variances below zero: \(finding)")
    #expect([finding, finding, finding, finding, finding].warning?.hasSuffix("; and 2 more tensors") == true)
  }

  private func expect<Value: BitwiseCopyable, Number: BinaryFloatingPoint>(
    _ values: [Value], _ type: ScalarType, _ numbers: [Number]
  ) {
    let counts = Self.counts(values, type, mayBeNegative: false)
    #expect(counts.nan == numbers.count { $0.isNaN }, "\(type)")
    #expect(counts.infinite == numbers.count { $0.isInfinite }, "\(type)")
    #expect(counts.subnormal == numbers.count { $0.isSubnormal }, "\(type)")
    #expect(counts.negative == numbers.count { $0 < 0 }, "\(type)")
    let positive = Self.counts(values, type)
    #expect(positive.negative == 0 && positive.nan == counts.nan && positive.subnormal == counts.subnormal)
  }

  private static func counts<Value: BitwiseCopyable>(
    _ values: [Value], _ type: ScalarType, mayBeNegative: Bool = true
  ) -> ValueCounts {
    unsafe ValueCounts(values.span.bytes, type, mayBeNegative: mayBeNegative)
  }
}
