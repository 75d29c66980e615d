import CLI
import Foundation
import TestSupport
import Testing

/// `zoo convert` with the user's word against the file's.
@Suite struct OverrideTests {
  private struct Answer: Decodable {
    struct Failure: Decodable {
      struct Mismatch: Decodable {
        var target: String
        var applied, transformed, missing, unused, wrongShape: [String]
      }
      var family: String
      var exitCode: Int
      var message: String
      var mismatch: Mismatch
    }
    var error: Failure
  }

  @Test func aNetworkThatCannotFitIsRefusedWithAllFiveLists() throws {
    try withWeights { weights, archive in
      let outcome = Outcome(["convert", weights, "-o", archive, "--entry", "vgg16", "--json"])
      #expect(outcome.code.rawValue == 65 && outcome.output == "")
      let failure = try JSONDecoder().decode(Answer.self, from: Data(outcome.errors.utf8)).error
      #expect(failure.family == "mismatch" && failure.exitCode == 65)
      #expect(failure.message.hasPrefix("\(weights): does not fit vgg16 (weight set "))
      let lists = failure.mismatch
      #expect(lists.target.hasPrefix("vgg16 (weight set "))
      #expect(lists.applied == [] && lists.transformed == [] && lists.wrongShape == [])
      #expect(lists.missing.count == 26 && lists.missing.first == "block1_conv1/kernel (3, 3, 3, 64)")
      #expect(lists.unused.count == 50 && lists.unused.first == "/conv1/conv1_3/kernel:0 (3, 3, 3, 64)")
      #expect(!FileManager.default.fileExists(atPath: archive))
    }
  }

  /// Where not one tensor fits, none is the nearest.
  @Test func aFileOfNoNetworkIsRefusedWithoutANearest() throws {
    try withTemporaryFolder { folder in
      let archive = folder.appending(path: "a").path
      let tiny = Repository.fixture("keras-eras/keras2.h5")
      let outcome = Outcome(["convert", tiny, "-o", archive])
      #expect(outcome.code.rawValue == 65 && outcome.output == "")
      let message =
        "error: \(tiny): no network of the catalog fits its 5 layers with 10 tensors (stem, stem_bn, conv2d, ...); "
        + "save the whole model, or also give its architecture (--architecture MODEL.json)\n"
      #expect(outcome.errors == message)
      let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      #expect(left == [])
    }
  }

  @Test(arguments: [
    (["--entry", "nope"], 66, "no entry called 'nope'; known are convnext_base, "),
    (["--graph", "nope"], 66, "no graph variant of squeezenet called 'nope'; known are plain, drop9\n"),
    (["--kernels", "nope"], 64, "--kernels: expected theano or tensorflow, found 'nope'\n"),
  ])
  func namesThatDoNotExistAreRefused(words: [String], code: Int32, message: String) throws {
    try withWeights { weights, archive in
      let outcome = Outcome(["convert", weights, "-o", archive] + words)
      #expect(outcome.code.rawValue == code)
      #expect(outcome.errors.hasPrefix("error: \(message)"), "\(outcome.errors)")
      #expect(!FileManager.default.fileExists(atPath: archive))
    }
  }

  @Test func whatFitsIsTaken() throws {
    try withWeights { weights, archive in
      let words = ["--entry", "squeezenet", "--graph", "drop9", "--kernels", "theano", "--quiet"]
      let outcome = Outcome(["convert", weights, "-o", archive] + words)
      #expect(outcome.code == .success && outcome.errors == "")
      #expect(outcome.output.contains("(squeezenet, graph drop9)"))
      #expect(outcome.output.contains("  - graph drop9, as given by --graph\n"))
      #expect(outcome.output.contains("kernel order theano, as given by --kernels"))
      #expect(outcome.output.hasSuffix("41 copied, 9 transposed\n"))
    }
  }

  private func withWeights(_ body: (_ weights: String, _ archive: String) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let weights = folder.appending(path: "weights.h5").path
      try #require(Outcome(["synthesize", "squeezenet", "-o", weights, "--quiet"]).code == .success)
      try body(weights, folder.appending(path: "a.zoo.safetensors").path)
    }
  }
}
