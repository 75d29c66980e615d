import Foundation
import TensorArchive
import Tensors
import TestSupport
import Testing

@Suite("Damage")
struct DamageTests {
  let golden: [UInt8]

  init() throws {
    golden = [UInt8](try Data(contentsOf: URL(fileURLWithPath: GoldenArchiveTests.path)))
  }

  @Test("A file cut anywhere is refused when it is opened")
  func truncation() throws {
    try withTemporaryFolder { folder in
      for count in golden.indices {
        let refusal = RawFile.refusal(Array(golden.prefix(count)), in: folder)
        #expect(refusal?.family == .malformed, "cut to \(count) bytes: \(String(describing: refusal))")
      }
    }
  }

  @Test("A bit flipped anywhere is found when the file is opened or verified")
  func flips() throws {
    try withTemporaryFolder { folder in
      for offset in golden.indices {
        for mask in [0x01, 0x08, 0x20, 0x80, 0xFF] as [UInt8] {
          var bytes = golden
          bytes[offset] ^= mask
          #expect(isRefused(bytes, in: folder), "byte \(offset) xor \(mask)")
        }
      }
    }
  }

  @Test("Bytes after the end are refused, with both sizes")
  func extraBytes() throws {
    try withTemporaryFolder { folder in
      guard case .wrongSize(_, 1_385, 1_388) = RawFile.refusal(golden + [0, 0, 0], in: folder) else {
        Issue.record("three bytes more than 1,385 were not refused as such")
        return
      }
    }
  }

  @Test("A damaged tensor is refused by name, the others stay readable, verification lists every one")
  func damagedTensors() throws {
    try withTemporaryFolder { folder in
      let archive = try RawFile.open(flipped(in: ["conv/kernel", "mask"]), in: folder)
      for name in archive.names {
        if ["conv/kernel", "mask"].contains(name) {
          let error = #expect(throws: ArchiveError.self) { try archive.tensor(named: name) }
          guard case .damagedTensor(_, name, _, _) = error else {
            Issue.record("\(name): \(String(describing: error))")
            continue
          }
        } else {
          #expect(
            try Sample.bytes(archive.tensor(named: name)) == Sample.bytes(#require(Sample.tensors[name])))
        }
      }
      #expect(try archive.check().damagedTensors.map(\.name) == ["conv/kernel", "mask"])
      let error = #expect(throws: ArchiveError.self) { try archive.verify() }
      guard case .damagedPayload(_, ["conv/kernel", "mask"], _, _) = error else {
        Issue.record("\(String(describing: error))")
        return
      }
    }
  }

  @Test("A damaged tensor is named, and refused as often as it is asked for")
  func damagedTensor() throws {
    try withTemporaryFolder { folder in
      let archive = try RawFile.open(flipped(in: ["mask"]), in: folder)
      #expect(archive.declaration(of: "mask")?.byteCount == 5)
      #expect(throws: ArchiveError.self) { try archive.tensor(named: "mask") }
      #expect(throws: ArchiveError.self) { try archive.tensor(named: "mask") }
    }
  }

  /// The golden archive with the last byte of some tensors changed.
  private func flipped(in names: [String]) throws -> [UInt8] {
    let archive = try Archive(contentsOf: GoldenArchiveTests.path)
    var bytes = golden
    var end = archive.byteCount - archive.payloadByteCount
    for tensor in archive.tensors {
      end += try #require(tensor.byteCount)
      if names.contains(tensor.name) { bytes[end - 1] ^= 0x10 }
    }
    return bytes
  }

  private func isRefused(_ bytes: [UInt8], in folder: URL) -> Bool {
    do {
      try RawFile.open(bytes, in: folder).verify()
      return false
    } catch {
      return error is ArchiveError
    }
  }
}
