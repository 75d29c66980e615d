import CLI
import Foundation
import TestSupport
import Testing

/// `bench`, as a user types it: what it says, never how quick anything is.
@Suite struct BenchTests {
  @Test func reportsAnArchivesSpeedAsJSON() throws {
    try withTemporaryFolder { folder in
      let weights = folder.appending(path: "weights.h5").path
      let archive = folder.appending(path: "weights.zoo.safetensors").path
      #expect(Outcome(["synthesize", "squeezenet", "-o", weights, "--quiet"]).code == .success)
      #expect(Outcome(["convert", weights, "-o", archive, "--quiet"]).code == .success)
      let outcome = Outcome([
        "bench", archive, "--size", "64", "--batch", "2", "--threads", "1", "--seconds", "1", "--json",
      ])
      #expect(outcome.code == .success)
      let report = try #require(
        JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
      #expect(try #require(report["medianMillisecondsPerImage"] as? Double) > 0)
      #expect(report["batch"] as? Int == 2)
      #expect(report["threads"] as? Int == 1)
      #expect(report["height"] as? Int == 64)
    }
  }
}
