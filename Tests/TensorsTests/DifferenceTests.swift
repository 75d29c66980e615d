import Tensors
import Testing

/// What comparing tensors is made of; NumPy's word on the same numbers is in `ComparisonTests`.
@Suite struct DifferenceTests {
  private func withBytes<Value: BitwiseCopyable, Result>(
    of values: [Value], _ body: (RawSpan) throws -> Result
  ) rethrows -> Result {
    try HeapStorage(copying: values).withBytes(body)
  }

  private func rearrangement(
    _ first: [Float], _ shape: TensorShape, _ second: [Float], _ other: TensorShape
  ) -> Rearrangement? {
    withBytes(of: first) { one in
      withBytes(of: second) { two in
        Rearrangement(from: one, .float32, shape, to: two, .float32, other)
      }
    }
  }

  @Test func toleranceIsOfBothKinds() {
    let tolerance = Tolerance(absolute: 0.5, relative: 0.1)
    #expect(tolerance.allows(10, 11.5) && tolerance.allows(11.5, 10) && !tolerance.allows(10, 12))
    #expect(tolerance.allows(.nan, .nan) && !tolerance.allows(.nan, 1))
    #expect(tolerance.allows(.infinity, .infinity) && !tolerance.allows(.infinity, -.infinity))
    #expect(!tolerance.allows(.infinity, .greatestFiniteMagnitude))
    #expect(Tolerance.none.allows(0, -0.0) && !Tolerance.none.allows(1, 1.0.nextUp))
  }

  /// Numbers whose distance is beyond all numbers are as far apart as they are.
  @Test func overflowAllowsNothing() {
    let (large, tolerance) = (1.7e308, Tolerance(relative: 1.5))
    #expect(!tolerance.allows(large, -large) && !tolerance.allows(-large, large))
    #expect(tolerance.allows(large, -large / 4) && Tolerance(relative: 2).allows(large, -large))
    #expect(!Tolerance(absolute: .greatestFiniteMagnitude).allows(large, -large))
    let found = withBytes(of: [large]) { one in
      withBytes(of: [-large]) { ValueDifference(one, .float64, $0, .float64, tolerance) }
    }
    #expect(found.beyondTolerance == 1 && found.largest == .greatestFiniteMagnitude)
    #expect(found.largestRelative == 2)
  }

  /// Whole numbers of 8 bytes are compared digit by digit, where double precision has one number for many.
  @Test func wholeNumbersAreComparedExactly() {
    func compare<One: BitwiseCopyable, Other: BitwiseCopyable>(
      _ first: [One], _ type: ScalarType, _ second: [Other], _ other: ScalarType,
      _ tolerance: Tolerance = .none
    ) -> ValueDifference {
      withBytes(of: first) { one in
        withBytes(of: second) { ValueDifference(one, type, $0, other, tolerance) }
      }
    }
    let (first, second) = (
      [1 << 62, 1 << 62 + 1, 1 << 62 + 2, 5] as [Int64],
      [1 << 62 + 200, 1 << 62 + 3, 1 << 62 + 4, 5] as [Int64]
    )
    let found = compare(first, .int64, second, .int64)
    #expect(found.count == 4 && found.differing == 3 && found.beyondTolerance == 3 && found.largest == 200)
    let close = compare(first, .int64, second, .int64, Tolerance(absolute: 2))
    #expect(close.differing == 3 && close.beyondTolerance == 1)
    let unsigned = compare([1 << 63 + 5] as [UInt64], .uint64, [1 << 63 + 6] as [UInt64], .uint64)
    #expect(unsigned.differing == 1 && unsigned.largest == 1)
    let wide = compare([.max] as [UInt64], .uint64, [.min] as [Int64], .int64)
    #expect(wide.differing == 1 && wide.largest == 0x1.8p64)
    let whole = [1 << 53 + 1, 1] as [Int64]
    let double = compare(whole, .int64, [0x1p53, 1] as [Double], .float64)
    #expect(double.differing == 1 && double.largest == 1)
    #expect(compare([0x1p53, 1] as [Float], .float32, whole, .int64).differing == 1)
    #expect(compare([1 << 53, 1] as [Int64], .int64, [0x1p53, 1] as [Double], .float64).isEqual)
    let odd = compare([1, 2, 3] as [Int64], .int64, [1.5, .nan, .infinity] as [Double], .float64)
    #expect(odd.differing == 3 && odd.notFinite == 2 && odd.largest == 0.5)
  }

