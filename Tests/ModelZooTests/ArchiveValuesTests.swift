import ModelZoo
import TestSupport
import Testing

/// Reading tensors in one's own code, with nothing but the library's one import.
struct ArchiveValuesTests {
  @Test func lendsValuesOfAConvertedNetwork() throws {
    try withTemporaryFolder { folder in
      let archive = try Archive(contentsOf: SyntheticArchive.write("squeezenet", to: folder))
      #expect(archive.manifest?.producer == Release.producer)
      #expect(archive.names.count == 50)
      #expect(archive.shape(of: "conv1/kernel") == [3, 3, 3, 64])
      #expect(archive.shape(of: "conv2/kernel") == nil)
      #expect(try archive.values(of: "conv1/kernel").shape == [3, 3, 3, 64])
      #expect(try archive.verify().isIntact)
      #expect(throws: ArchiveError.missingTensor(path: archive.path, name: "conv2/kernel", count: 50)) {
        try archive.values(of: "conv2/kernel")
      }
    }
  }

  @Test func widensWhatIsAFloatAndRefusesTheRest() throws {
    let archive = try Archive(contentsOf: Repository.fixture("archive-v1/plain.safetensors"))
    #expect(archive.manifest == nil)
    #expect(try archive.values(of: "a.half").scalars.count == 4)
    #expect(throws: ArchiveError.unsupportedType(path: archive.path, tensor: "flags", type: "BOOL")) {
      try archive.values(of: "flags")
    }
  }
}
