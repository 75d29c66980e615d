import Files
import Foundation
import NumPyWeights
import TestSupport
import Testing
import TorchWeights
import WeightConversion

/// Files that are cut short at every length and changed at every byte are read as they were, or as something else where nothing but the
/// byte says what is right, or end in an error of ours.
@Suite struct TorchSweepTests {
  @Test(arguments: ["zip.pth", "legacy.pth", "weights.safetensors", "parallel.pth"])
  func everyDamageIsSurvived(name: String) throws {
    let path = Repository.fixture("torch/forms/\(name)")
    let kind = try FileFacts(path: path).kind
    try withTemporaryFolder { folder in
      let sweep = try Sweep(
        of: [UInt8](Data(contentsOf: URL(fileURLWithPath: path))), sample: 7, maySayOtherwise: true
      ) { bytes in
        let file = folder.appending(path: "damaged").path
        try Data(bytes).write(to: URL(fileURLWithPath: file))
        let source = try #require(try TorchWeights.open(FileBytes(path: file), kind))
        return try Self.numbers(of: source)
      }
      #expect(sweep.errors > 100, "\(name)")
    }
  }

  @Test(arguments: ["archive.npz", "keras.npz"]) func everyDamageOfArraysIsSurvived(name: String) throws {
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: Repository.fixture("torch/forms/\(name)"))))
    let sweep = try Sweep(of: bytes, sample: 3, maySayOtherwise: true) { bytes in
      try Self.numbers(of: NumPySource(FileBytes(bytes, name: "damaged.npz")))
    }
    #expect(sweep.errors > 100, "\(name)")
  }

  /// All bytes of all tensors, by name.
  static func numbers(of source: any WeightSource) throws -> [String: [UInt8]] {
    var numbers: [String: [UInt8]] = [:]
    for tensor in source.layers.flatMap(\.tensors) {
      numbers[tensor.path] = try [UInt8](count: tensor.byteCount) { try source.read(tensor, into: &$0) }
    }
    return numbers
  }
}
