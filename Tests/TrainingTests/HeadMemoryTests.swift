import Encoding
import Kernels
import Machine
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
        head: its parameters, their gradients and an optimizer's moments would take 1491.7 GB; expected at most the \
        \(memoryRoom(MemoryLimit.byteCount)) there are; give its layers fewer units
        """)
  }

  @Test(arguments: [
    (12, "train in batches of 12 or fewer, on smaller images, or fewer layers of the backbone"),
    (0, "not even one image fits; train fewer layers, or on smaller images"),
  ])
  func aBatchThatIsTooLargeSaysWhatFits(fitting: Int, advice: String) {
    let error = TrainingError.batchTooLarge(
      images: 32, fitting: fitting, neededBytes: 8_000_000_000, availableBytes: 3_000_000_000)
    #expect(error.family == .unsupported)
    #expect(
      error.description == """
        a batch of 32: its values and gradients would take 7.5 GB; expected at most the 2.7 GB there is room for; \(advice)
        """)
  }

  /// A need never looks as if it fitted.
  @Test(arguments: [
    (0, "0 MB", "0 MB"), (1, "1 MB", "0 MB"), (97_500_000, "93 MB", "92 MB"),
    (1_073_741_823, "1.0 GB", "1023 MB"),
    (17_179_869_184, "16.0 GB", "16.0 GB"), (17_179_869_185, "16.1 GB", "16.0 GB"),
  ])
  func needsAreRoundedUpAndRoomDown(bytes: Int, need: String, room: String) {
    #expect(memoryNeed(bytes) == need)
    #expect(memoryRoom(bytes) == room)
  }

  @Test func productsAreCountedOrNot() {
    #expect(MemoryLimit.product(3, 4, 5) == 60)
    #expect(MemoryLimit.product(1 << 40, 1 << 40) == nil)
    #expect(MemoryLimit.byteCount > 0)
  }
}
