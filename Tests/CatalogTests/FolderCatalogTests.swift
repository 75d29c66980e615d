import Catalog
import Foundation
import TestSupport
import Testing

/// Entries in folders, given at run time.
@Suite struct FolderCatalogTests {
  @Test func addsAnEntry() throws {
    try withTemporaryFolder { folder in
      try write(try smallEntry("tiny"), to: folder, "tiny/model.json")
      try write("{}", to: folder, "tiny/weights/a.json")
      try write("", to: folder, "tiny/weights/readme.txt")
      let catalog = EntryCatalog.embedded.merging(try EntryCatalog(folder: folder.path))
      #expect(catalog.identifiers == (EntryCatalog.embedded.identifiers + ["tiny"]).sorted())
      #expect(try catalog.entry("tiny").graph().layers.count == 19)
      #expect(catalog.weightFiles(of: "tiny") == [EntryCatalog.File(path: "tiny/weights/a.json", text: "{}")])
      #expect(try catalog.entry("resnet50").identifier == "resnet50")
    }
  }

  @Test func replacesAnEntryAsAWhole() throws {
    try withTemporaryFolder { folder in
      let json = try smallEntry("vgg16").replacing("\"title\": \"VGG16\"", with: "\"title\": \"mine\"")
      try write(json, to: folder, "vgg16/model.json")
      let catalog = EntryCatalog.embedded.merging(try EntryCatalog(folder: folder.path))
      #expect(catalog.identifiers == EntryCatalog.embedded.identifiers)
      #expect(try catalog.entry("vgg16").title == "mine")
      #expect(catalog.weightFiles(of: "vgg16").isEmpty)
    }
  }

  @Test func refusesAnEntryInAnotherNamesFolder() throws {
    try withTemporaryFolder { folder in
      try write(try smallEntry("tiny"), to: folder, "other/model.json")
      let catalog = try EntryCatalog(folder: folder.path)
      let error = #expect(throws: CatalogError.self) { try catalog.entry("other") }
      #expect(
        error?.description
          == "other/model.json:3: identifier is tiny; expected other, the name of the folder")
    }
  }

  @Test func refusesFoldersWithoutEntries() throws {
    try withTemporaryFolder { folder in
      #expect(throws: CatalogError.self) { try EntryCatalog(folder: folder.path) }
      #expect(throws: CatalogError.self) { try EntryCatalog(folder: folder.path + "/nowhere") }
    }
  }

  @Test func refusesWhatIsNoText() throws {
    try withTemporaryFolder { folder in
      try write("", to: folder, "tiny/model.json")
      try Data([0xFF, 0xFE, 0x00]).write(to: folder.appending(path: "tiny/model.json"))
      let error = #expect(throws: CatalogError.self) { try EntryCatalog(folder: folder.path) }
      let path = folder.path + "/tiny/model.json"
      #expect(
        error
          == .anotherFile(path: path, expected: "the JSON of a catalog entry", found: "unknown bytes"))
    }
  }

  @Test func namesWhatThereIs() {
    let error = #expect(throws: CatalogError.self) { try EntryCatalog.embedded.entry("resnet") }
    #expect(error?.family == .missing)
    #expect(error?.description.contains("did you mean resnet101?") == true)
    let variant = #expect(throws: CatalogError.self) {
      try EntryCatalog.embedded.entry("resnet50").graph(variant: "G")
    }
    #expect(variant?.description == "resnet50: no graph variant G; known are F, E, D, C, B, A, torchvision")
    let single = #expect(throws: CatalogError.self) {
      try EntryCatalog.embedded.entry("mobilenet_0.25").graph(variant: "G")
    }
    #expect(single?.description == "mobilenet_0.25: no graph variant G; this entry has one graph only")
  }

  private func smallEntry(_ identifier: String) throws -> String {
    try EntryCatalog.embedded.entry("vgg16").json
      .replacing("\"identifier\": \"vgg16\"", with: "\"identifier\": \"\(identifier)\"")
  }

  private func write(_ text: String, to folder: URL, _ path: String) throws {
    let file = folder.appending(path: path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try text.write(to: file, atomically: true, encoding: .utf8)
  }
}
