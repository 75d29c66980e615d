import Execution
import Foundation
import ModelZoo
import TestSupport
import Testing

/// A need for memory is stated before anything is allocated.
@Suite struct MemoryTests {
  private static let needed = 4 * 64 * 32_767 * 32_767
  private static let isLarge = ProcessInfo.processInfo.physicalMemory > UInt64(needed)

  @Test(.enabled(if: !isLarge, "this machine has the memory"))
  func anInputThatNoMachineHoldsIsRefusedInWords() throws {
    try withTemporaryFolder { folder in
      let archive = try SyntheticArchive.write("squeezenet", to: folder)
      let error = #expect(throws: ExecutionError.self) {
        try Backbone(contentsOf: archive, options: BackboneOptions(size: 65_536))
      }
      guard case .notEnoughMemory(let needed, let available) = try #require(error) else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(needed > Self.needed && available < needed)
      #expect(error?.family == .unsupported)
    }
  }
}
