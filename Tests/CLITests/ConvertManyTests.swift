import CLI
import Foundation
import TestSupport
import Testing

/// `zoo convert` of several files, with a proof, or up to a layer.
@Suite struct ConvertManyTests {
  private func withWeights(_ body: (_ path: (String) -> String) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let path = { (name: String) in folder.appending(path: name).path }
      try #require(Outcome(["synthesize", "squeezenet", "-o", path("w.h5"), "--quiet"]).code == .success)
      try body(path)
    }
  }

  @Test func manyFilesGoIntoAFolder() throws {
    try withWeights { path in
      let other = Repository.fixture("changed-graph/with_top.h5")
      let done = Outcome(["convert", path("w.h5"), other, "-o", path("out"), "--prove", "--quiet"])
      #expect(done.code == .success && done.errors == "", "\(done.errors)")
      #expect(
        done.output.contains("squeezenet, graph plain")
          && done.output.contains("out/with_top.zoo.safetensors"))
      #expect(done.output.hasSuffix("2 files of 2 converted, 2 proved\n"))
      let failed = Outcome([
        "convert", Repository.fixture("comparison/make.py"), path("w.h5"), "-o", path("out"), "--quiet",
      ])
      #expect(failed.code == .data && failed.output.hasSuffix("1 file of 2 converted\n"))
      #expect(
        failed.errors.contains("make.py: not an HDF5 file")
          && failed.errors.contains("convert: 1 of 2 files failed"))
      let alone = Outcome(["convert", path("w.h5"), "-o", path("new") + "/", "--quiet"])
      #expect(alone.code == .success && alone.output.contains("new/w.zoo.safetensors"))
      let halves = Outcome([
        "convert", path("new/w.zoo.safetensors"), "--dtype", "f16", "-o", path("half") + "/", "-q",
      ])
      #expect(halves.code == .success, "\(halves)")
      #expect(
        halves.output.contains("half/w.zoo.safetensors") && halves.output.contains("1 file of 1 converted"))
      let same = Outcome(["convert", path("w.h5"), path("w.keras"), "-o", path("none"), "--quiet"])
      #expect(same.code == .data && same.errors.contains("would be the archive of"))
      #expect(!FileManager.default.fileExists(atPath: path("none")))
    }
  }

  @Test func machinesGetAResultForEachFile() throws {
    try withWeights { path in
      let words = ["convert", path("w.h5"), path("nothing.h5"), "-o", path("out"), "--json", "--quiet"]
      let outcome = Outcome(words)
      #expect(outcome.code == .missing)
      let json = try #require(
        JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
      #expect(json["converted"] as? Int == 1 && json["failed"] as? Int == 1)
      let files = try #require(json["files"] as? [[String: Any]])
      #expect(files[0]["output"] as? String == path("out") + "/w.zoo.safetensors")
      #expect((files[1]["error"] as? [String: Any])?["family"] as? String == "missing")
    }
  }

  @Test func aProofIsSaid() throws {
    try withWeights { path in
      let outcome = Outcome(["convert", path("w.h5"), "-o", path("a"), "--prove", "--quiet"])
      #expect(
        outcome.output.contains(
          "  - proved: 50 tensors, 722,496 values, are the file's; the network gives the same features of 3 generated "
            + "pictures (0 of the largest apart)\n"))
      let archive = Outcome(["convert", path("a"), "-o", path("b"), "--dtype", "f16", "--prove", "--quiet"])
      #expect(archive.code == .usage)
    }
  }

  @Test func aLayerCutsWeightsAlone() throws {
    try withWeights { path in
      let words = ["convert", path("w.h5"), "-o", path("a"), "--layer", "fire4/concat", "--quiet"]
      let outcome = Outcome(words)
      #expect(outcome.output.contains("SqueezeNet 1.1, up to fire4/concat (squeezenet_cut)"))
      #expect(
        Outcome(["verify", path("a")]).output.contains("entry squeezenet_cut: all 20 parameter tensors"))
      #expect(Outcome(words.dropLast() + ["--entry", "squeezenet"]).code == .success)
      let unknown = Outcome(["convert", path("w.h5"), "-o", path("b"), "--layer", "nope"])
      #expect(unknown.code == .missing && unknown.errors.contains("(zoo summary FILE lists the layers)"))
    }
  }
}
