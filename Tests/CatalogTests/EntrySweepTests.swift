import Catalog
import Foundation
import TestSupport
import Testing

/// Catalogue files come from strangers, too.
@Suite struct EntrySweepTests {
  private static let zoo = Repository.root.appending(path: "zoo/squeezenet")

  @Test func entriesAreReadOrRefused() throws {
    let bytes = [UInt8](try Data(contentsOf: Self.zoo.appending(path: "model.json")))
    let sweep = try Sweep(of: bytes, sample: 997, maySayOtherwise: true) { bytes in
      let entry = try CatalogEntry(json: String(decoding: bytes, as: UTF8.self), file: "swept.json")
      return try ArchivedNetwork(entry: entry, variant: nil).parameters()
    }
    #expect(sweep.errors > sweep.same)
  }

  @Test func weightSetsAreReadOrRefused() throws {
    let bytes = [UInt8](try Data(contentsOf: Self.zoo.appending(path: "weights/rcmalli-tf.json")))
    let sweep = try Sweep(of: bytes, sample: 37, maySayOtherwise: true) { bytes in
      try WeightSet(json: String(decoding: bytes, as: UTF8.self), file: "swept.json").tag
    }
    #expect(sweep.errors > 0)
  }
}
