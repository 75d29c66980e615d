import Files
import TestSupport
import Testing

/// Zip and tar archives cut short and changed, read as a data set reads them.
@Suite struct PackedFilesSweepTests {
  /// Cut short anywhere, changed anywhere: a result, or an error that says what is wrong. What a tar archive holds has no checksum.
  @Test(arguments: ["parts.zip", "deflated.zip", "special.tar", "twice.tar", "base256.tar"])
  func everyDamageIsAResultOrAnError(name: String) throws {
    let sweep = try Sweep(of: PackedFilesTests.bytes(name), sample: 61, maySayOtherwise: true) { bytes in
      try PackedFilesTests.digests(PackedFiles(FileBytes(bytes, name: "swept")))
    }
    #expect(sweep.errors > 0)
  }

  @Test(arguments: ["gnu.tar", "pax.tar"]) func aCutAnywhereIsAnError(name: String) throws {
    let bytes = try PackedFilesTests.bytes(name)
    // Without the second block of zeros the archive is whole.
    for length in stride(from: 0, to: bytes.count - 512, by: Sweep.isLong ? 1 : 97) {
      #expect(throws: FileError.self, "\(length)") {
        try PackedFiles(FileBytes(Array(bytes.prefix(length)), name: "cut"))
      }
    }
    #expect(throws: Never.self) { try PackedFiles(FileBytes(bytes.dropLast(512), name: "cut")) }
  }
}

extension FileBytes {
  fileprivate init(_ bytes: ArraySlice<UInt8>, name: String) { self.init(Array(bytes), name: name) }
}
