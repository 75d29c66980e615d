import Dispatch
import Foundation
import TensorArchive
import Tensors
import TestSupport
import Testing

@Suite("Open archives")
struct ArchiveTests {
  @Test("A name that is not there is refused, with how many there are")
  func missingTensor() throws {
    let archive = try Archive(contentsOf: GoldenArchiveTests.path)
    let error = #expect(throws: ArchiveError.self) { try archive.tensor(named: "conv/kernels") }
    #expect(
      error == .missingTensor(path: GoldenArchiveTests.path, name: "conv/kernels", count: 6))
    #expect(error?.family == .missing)
    #expect(archive.contains("conv/kernel") && !archive.contains("conv/kernels"))
  }

  @Test("What cannot be read is refused in words")
  func unreadable() throws {
    try withTemporaryFolder { folder in
      let absent = folder.appending(path: "absent").path
      #expect(
        throws: ArchiveError.file(.unreadable(path: absent, reason: "no such file or folder; check the path"))
      ) {
        try Archive(contentsOf: absent)
      }
      #expect(
        throws: ArchiveError.file(
          .unreadable(path: folder.path, reason: "it is a folder; name a file inside it"))
      ) {
        try Archive(contentsOf: folder.path)
      }
      let pipe = folder.appending(path: "pipe").path
      #expect(unsafe mkfifo(pipe, 0o600) == 0)
      #expect(
        throws: ArchiveError.file(.unreadable(path: pipe, reason: "it is a device or a pipe, not a file"))
      ) {
        try Archive(contentsOf: pipe)
      }
    }
  }

  @Test("Many threads may read the same tensors")
  func threads() throws {
    let archive = try Archive(contentsOf: GoldenArchiveTests.path)
    DispatchQueue.concurrentPerform(iterations: 64) { index in
      let name = archive.names[index % archive.names.count]
      let found = try? Sample.bytes(archive.tensor(named: name))
      #expect(found == Sample.tensors[name].map(Sample.bytes))
    }
  }

  @Test("A view outlives the archive and the file's name")
  func lifetime() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "a.zoo.safetensors").path
      try Sample.write(to: path)
      let view = try Archive(contentsOf: path).tensor(named: "conv/kernel")
      try ArchiveWriter.write(to: path, manifest: Manifest(producer: "other"), tensors: [:])
      try FileManager.default.removeItem(atPath: path)
      #expect(Sample.bytes(view) == Sample.tensors["conv/kernel"].map(Sample.bytes))
    }
  }

  @Test("A copy with tensors and sections added holds both, even over its own source")
  func copying() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "a.zoo.safetensors").path
      try Sample.write(to: path)
      let archive = try Archive(contentsOf: path)
      let head = try #require(TensorView(Tensor(shape: [2, 3], scalars: [1, 2, 3, 4, 5, 6])))
      var manifest = try #require(archive.manifest)
      manifest.sections["head"] = "[]"
      try ArchiveWriter.write(
        to: path, manifest: manifest, copying: archive, adding: ["head/dense/kernel": head])
      let trained = try Archive(contentsOf: path)
      #expect(try trained.verify().isIntact)
      #expect(trained.manifest?.sections["head"] == "[]")
      #expect(trained.manifest?.source == Sample.manifest.source)
      #expect(try trained.tensor(named: "head/dense/kernel").floats() == [1, 2, 3, 4, 5, 6])
      for (name, view) in Sample.tensors {
        #expect(try Sample.bytes(trained.tensor(named: name)) == Sample.bytes(view), "\(name)")
      }
      #expect(throws: ArchiveError.self) {
        try ArchiveWriter.write(to: path, manifest: manifest, copying: archive, adding: ["mask": head])
      }
    }
  }

  @Test("A damaged archive is not copied")
  func copyingDamage() throws {
    try withTemporaryFolder { folder in
      var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: GoldenArchiveTests.path)))
      bytes[bytes.count - 1] ^= 1
      let damaged = try RawFile.open(bytes, in: folder)
      let path = folder.appending(path: "copy").path
      #expect(throws: ArchiveError.self) {
        try ArchiveWriter.write(to: path, manifest: Sample.manifest, copying: damaged, adding: [:])
      }
      #expect(!FileManager.default.fileExists(atPath: path))
    }
  }

  @Test("Half-precision tensors are written, read and converted")
  func halfPrecision() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "half").path
      func view(_ type: ScalarType, _ bits: [UInt16]) throws -> TensorView {
        try #require(
          TensorView(
            shape: [bits.count], scalarType: type, storage: HeapStorage(copying: bits),
            range: 0..<2 * bits.count))
      }
      try ArchiveWriter.write(
        to: path, manifest: Manifest(producer: "p"),
        tensors: [
          "f16": try view(.float16, [0x3C00, 0xC000, 0x7C00]),
          "bf16": try view(.bfloat16, [0x3F80, 0xC000, 0x7F80]),
        ])
      let archive = try Archive(contentsOf: path)
      #expect(try archive.tensor(named: "f16").floats() == [1, -2, .infinity])
      #expect(try archive.tensor(named: "bf16").floats() == [1, -2, .infinity])
    }
  }
}
