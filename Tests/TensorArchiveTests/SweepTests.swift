import Foundation
import TensorArchive
import TestSupport
import Testing

/// Every byte of an archive counts: a damaged one is an error, or the very same tensors.
@Suite struct ArchiveSweepTests {
  @Test func noChangeGoesUnnoticed() throws {
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: GoldenArchiveTests.path)))
    try withTemporaryFolder { folder in
      let sweep = try Sweep(of: bytes, sample: 5, maySayOtherwise: false) { bytes in
        let archive = try RawFile.open(bytes, in: folder)
        try archive.verify()
        return archive.tensors
      }
      #expect(sweep.different == 0 && sweep.errors > sweep.same)
    }
  }

  /// Nothing but its structure protects a file of another program.
  @Test func plainFilesKeepTheirStructure() throws {
    let path = Repository.fixture("archive-v1/plain.safetensors")
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    try withTemporaryFolder { folder in
      let sweep = try Sweep(of: bytes, sample: 5, maySayOtherwise: true) { bytes in
        let archive = try RawFile.open(bytes, in: folder)
        _ = try archive.check()
        return archive.tensors
      }
      #expect(sweep.errors > 0 && sweep.same > 0)
    }
  }
}
