import CLI
import Foundation
import TestSupport
import Testing

/// `zoo export`, as a user types it.
@Suite struct ExportVerbTests {
  private static func withArchive(_ body: (_ archive: String, _ folder: URL) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let weights = folder.appending(path: "weights.h5").path
      let archive = folder.appending(path: "backbone.zoo.safetensors").path
      #expect(Outcome(["synthesize", "squeezenet", "-o", weights, "--quiet"]).code == .success)
      #expect(Outcome(["convert", weights, "-o", archive, "--quiet"]).code == .success)
      try body(archive, folder)
    }
  }

  @Test func writesAnONNXModel() throws {
    try Self.withArchive { archive, folder in
      let file = folder.appending(path: "a.onnx").path
      let outcome = Outcome(["export", archive, "--to", "onnx", "-o", file, "--size", "64", "--quiet"])
      #expect(outcome.code == .success && outcome.errors == "")
      let size = try Data(contentsOf: URL(fileURLWithPath: file)).count
      let lines = outcome.output.split(separator: "\n")
      #expect(lines[0].hasPrefix("\(file): 50 tensors, 722,496 values, 2,9"))
      #expect(
        lines.dropFirst() == ["  - reads images [N, 64, 64, 3]", "  - gives features [N, 512]"])
      let words = ["export", archive, "--to", "onnx", "-o", file, "--size", "64", "--quiet", "--json"]
      let json = Outcome(words + ["--layout", "nchw", "--batch", "2"])
      let facts = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
      #expect(facts?["files"] as? [String] == [file] && facts?["bytes"] as? Int ?? 0 > size - 1000)
      #expect((facts?["reads"] as? [String: Any])?["shape"] as? [Int] == [3, 64, 64])
    }
  }

  @Test func writesWhatKerasAndNumPyRead() throws {
    try Self.withArchive { archive, folder in
      func export(_ format: String, _ name: String, _ words: String...) -> Outcome {
        let file = folder.appending(path: name).path
        return Outcome(["export", archive, "--to", format, "-o", file, "--quiet"] + words)
      }
      for (format, name) in [
        ("npz", "a.npz"), ("keras-weights", "a.weights.h5"), ("keras-h5", "a.h5"), ("keras", "a.keras"),
      ] {
        let outcome = export(format, name)
        #expect(outcome.code == .success && outcome.errors == "", "\(outcome.errors)")
        #expect(outcome.output.contains("\(name): 50 tensors, 722,496 values, "))
      }
      #expect(export("keras-h5", "b.h5", "--era", "keras2").code == .success)
      #expect(export("keras-h5", "b.h5", "--era", "keras9").code == .data)
      #expect(export("keras-h5", "b.weights.h5").code == .usage)
      #expect(export("keras-weights", "b.h5").code == .usage)
      #expect(export("npz", "b.npz", "--era", "keras1").code == .usage)
      #expect(export("npz", "b.npz", "--batch", "1").errors.contains("--batch: is of onnx alone"))
      #expect(export("keras", "b.keras", "--layout", "nchw").code == .usage)
    }
  }

  /// What torchvision computes otherwise is named, and nothing is written.
  @Test func refusesToWriteForPyTorchWhatItComputesOtherwise() throws {
    try Self.withArchive { archive, folder in
      let file = folder.appending(path: "a.safetensors").path
      let outcome = Outcome(["export", archive, "--to", "torch", "-o", file, "--quiet"])
      #expect(outcome.code != .success && outcome.errors.contains("torchvision"), "\(outcome)")
      #expect(!FileManager.default.fileExists(atPath: file))
      #expect(Outcome(["export", archive, "--to", "torch", "-o", "a.pth"]).code == .usage)
    }
  }

  @Test func refusesWhatItCannotDo() throws {
    try Self.withArchive { archive, folder in
      let file = folder.appending(path: "a.onnx").path
      func refusal(_ words: String...) -> Outcome { Outcome(["export", archive] + words) }
      #expect(refusal("-o", file).code == .usage)
      #expect(refusal("--to", "tflite", "-o", file).code == .usage)
      #expect(refusal("--to", "onnx", "-o", file, "--batch", "0").code == .usage)
      let own = refusal("--to", "onnx", "-o", archive)
      #expect(own.code == .usage && own.errors.contains("is the input"))
      let other = refusal("--to", "onnx", "-o", folder.appending(path: "a.npy").path)
      #expect(other.code == .usage && other.errors.contains("expected a name ending in .onnx"))
      let small = refusal("--to", "onnx", "-o", file, "--size", "8")
      #expect(small.code == .data)
      #expect(refusal("--to", "onnx", "-o", file, "--layer", "nowhere").code == .missing)
      #expect(Outcome(["export", file, "--to", "onnx", "-o", file + "2"]).code == .missing)
      #expect(!FileManager.default.fileExists(atPath: file))
    }
  }
}
