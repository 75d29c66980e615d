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
}