  @Test func everyTypeIsReadExactly() {
    func read<Value: BitwiseCopyable>(_ values: [Value], _ type: ScalarType) -> [Double] {
      var numbers: [Double] = []
      withBytes(of: values) { type.read($0, from: 1, count: values.count - 1, into: &numbers) }
      return numbers
    }
    #expect(read([0, -0.1] as [Double], .float64) == [-0.1])
    #expect(read([0, -0.1] as [Float], .float32) == [Double(-0.1 as Float)])
    #expect(read([0, 0x3555] as [UInt16], .float16) == [0.333251953125])
    #expect(read([0, 0xBFC0] as [UInt16], .bfloat16) == [-1.5])
    #expect(
      read([0, .min] as [Int64], .int64) == [-0x1p63] && read([0, .max] as [UInt32], .uint32) == [0x1p32 - 1])
    #expect(read([0, -5] as [Int32], .int32) == [-5] && read([0, -5] as [Int16], .int16) == [-5])
    #expect(read([0, -5] as [Int8], .int8) == [-5] && read([0, 250] as [UInt8], .uint8) == [250])
    #expect(read([0, 1] as [UInt8], .bool) == [1] && read([0, 65535] as [UInt16], .uint16) == [65535])
    #expect(read([0, 1 << 60] as [UInt64], .uint64) == [0x1p60])
  }

  /// Every order of axes is found, with and without a rotation, and nothing is found in numbers that differ.
  @Test func everyOrderOfAxesIsFound() {
    let shape: TensorShape = [2, 3, 4, 5]
    let values = (0..<120).map { Float($0 * $0 % 127) }
    let strides = [60, 20, 5, 1]
    for axes in [[0, 1, 2, 3], [3, 2, 0, 1], [2, 3, 1, 0], [0, 2, 1, 3], [1, 0, 3, 2], [3, 0, 1, 2]] {
      for flipped in [[], [0, 1], [2, 3], [1]] {
        let extents = axes.map { shape[$0] }
        let moved = (0..<120).map { index in
          var (rest, from) = (index, 0)
          for place in (0..<4).reversed() {
            let step = rest % extents[place]
            rest /= extents[place]
            from += (flipped.contains(axes[place]) ? extents[place] - 1 - step : step) * strides[axes[place]]
          }
          return values[from]
        }
        let other = TensorShape(validating: extents) ?? []
        let found = rearrangement(values, shape, moved, other)
        #expect(found?.axes == axes && found?.flipped == flipped && found?.isReshaped == false)
        var wrong = moved
        wrong[119] += 1
        #expect(rearrangement(values, shape, wrong, other) == nil)
      }
    }
    // One number in another place: no order of axes takes it there, and the search ends.
    var (lone, moved) = ([Float](repeating: 0, count: 256), [Float](repeating: 0, count: 256))
    (lone[255], moved[254]) = (1, 1)
    #expect(rearrangement(lone, [4, 4, 4, 4], moved, [4, 4, 4, 4]) == nil)
    #expect(rearrangement(values, shape, values, [6, 20])?.description == "reshaped")
    #expect(rearrangement([1, 2, 3], [3], [3, 2, 1], [3])?.description == "flipped along (0)")
    #expect(rearrangement([1], [], [1], [])?.changesPlaces != true && rearrangement([], [0], [], [0]) == nil)
  }

  @Test func summariesTellValuesAndTheirOrder() {
    func summary(_ values: [Float]) -> ContentSummary {
      withBytes(of: values) { ContentSummary($0, .float32) }
    }
    let one = summary([1, 2, 3, 0])
    #expect(one == summary([1, 2, 3, -0.0]) && one != summary([1, 2, 3]))
    #expect(one == withBytes(of: [1, 2, 3, 0] as [Double]) { ContentSummary($0, .float64) })
    #expect(
      one.unordered == summary([0, 3, 1, 2]).unordered && one.ordered != summary([0, 3, 1, 2]).ordered)
    #expect(one.unordered != summary([1, 2, 3, 1]).unordered)
    #expect(summary([2, 2, 2]).isConstant && !one.isConstant)
    #expect(summary([.nan]) == summary([-Float.nan]))
  }
}
