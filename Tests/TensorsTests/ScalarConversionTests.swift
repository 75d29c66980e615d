import Foundation
import Tensors
import TestSupport
import Testing

/// Narrowing against NumPy's float16 and ml_dtypes' bfloat16: `Tests/Fixtures/half-precision`.
struct ScalarConversionTests {
  @Test(
    arguments: [
      ("floats", ScalarType.float32, "halves", ScalarType.float16),
      ("floats", .float32, "brains", .bfloat16),
      ("doubles", .float64, "halves-of-doubles", .float16),
    ])
  func roundsAsNumPyDoes(source: String, type: ScalarType, result: String, narrow: ScalarType) throws {
    let elements = try Self.bytes(source)
    let expected = try Self.bytes(result)
    let (converted, _) = try Self.convert(elements, type, narrow)
    #expect(converted.count == expected.count && elements.count / type.byteCount == expected.count / 2)
    let wrong = converted.indices.filter { converted[$0] != expected[$0] }
    #expect(wrong.isEmpty, "\(wrong.count) bytes differ, the first of element \((wrong.first ?? 0) / 2)")
  }

  @Test func tellsTheFirstNumberThatIsTooLarge() throws {
    let floats: [Float] = [1, .infinity, 65519.99, -65520, 1e30]
    let (_, overflow) = try Self.convert(Self.bytes(of: floats), .float32, .float16)
    #expect(overflow == -65520)
    let (_, none) = try Self.convert(Self.bytes(of: floats), .float32, .bfloat16)
    #expect(none == nil)
    let doubles = [3.39e38, 3.3961775292304601e38, 1e300]
    #expect(try Self.convert(Self.bytes(of: doubles), .float64, .bfloat16).overflow == 3.3961775292304601e38)
    #expect(try Self.convert(Self.bytes(of: doubles), .float64, .float32).overflow == 1e300)
  }

  /// A double just beyond the middle of two bfloat16 numbers must not be rounded to the middle first.
  @Test func roundsDoublesOnce() throws {
    let middle = 1 + 0x1p-8
    let (bits, _) = try Self.convert(
      Self.bytes(of: [middle, middle + 0x1p-40, middle - 0x1p-40]), .float64, .bfloat16)
    #expect(bits == [0x80, 0x3F, 0x81, 0x3F, 0x80, 0x3F])
  }

  @Test(arguments: [ScalarType.float16, .bfloat16])
  func whatIsWidenedNarrowsToItself(_ type: ScalarType) throws {
    let all = (UInt16.min...UInt16.max).filter { bits in
      let exponent: UInt16 = type == .float16 ? 0x7C00 : 0x7F80
      return bits & exponent != exponent || bits & ~exponent & 0x7FFF == 0
    }
    let bytes = Self.bytes(of: all)
    let (wide, overflow) = try Self.convert(bytes, type, .float32)
    #expect(overflow == nil)
    #expect(try Self.convert(wide, .float32, type).bytes == bytes)
  }

  @Test func notANumberStaysSo() throws {
    let nan = Self.bytes(of: [Float.nan, -Float.nan, Float(bitPattern: 0x7F80_0001)])
    for type in [ScalarType.float16, .bfloat16] {
      let (narrow, overflow) = try Self.convert(nan, .float32, type)
      let (wide, _) = try Self.convert(narrow, type, .float32)
      #expect(overflow == nil)
      for index in 0..<3 {
        let bits = wide[4 * index..<4 * index + 4].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        #expect(Float(bitPattern: bits).isNaN)
      }
    }
  }

  @Test func convertsFloatingPointNumbersOnly() {
    #expect(ScalarConversion(from: .int32, to: .float16) == nil)
    #expect(ScalarConversion(from: .float32, to: .float64) == nil)
    #expect(ScalarConversion(from: .float32, to: .uint8) == nil)
  }

  private static func convert(
    _ bytes: [UInt8], _ source: ScalarType, _ target: ScalarType
  ) throws -> (bytes: [UInt8], overflow: Double?) {
    let conversion = try #require(ScalarConversion(from: source, to: target))
    var overflow: Double?
    let converted = try #require(
      HeapStorage(byteCount: bytes.count / source.byteCount * target.byteCount) { target in
        overflow = unsafe conversion.apply(bytes.span.bytes, to: &target)
      })
    return (Self.bytes(of: converted), overflow)
  }

  private static func bytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: Repository.fixture("half-precision/\(name).bin"))))
  }

  private static func bytes<Element: BitwiseCopyable>(of elements: [Element]) -> [UInt8] {
    bytes(of: HeapStorage(copying: elements))
  }

  private static func bytes(of storage: HeapStorage) -> [UInt8] {
    storage.withBytes { bytes in unsafe bytes.withUnsafeBytes { unsafe [UInt8]($0) } }
  }
}
