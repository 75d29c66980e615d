import Encoding
import Testing

@Suite struct NumbersTests {
  @Test(arguments: [
    (0, "0"), (999, "999"), (1000, "1,000"), (23_587_712, "23,587,712"), (-4098, "-4,098"), (-100, "-100"),
    (Int.min, "-9,223,372,036,854,775,808"),
  ])
  func groupsDigits(number: Int, expected: String) { #expect(number.grouped == expected) }

  /// Expected values printed by Keras's `readable_memory_size`.
  @Test(arguments: [
    (94_350_848, "89.98 MB"), (16_392, "16.01 KB"), (0, "0.00 B"), (1023, "1023.00 B"), (1024, "1.00 KB"),
    (94_367_240, "90.00 MB"), (58_858_752, "56.13 MB"), (1 << 40, "1.00 TB"),
  ])
  func sizesAreKeras(byteCount: Int, expected: String) { #expect(memorySize(byteCount) == expected) }

  @Test func roundsAsPythonDoes() {
    #expect(fixed(0.125, decimals: 2) == "0.12")
    #expect(fixed(2.675, decimals: 2) == "2.67")
    #expect(fixed(-0.5, decimals: 0) == "-0")
    #expect(fixed(1234.5678, decimals: 4) == "1234.5678")
  }

  @Test func countsWithNouns() {
    #expect(counted(1, "image") == "1 image")
    #expect(counted(808, "image") == "808 images")
    #expect(counted(2, "entry", plural: "entries") == "2 entries")
  }
}
