import Foundation
import HDF5
import TestSupport
import Testing

/// A file cut short anywhere is refused before the library sees it.
@Suite struct DamageTests {
  @Test(arguments: ["attributes", "datasets", "superblock_latest"])
  func refusesEveryTruncation(name: String) throws {
    let whole = try Data(contentsOf: URL(fileURLWithPath: Repository.fixture("hdf5/\(name).h5")))
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "cut.h5")
      for length in stride(from: 0, to: whole.count, by: 61) {
        try whole.prefix(length).write(to: file)
        #expect(throws: HDF5Error.self, "cut at \(length)") { try HDF5File(path: file.path) }
      }
    }
  }

  /// Sizes of addresses that the format has, and others.
  @Test(arguments: [(0, true), (3, true), (255, true), (16, false), (32, false)])
  func refusesOtherAddresses(size: UInt8, isDamage: Bool) throws {
    var bytes = try Data(contentsOf: URL(fileURLWithPath: Repository.fixture("hdf5/superblock_earliest.h5")))
    bytes[13] = size
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "sizes.h5")
      try bytes.write(to: file)
      let error = #expect(throws: HDF5Error.self) { try HDF5File(path: file.path) }
      #expect(error?.family == (isDamage ? .malformed : .unsupported))
      #expect(error?.description.contains("addresses of \(size) bytes") == true)
    }
  }
}
