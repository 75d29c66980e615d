import Foundation
import TensorArchive
import Tensors
import TestSupport
import Testing

/// The archive that `make.py` built from the specification alone, and what Python's safetensors found in it.
@Suite("The golden archive of format 1.0")
struct GoldenArchiveTests {
  static let path = Repository.fixture("archive-v1/golden.zoo.safetensors")

  @Test("Our writer gives the very bytes the specification's other implementation gives")
  func sameBytes() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "ours.zoo.safetensors")
      try Sample.write(to: path.path)
      #expect(try Data(contentsOf: path) == Data(contentsOf: URL(fileURLWithPath: Self.path)))
    }
  }

  @Test("Manifest and tensors are read")
  func reading() throws {
    let archive = try Archive(contentsOf: Self.path)
    #expect(archive.manifest == Sample.manifest)
    #expect(archive.manifest?.version == FormatVersion(major: 1, minor: 0))
    #expect(archive.names == ["conv/kernel", "empty", "bn/count", "bn/beta", "conv/bias", "mask"])
    #expect(archive.digest == "5b7b011fd4eddbaffaaa1f9d7fe790aac78a4f1d49ba5da9170f0a3ad72ef2d7")
    #expect((archive.byteCount, archive.payloadByteCount) == (1_385, 169))
    let verification = try archive.verify()
    #expect(verification.isIntact && verification.hasChecksums)
    #expect(verification.payloadDigest == "0ce065132ab97db6dfa0f0702626e3dcecc4491765f2dc7d634391fe31eba799")
  }

  @Test("Python's safetensors library finds the same", arguments: ["golden.zoo", "plain"])
  func asPython(name: String) throws {
    let archive = try Archive(contentsOf: Repository.fixture("archive-v1/\(name).safetensors"))
    let stem = name.prefix { $0 != "." }
    let expected = try PythonView(contentsOf: Repository.fixture("archive-v1/\(stem).json"))
    #expect(archive.metadata == expected.metadata)
    #expect(Set(archive.names) == Set(expected.tensors.keys))
    for (name, tensor) in expected.tensors {
      let view = try archive.tensor(named: name)
      #expect(view.shape.dimensions == tensor.shape, "\(name)")
      #expect(view.scalarType == tensor.scalarType, "\(name)")
      #expect(Sample.bytes(view).map { String(format: "%02x", $0) }.joined() == tensor.bytes, "\(name)")
    }
  }

  @Test("Every tensor starts on a boundary of 64 bytes or of its element")
  func alignment() throws {
    let archive = try Archive(contentsOf: Self.path)
    var offset = archive.byteCount - archive.payloadByteCount
    #expect(offset % 64 == 0)
    for tensor in archive.tensors {
      let size = try #require(tensor.byteCount)
      #expect(offset % (size % 64 == 0 ? 64 : tensor.scalarType.byteCount) == 0, "\(tensor.name)")
      offset += size
    }
  }

  @Test("A plain safetensors file opens as tensors by offset, without anything to verify")
  func plain() throws {
    let archive = try Archive(contentsOf: Repository.fixture("archive-v1/plain.safetensors"))
    #expect(archive.manifest == nil && archive.digest == nil)
    #expect(archive.names == ["long", "scalar", "none", "z.weight", "a.half", "flags"])
    #expect(
      try archive.tensor(named: "a.half").floats() == [0.6953125, -1.34375, -0.45751953125, -1.9013671875])
    #expect(try archive.tensor(named: "scalar").floats() == [0.1])
    #expect(try archive.tensor(named: "none").floats() == [])
    #expect(try archive.tensor(named: "long").floats() == nil)
    let verification = try archive.verify()
    #expect(verification.isIntact && !verification.hasChecksums)
  }
}

/// What the safetensors library told `make.py`.
private struct PythonView: Decodable {
  struct Tensor: Decodable {
    var dtype: String
    var shape: [Int]
    var bytes: String

    var scalarType: ScalarType? {
      [
        "float32": .float32, "float16": .float16, "float64": .float64, "int64": .int64, "uint8": .uint8,
        "bool": .bool,
      ][dtype]
    }
  }

  var metadata: [String: String]
  var tensors: [String: Tensor]

  init(contentsOf path: String) throws {
    self = try JSONDecoder().decode(Self.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
  }
}
