import Foundation
import TensorArchive
import Tensors
import TestSupport
import Testing

@Suite("Archives in half precision")
struct PrecisionTests {
  private static let kernel: [Float] = [0, 1, -1.5, 0.1, 1e-6, 3e4]
  private static let statistic: [Float] = [0.1, 1e9]

  @Test("Kernels are rounded, vectors stay float32, other tensors and texts stay as they are")
  func stores() throws {
    try withTemporaryFolder { folder in
      let (wide, half) = (folder.appending(path: "wide").path, folder.appending(path: "half").path)
      try Self.write(Self.kernel, to: wide)
      var values = 0
      try Archive(contentsOf: wide).write(to: half, as: .float16, producer: "p") { values += $0 }
      let archive = try Archive(contentsOf: half)
      #expect(try archive.values(of: "conv/kernel").scalars == [0, 1, -1.5, 0x1.998p-4, 0x1.1p-20, 3e4])
      #expect(try archive.values(of: "bn/variance").scalars == Self.statistic)
      #expect(archive.tensors.map(\.scalarType.rawValue).sorted() == ["F16", "F32", "I64"])
      #expect(archive.scalarTypes.map(\.type) == [.float16, .float32, .int64])
      #expect(archive.manifest?.sections == Sample.manifest.sections)
      #expect(archive.manifest?.source?.details["storedAs"] == "F16")
      #expect(archive.manifest?.producer == "p")
      #expect(values == 9)
      try archive.verify()
    }
  }

  @Test(
    "What was stored in half precision is stored wider without another change",
    arguments: [
      ScalarType.float16, .bfloat16,
    ])
  func widens(type: ScalarType) throws {
    try withTemporaryFolder { folder in
      let paths = ["wide", "half", "again"].map { folder.appending(path: $0).path }
      try Self.write(Self.kernel, to: paths[0])
      try Archive(contentsOf: paths[0]).write(to: paths[1], as: type)
      try Archive(contentsOf: paths[1]).write(to: paths[2], as: .float32)
      let (half, again) = (try Archive(contentsOf: paths[1]), try Archive(contentsOf: paths[2]))
      #expect(try again.values(of: "conv/kernel") == half.values(of: "conv/kernel"))
      #expect(again.tensors.allSatisfy { [.float32, .int64].contains($0.scalarType) })
    }
  }

  @Test("A number too large for the type is refused by name, and nothing is written")
  func refusesWhatDoesNotFit() throws {
    try withTemporaryFolder { folder in
      let (wide, half) = (folder.appending(path: "wide").path, folder.appending(path: "half").path)
      try Self.write([0, 1, 2, -70000, 1e30, .infinity], to: wide)
      let archive = try Archive(contentsOf: wide)
      let expected = ArchiveError.unrepresentable(
        path: half, tensor: "conv/kernel", type: .float16, value: -70000)
      #expect(throws: expected) { try archive.write(to: half, as: .float16) }
      #expect(
        expected.description
          == "\(half): conv/kernel: a value does not fit into F16; expected a magnitude of at most 65504, found -70000.0; "
          + "store it as BF16 or F32")
      #expect(!FileManager.default.fileExists(atPath: half))
      try archive.write(to: half, as: .bfloat16)
      #expect(try Archive(contentsOf: half).values(of: "conv/kernel").scalars[5] == .infinity)
    }
  }

  @Test("A safetensors file without a manifest is refused")
  func refusesPlainFiles() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "plain").path
      let header = Data(#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#.utf8)
      let bytes = Data([UInt8(header.count), 0, 0, 0, 0, 0, 0, 0]) + header + Data([0, 0, 0, 0])
      try bytes.write(to: URL(fileURLWithPath: path))
      let archive = try Archive(contentsOf: path)
      #expect(throws: ArchiveError.self) { try archive.write(to: path + "2", as: .float16) }
    }
  }

  private static func write(_ kernel: [Float], to path: String) throws {
    let counts = HeapStorage(copying: [Int64(7)])
    try ArchiveWriter.write(
      to: path, manifest: Sample.manifest,
      tensors: [
        "conv/kernel": try #require(TensorView(Tensor(shape: [2, 3], scalars: kernel))),
        "bn/variance": try #require(TensorView(Tensor(shape: [2], scalars: statistic))),
        "bn/count": try #require(
          TensorView(shape: [], scalarType: .int64, storage: counts, range: 0..<8)),
      ])
  }
}
