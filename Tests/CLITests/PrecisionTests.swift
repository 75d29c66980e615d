import CLI
import Foundation
import TestSupport
import Testing

/// `convert --dtype`, as a user types it.
@Suite struct PrecisionTests {
  @Test func storesWeightsInHalfTheRoom() throws {
    try withTemporaryFolder { folder in
      let (weights, half, again) = (
        folder.appending(path: "weights.h5").path, folder.appending(path: "half.zoo.safetensors").path,
        folder.appending(path: "again.zoo.safetensors").path
      )
      #expect(Outcome(["synthesize", "squeezenet", "-o", weights, "--quiet"]).code == .success)
      let converted = Outcome(["convert", weights, "-o", half, "--dtype", "f16", "--quiet"])
      #expect(converted.code == .success && converted.errors == "")
      #expect(
        converted.output.hasSuffix(
          "\(half): 50 tensors, 722,496 values, 1,450,880 bytes; 50 copied, 0 transposed; "
            + "kernels stored as F16\n"))
      let inspected = Outcome(["inspect", half]).output
      #expect(inspected.contains("50 tensors, 722,496 values (25 F16, 25 F32)\n"))
      #expect(inspected.contains("  storedAs: F16\n"))
      #expect(Outcome(["inspect", half, "--json"]).output.contains(#""F16": 25"#))
      #expect(Outcome(["verify", half]).output.contains("  50 tensors (25 F16, 25 F32), 1,450,880 bytes\n"))
      let widened = Outcome(["convert", half, "-o", again, "--dtype", "f32", "--quiet"])
      #expect(widened.code == .success && widened.errors == "")
      #expect(widened.output.hasPrefix("\(again): 50 tensors (F32), "))
      #expect(Outcome(["verify", again]).output.contains("  50 tensors (F32), 2,889,984 bytes\n"))
    }
  }

  @Test func refusesWhatAnArchiveCannotMean() throws {
    try withTemporaryFolder { folder in
      let archive = Repository.fixture("archive-v1/golden.zoo.safetensors")
      let output = folder.appending(path: "out.zoo.safetensors").path
      let drops = Outcome(["convert", archive, "-o", output, "--dtype", "f16", "--drop-top"])
      #expect(drops.code == .usage)
      let refused =
        "--entry, --architecture, --graph, --kernels, --drop-top, --layer, --labels, --preprocessing, --interpolation, --prove"
      #expect(drops.errors.contains("\(refused): need a weight file; found an archive"))
      let unknown = Outcome(["convert", archive, "-o", output, "--dtype", "half"])
      #expect(unknown.code == .usage)
      #expect(unknown.errors.contains("--dtype"))
      #expect(!FileManager.default.fileExists(atPath: output))
    }
  }
}
