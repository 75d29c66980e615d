import Catalog
import Foundation
import TestSupport
import Testing

/// What Keras writes, damaged: an entry is drafted from it, or it is refused.
@Suite struct ArchitectureSweepTests {
  @Test(arguments: ["sequential_keras2", "sequential_keras3"])
  func architecturesAreDraftedOrRefused(name: String) throws {
    let path = Repository.fixture("architectures/\(name).json")
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    let facts = EntryFacts(preprocessing: .tf, identifier: "swept")
    let sweep = try Sweep(of: bytes, sample: 101, maySayOtherwise: true) { bytes in
      let text = try EntryDraft.entry(fromKeras: String(decoding: bytes, as: UTF8.self), facts)
      // Whatever it says, what comes of it is an entry.
      return try CatalogEntry(json: text).claims.parameters
    }
    #expect(sweep.errors > sweep.same)
  }
}
