import CLI
import Catalog
import Foundation
import TensorArchive
import Tensors
import TestSupport
import Testing

@Suite struct VerifyTests {
  private static let golden = Repository.fixture("archive-v1/golden.zoo.safetensors")

  @Test func saysWhatAnIntactNetworkHolds() throws {
    try withTemporaryFolder { folder in
      let path = try Self.writeSqueezed(to: folder)
      let outcome = Outcome(["verify", path])
      #expect(outcome.code == .success, "\(outcome.errors)")
      let lines = outcome.output.split(separator: "\n")
      #expect(lines.first == "\(path): intact")
      #expect(
        lines.dropFirst().prefix(2) == [
          "  50 tensors (F32), 2,889,984 bytes",
          "  entry squeezenet: all 50 parameter tensors in the right shape",
        ])
      #expect(lines.last?.hasPrefix("  archive SHA-256 ") == true)
    }
  }

  @Test func listsEveryDamagedTensor() throws {
    try withTemporaryFolder { folder in
      let path = try Self.writeSqueezed(to: folder)
      var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
      let archive = try Archive(contentsOf: path)
      let start = archive.byteCount - archive.payloadByteCount
      bytes[start] ^= 1
      bytes[bytes.count - 1] ^= 1
      try bytes.write(to: URL(fileURLWithPath: path))
      let outcome = Outcome(["verify", path])
      #expect(outcome.code.rawValue == 65)
      let (first, last) = (try #require(archive.names.first), try #require(archive.names.last))
      let lines = outcome.output.split(separator: "\n")
      #expect(lines.first == "\(path): damaged or unreadable")
      #expect(lines.contains { $0.hasPrefix("  \(first): expected CRC-32 ") })
      #expect(lines.contains { $0.hasPrefix("  \(last): expected CRC-32 ") })
      #expect(outcome.errors.contains("the payload is damaged in \(first), \(last); expected SHA-256 "))
    }
  }

  @Test func refusesTensorsThatAreNotTheEntrys() throws {
    try withTemporaryFolder { folder in
      let path = try Self.writeSqueezed(to: folder, without: "conv1/bias", reshaping: "conv1/kernel")
      let outcome = Outcome(["verify", path])
      #expect(outcome.code.rawValue == 65)
      #expect(outcome.output.hasPrefix("\(path): does not fit its entry\n"))
      #expect(
        outcome.errors.contains("conv1/kernel: expected (3, 3, 3, 64), found (1728,)"), "\(outcome.errors)")
      #expect(outcome.errors.contains("conv1/bias is missing"))
    }
  }

  @Test func tellsMachinesAll() throws {
    struct Answer: Decodable {
      struct File: Decodable {
        var path: String
        var intact: Bool
        var format: String?
        var tensors: Int?
        var hasChecksums: Bool?
        var archiveSHA256: String?
        var error: String?
      }
      var files: [File]
    }
    let plain = Repository.fixture("archive-v1/plain.safetensors")
    let outcome = Outcome(["verify", "--json", plain, "absent.zoo.safetensors"])
    let files = try JSONDecoder().decode(Answer.self, from: Data(outcome.output.utf8)).files
    #expect(files.map(\.intact) == [true, false])
    #expect(files.map(\.hasChecksums) == [false, nil])
    #expect(files[0].tensors == 6 && files[0].format == nil && files[0].archiveSHA256 == nil)
    #expect(
      files[1].error == "absent.zoo.safetensors: cannot be read: no such file or folder; check the path")
    #expect(outcome.code.rawValue == 66)
    #expect(outcome.errors.contains("\"family\":\"missing\""))
    #expect(outcome.errors.contains("1 of 2 files failed"))
  }

  @Test func warnsWhereThereIsNothingToCheck() {
    let path = Repository.fixture("archive-v1/plain.safetensors")
    let outcome = Outcome(["verify", path])
    #expect(outcome.code == .success)
    let types = "2 F32, 1 BOOL, 1 F16, 1 F64, 1 I64"
    #expect(outcome.output.hasPrefix("\(path): well-formed\n  6 tensors (\(types)), 135 bytes\n"))
    #expect(outcome.errors == "warning: \(path): has no checksums; only its structure was checked\n")
  }

  @Test(arguments: [("not an archive", 65), ("", 65)])
  func refusesOtherFiles(content: String, code: Int32) throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "file").path
      try Data(content.utf8).write(to: URL(fileURLWithPath: path))
      #expect(Outcome(["verify", path]).code.rawValue == code)
    }
  }

  /// The smallest entry with synthetic weights, as `convert` would write it.
  private static func writeSqueezed(
    to folder: URL, without missing: String? = nil, reshaping flat: String? = nil
  ) throws -> String {
    let path = folder.appending(path: "a.zoo.safetensors").path
    let network = try ArchivedNetwork(entry: EntryCatalog.embedded.entry("squeezenet"), variant: nil)
    let weights = SyntheticWeights(seed: 1)
    var tensors: [String: TensorView] = [:]
    for parameter in try network.graph().parameters() where parameter.name != missing {
      let values = weights.values(layer: parameter.layer, role: parameter.role, shape: parameter.shape)
      let shape = parameter.name == flat ? [values.count] : parameter.shape
      tensors[parameter.name] = TensorView(Tensor(shape: shape, scalars: values))
    }
    try ArchiveWriter.write(
      to: path, manifest: Manifest(producer: "test", sections: network.sections), tensors: tensors)
    return path
  }
}
