import Foundation
import ModelZoo
import TestSupport
import Testing

/// Feature files and checkpoints, damaged.
@Suite struct SmallFileSweepTests {
  private func bytes(_ fixture: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: Repository.fixture(fixture))))
  }

  /// The elements of an array have no checksum; its shape and names must fit what is there.
  @Test(arguments: ["features.npy", "features.safetensors"])
  func featuresAreReadOrRefused(name: String) throws {
    let whole = try bytes("feature-files/\(name)")
    try withTemporaryFolder { folder in
      let file = folder.appending(path: name)
      if name.hasSuffix("npy") {
        try Data(bytes("feature-files/\(name).csv")).write(to: file.appendingPathExtension("csv"))
      }
      let sweep = try Sweep(of: whole, sample: 3, maySayOtherwise: true) { bytes in
        try Data(bytes).write(to: file)
        let table = try FeatureTable(contentsOf: file.path)
        #expect(table.features.scalars.count == table.features.shape.elementCount)
        #expect(table.rows.files.count == table.features.shape[0])
        return table.features.shape
      }
      #expect(sweep.errors > 0)
    }
  }

  @Test func theTableBesideIsReadOrRefused() throws {
    let whole = try bytes("feature-files/features.npy.csv")
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "features.npy")
      try Data(bytes("feature-files/features.npy")).write(to: file)
      let sweep = try Sweep(of: whole, sample: 1, maySayOtherwise: true) { bytes in
        try Data(bytes).write(to: file.appendingPathExtension("csv"))
        return try FeatureTable(contentsOf: file.path).rows
      }
      #expect(sweep.errors > 0)
    }
  }
}
