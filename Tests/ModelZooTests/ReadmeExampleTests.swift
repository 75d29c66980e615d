import Foundation
import ModelZoo
import TestSupport
import Testing

/// README's example is a file of this test: it compiles, it runs, and README shows it to the letter.
struct ReadmeExampleTests {
  @Test func readmeShowsWhatIsCompiledHere() throws {
    let readme = try String(contentsOf: Repository.root.appending(path: "README.md"), encoding: .utf8)
    let example = try String(
      contentsOf: Repository.root.appending(path: "Tests/ModelZooTests/ReadmeExample.swift"), encoding: .utf8)
    #expect(readme.contains("```swift\n" + example + "```"))
  }

  @Test func theExampleDoesWhatItSays() throws {
    try withTemporaryFolder { folder in
      let photographs = folder.appending(path: "photographs")
      try DrawnPictures.write(to: photographs, perClass: 5)
      let path = folder.appending(path: "drawings.zoo.safetensors").path
      let model = try teach(
        archive: SyntheticArchive.write("squeezenet", to: folder), photographs: photographs.path, model: path)
      #expect(model.history["val_accuracy"].count == 12)
      #expect(try TrainedModel(contentsOf: path).labels == DrawnPictures.classes)
    }
  }
}
