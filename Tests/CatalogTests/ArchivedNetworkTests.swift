import Catalog
import Testing

struct ArchivedNetworkTests {
  @Test func comesBackFromItsSections() throws {
    let entry = try EntryCatalog.embedded.entry("resnet50")
    for variant in [nil] + entry.variants.map(\.name) {
      let network = try ArchivedNetwork(entry: entry, variant: variant)
      let again = try #require(try ArchivedNetwork(sections: network.sections, place: "a"))
      #expect(again.variant == variant)
      #expect(again.entry.json == entry.json)
      #expect(try again.graph() == network.graph())
    }
  }

  @Test func isNotThereWithoutAnEntry() throws {
    #expect(try ArchivedNetwork(sections: ["labels": "[]"], place: "a") == nil)
  }

  @Test func refusesAVariantTheEntryDoesNotHave() throws {
    let entry = try EntryCatalog.embedded.entry("resnet50")
    #expect(throws: CatalogError.self) { try ArchivedNetwork(entry: entry, variant: "nowhere") }
    let sections = ["entry": entry.json, "graph": "\"nowhere\""]
    #expect(throws: CatalogError.self) { try ArchivedNetwork(sections: sections, place: "a") }
  }
}
