import CLI
import Foundation
import TestSupport
import Testing

/// A folder with a backbone, `backbone.safetensors`, and three classes of five drawn images each, `images`.
struct TrainingPlace {
  let folder: URL

  init(_ folder: URL) throws {
    self.folder = folder
    for words in [
      ["synthesize", "squeezenet", "-o", path("weights.h5")],
      ["convert", path("weights.h5"), "-o", path("backbone.safetensors")],
      ["synthesize", "images", "--count", "5", "-o", path("images")],
    ] {
      try #require(Outcome(words).code == .success)
    }
  }

  func path(_ name: String) -> String { folder.appending(path: name).path }
}
