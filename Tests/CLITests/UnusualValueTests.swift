import CLI
import Foundation
import TensorArchive
import TestSupport
import Testing

/// Weights that no network can compute with are said by every verb that meets them.
@Suite struct UnusualValueTests {
  @Test func saysWhatIsNotFinite() throws {
    try withTemporaryFolder { folder in
      let (weights, archive) = try Self.damaged(in: folder)
      let warning = "weights that are not finite, or variances below zero: "
      let finding = "conv1/kernel: 1 NaN, 2 infinite, 1 subnormal of 1728 values"

      let converted = Outcome(["convert", weights, "-o", archive, "-q"])
      #expect(converted.code == .success)
      #expect(converted.errors == "warning: \(weights): \(warning)\(finding)\n")
      #expect(converted.output.contains("\n  - 1 subnormal value in 1 tensor\n"))

      let verified = Outcome(["verify", archive])
      #expect(verified.code == .success && verified.output.hasPrefix("\(archive): intact\n"))
      #expect(verified.output.contains("\n  1 subnormal value in 1 tensor\n"))
      #expect(verified.errors == "warning: \(archive): \(warning)\(finding)\n")

      let half = folder.appending(path: "half.zoo.safetensors").path
      #expect(
        Outcome(["convert", archive, "--dtype", "bf16", "-o", half, "-q"]).errors
          == "warning: \(archive): \(warning)\(finding)\n")
    }
  }

  @Test func countsPerTensorForMachines() throws {
    struct Answer: Decodable {
      struct Unusual: Decodable, Equatable {
        var name: String
        var values, nan, infinite, negative, subnormal: Int
      }
      var unusual: [Unusual]
    }
    struct Files: Decodable { var files: [Answer] }
    try withTemporaryFolder { folder in
      let (weights, archive) = try Self.damaged(in: folder)
      let expected = Answer.Unusual(
        name: "conv1/kernel", values: 1728, nan: 1, infinite: 2, negative: 0, subnormal: 1)
      let converted = Outcome(["convert", weights, "-o", archive, "-q", "--json"])
      #expect(
        try JSONDecoder().decode(Answer.self, from: Data(converted.output.utf8)).unusual == [expected])
      let verified = Outcome(["verify", archive, "--json"])
      #expect(
        try JSONDecoder().decode(Files.self, from: Data(verified.output.utf8)).files.map(\.unusual)
          == [[expected]])
      #expect(verified.errors.hasPrefix("warning: "))
    }
  }

  /// Whether or not a result shows it: maxima drop what is not a number.
  @Test func saysThatFeaturesAreNotToBeTrusted() throws {
    struct Answer: Decodable { var notFinite: Int }
    try withTemporaryFolder { folder in
      let (weights, archive) = try Self.damaged(in: folder)
      #expect(Outcome(["convert", weights, "-o", archive, "-q"]).code == .success)
      let image = Repository.fixture("images/decode/gray1.png")
      let output = folder.appending(path: "f.npy").path
      let words = ["features", archive, image, "-o", output, "-q", "--json", "--no-cache"]
      let outcome = Outcome(words)
      #expect(outcome.code == .success)
      let answer = try JSONDecoder().decode(Answer.self, from: Data(outcome.output.utf8))
      let said = answer.notFinite == 0 ? "" : "1 of 1 results hold values that are not finite; "
      #expect(
        outcome.errors == """
          warning: squeezenet: \(said)weights that are not finite, or variances below zero: \
          conv1/kernel: 1 NaN, 2 infinite, 1 subnormal of 1728 values

          """)
    }
  }

  /// A weight file whose first kernel has values that are not finite, and where its archive belongs.
  private static func damaged(in folder: URL) throws -> (weights: String, archive: String) {
    let weights = folder.appending(path: "weights.h5").path
    let archive = folder.appending(path: "a.zoo.safetensors").path
    #expect(Outcome(["synthesize", "squeezenet", "-o", weights, "-q"]).code == .success)
    #expect(Outcome(["convert", weights, "-o", archive, "-q"]).code == .success)
    let kernel = try Archive(contentsOf: archive).values(of: "conv1/kernel").scalars
    var bytes = try Data(contentsOf: URL(fileURLWithPath: weights))
    let place = try #require(bytes.range(of: Self.bytes(Array(kernel.prefix(8)))))
    let strange: [Float] = [.nan, .infinity, -.infinity, 0x1p-140]
    bytes.replaceSubrange(place.lowerBound..<place.lowerBound + 16, with: Self.bytes(strange))
    try bytes.write(to: URL(fileURLWithPath: weights))
    return (weights, archive)
  }

  private static func bytes(_ floats: [Float]) -> Data {
    Data(
      floats.flatMap { value in
        (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) }
      })
  }
}
