import Files
import Foundation
import TensorArchive
import Tensors
import TestSupport
import Testing

@Suite("Writing archives")
struct ArchiveWriterTests {
  private struct Interruption: Error {}

  @Test("The order of declarations and the time do not matter")
  func reproducible() throws {
    try withTemporaryFolder { folder in
      let declarations = Sample.tensors.map {
        TensorDeclaration(name: $0.key, scalarType: $0.value.scalarType, shape: $0.value.shape)
      }
      let sorted = declarations.sorted { $0.name < $1.name }
      var files: Set<Data> = []
      for order in [declarations, sorted, sorted.reversed()] {
        let path = folder.appending(path: "a.zoo.safetensors")
        try ArchiveWriter.write(to: path.path, manifest: Sample.manifest, tensors: order) { writer in
          #expect(writer.tensors.map(\.name) == Sample.canonicalNames)
          try Sample.append(to: &writer)
        }
        files.insert(try Data(contentsOf: path))
      }
      #expect(files.count == 1)
    }
  }

  @Test("A producer that fails leaves the old archive and nothing else")
  func crashSafety() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "a.zoo.safetensors").path
      try Sample.write(to: path)
      let before = try Data(contentsOf: URL(fileURLWithPath: path))
      for count in 0...Sample.canonicalNames.count {
        #expect(throws: Interruption.self) {
          try Sample.write(to: path) { writer in
            try Sample.append(Sample.canonicalNames.prefix(count), to: &writer)
            throw Interruption()
          }
        }
      }
      #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a.zoo.safetensors"])
    }
  }

  @Test("Tensors that are missing, out of order, too many or of another size are refused")
  func misuse() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "a.zoo.safetensors").path
      func refusal(_ contents: (inout ArchiveWriter) throws -> Void) -> String {
        let error = #expect(throws: ArchiveError.self) { try Sample.write(to: path, contents: contents) }
        #expect(error?.family == .mismatch)
        return error?.description ?? ""
      }
      let first = Sample.canonicalNames[0]
      #expect(refusal { _ in }.contains("conv/kernel: cannot be archived; expected 6 tensors, found 0"))
      #expect(
        refusal { try Sample.append(["mask"], to: &$0) }.contains("expected conv/kernel next, found mask"))
      #expect(
        refusal { writer in
          try Sample.append(to: &writer)
          try Sample.append([first], to: &writer)
        }.contains("expected no further tensor"))
      #expect(
        refusal { writer in
          try [UInt8](repeating: 0, count: 127).withRawSpan { try writer.append($0, of: first) }
        }
        .contains("conv/kernel: cannot be archived; expected 128 bytes, found 127"))
      let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      #expect(left == [])
    }
  }

  @Test(
    "Names and manifests that no reader would take are refused",
    arguments: [
      "", "__metadata__", "a\nb", "a\u{7F}", String(repeating: "n", count: 1_025),
    ])
  func badNames(name: String) throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "a.zoo.safetensors").path
      func refuses(_ manifest: Manifest, _ declarations: [TensorDeclaration]) {
        #expect(throws: ArchiveError.self) {
          try ArchiveWriter.write(to: path, manifest: manifest, tensors: declarations) { _ in }
        }
      }
      refuses(Manifest(producer: "p"), [TensorDeclaration(name: name, shape: [0])])
      refuses(Manifest(producer: "p", sections: [name + "/": "x"]), [])
      let digests = FileDigests(byteCount: 1, md5: name, sha256: name)
      refuses(Manifest(producer: "p", source: Provenance(fileName: "f", digests: digests)), [])
      let twice = TensorDeclaration(name: "twice", shape: [0])
      refuses(Manifest(producer: "p"), [twice, twice])
      let huge = TensorDeclaration(name: "huge", shape: TensorShape([Int.max]))
      refuses(Manifest(producer: "p"), [huge])
      let large = TensorDeclaration(name: "large", scalarType: .uint8, shape: TensorShape([Int.max]))
      refuses(Manifest(producer: "p"), [large, TensorDeclaration(name: "one", shape: [1])])
      let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      #expect(left == [])
    }
  }

  @Test("A header that no reader would take is refused")
  func longHeader() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "a.zoo.safetensors").path
      let section = String(repeating: "x", count: FormatLimits.maximumHeaderByteCount)
      let error = #expect(throws: ArchiveError.self) {
        try Sample.write(to: path, manifest: Manifest(producer: "p", sections: ["entry": section]))
      }
      #expect(error?.description.contains("header bytes: above the limit") == true)
    }
  }

  @Test("The digests of the source may come while the tensors are being written")
  func lateDigests() throws {
    try withTemporaryFolder { folder in
      let (late, early) = (folder.appending(path: "late"), folder.appending(path: "early"))
      let digests = try #require(Sample.manifest.source?.digests)
      var manifest = Sample.manifest
      manifest.source?.digests = .pending(byteCount: digests.byteCount)
      try Sample.write(to: late.path, manifest: manifest) { writer in
        try Sample.append(to: &writer)
        try writer.setSourceDigests(digests)
      }
      try Sample.write(to: early.path)
      #expect(try Data(contentsOf: late) == Data(contentsOf: early))
      #expect(throws: ArchiveError.self) {
        try Sample.write(to: late.path, manifest: manifest) { writer in
          try writer.setSourceDigests(.pending(byteCount: 99_999))
        }
      }
      #expect(throws: ArchiveError.self) {
        try Sample.write(to: late.path, manifest: Manifest(producer: "p")) { writer in
          try writer.setSourceDigests(digests)
        }
      }
    }
  }

  @Test("Large tensors, digested on a thread of their own, give the digests small pieces give")
  func largeTensors() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "large").path
      let content = (0..<(3 << 20) + 12).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 9) }
      let storage = HeapStorage(copying: content)
      let view = try #require(
        TensorView(shape: [content.count], scalarType: .uint8, storage: storage, range: content.indices))
      try ArchiveWriter.write(to: path, manifest: Manifest(producer: "p"), tensors: ["a": view, "b": view])
      let archive = try Archive(contentsOf: path)
      #expect(try archive.verify().isIntact)
      #expect(try Sample.bytes(archive.tensor(named: "b")) == content)
    }
  }
}
