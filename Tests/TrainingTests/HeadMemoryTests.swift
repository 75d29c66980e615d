import Encoding
import Kernels
import Tensors
import Testing
import Training

/// What cannot be had is not asked for.
@Suite struct HeadMemoryTests {
  @Test func aHeadThatNoMachineHoldsIsRefusedInWords() {
    let head = Head { Dense(100_000_000, activation: .softmax) }
    let expected = TrainingError.notEnoughMemory(
      neededBytes: 16 * 100_100_000_000, availableBytes: MemoryLimit.byteCount)
    #expect(throws: expected) { try HeadModel(head, inputShape: [1000]) }
    #expect(expected.family == .unsupported)
    #expect(
      expected.description == """
        head: its parameters, their gradients and an optimizer's moments would take 1601.6 GB; expected at most the \
        \(gigabytes(MemoryLimit.byteCount)) there are; give its layers fewer units
        """)
  }

  @Test(arguments: [(0, "0.0 GB"), (1, "0.1 GB"), (100_000_000, "0.1 GB"), (17_179_869_184, "17.2 GB")])
  func gigabytesAreRoundedUp(bytes: Int, text: String) {
    #expect(gigabytes(bytes) == text)
  }

  @Test func productsAreCountedOrNot() {
    #expect(MemoryLimit.product(3, 4, 5) == 60)
    #expect(MemoryLimit.product(1 << 40, 1 << 40) == nil)
    #expect(MemoryLimit.byteCount > 0)
  }
}
