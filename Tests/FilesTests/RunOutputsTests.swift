import Files
import Foundation
import TestSupport
import Testing

/// Whatever it is called, a result does not take the place of its source.
@Suite struct RunOutputsTests {
  private func withFiles(_ body: (_ path: (String) -> String) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let path = { (name: String) in folder.appending(path: name).path }
      let manager = FileManager.default
      try manager.createDirectory(atPath: path("in"), withIntermediateDirectories: true)
      try Data("cat".utf8).write(to: URL(fileURLWithPath: path("in/cat.png")))
      try Data("dog".utf8).write(to: URL(fileURLWithPath: path("in/dog.png")))
      try manager.createSymbolicLink(atPath: path("soft"), withDestinationPath: "in/cat.png")
      try manager.linkItem(atPath: path("in/cat.png"), toPath: path("hard"))
      try manager.createSymbolicLink(atPath: path("elsewhere"), withDestinationPath: "in")
      try body(path)
    }
  }

  @Test(arguments: [
    "in/cat.png", "in/../in//cat.png", "soft", "hard", "elsewhere/cat.png", "in/c{epoch:02d}t.png",
    "elsewhere/{epoch}",
  ])
  func isTheInputByAnyName(output: String) throws {
    try withFiles { path in
      let inputs = [path("absent"), path("in/dog.png"), path("in/cat.png")]
      let clash = try #require(RunOutputs(files: [path("new"), path(output)]).clash(with: inputs))
      #expect(clash.output == path(output))
      #expect(clash.other.hasPrefix(path("in/")))
    }
  }

  @Test(arguments: ["new", "in/new.png", "in/cat{epoch:02d}.png", "cat.png", "in/cat.png.csv"])
  func isNoInput(output: String) throws {
    try withFiles { path in
      #expect(RunOutputs(files: [path(output)]).clash(with: [path("in/cat.png"), path("in/dog.png")]) == nil)
    }
  }

  @Test func aFolderForOutputsHoldsNoInput() throws {
    try withFiles { path in
      let outputs = RunOutputs(files: [], folders: [path("elsewhere")])
      #expect(outputs.clash(with: [path("in/cat.png")])?.output == path("elsewhere"))
      #expect(outputs.clash(with: [path("soft")]) == nil)
    }
  }

  /// What a folder among images is given, the next run takes for images.
  @Test(arguments: ["in/new", "in/new/deeper/", "elsewhere/new", "in/cats/new", "in/../in/new"])
  func aFolderForOutputsLiesInNoInput(output: String) throws {
    try withFiles { path in
      try FileManager.default.createDirectory(
        atPath: path("in/cats"), withIntermediateDirectories: true)
      let outputs = RunOutputs(files: [], folders: [path("fine"), path(output)])
      let clash = try #require(outputs.clash(with: [path("in/cat.png"), path("in")]))
      #expect(clash.output == path(output) && clash.other == path("in") && clash.relation == .liesIn)
      #expect(outputs.clash(with: [path("in/cat.png"), path("in/dog.png"), path("absent")]) == nil)
      #expect(RunOutputs(files: [path(output)]).clash(with: [path("in")]) == nil)
      // What the input lies in does not lie in it.
      #expect(RunOutputs(files: [], folders: [path("in/..")]).clash(with: [path("in/cats")]) == nil)
    }
  }

  @Test func outputsAreTwoFiles() throws {
    try withFiles { path in
      #expect(RunOutputs(files: [path("a"), path("b"), path("./a")]).clash()?.output == path("./a"))
      #expect(RunOutputs(files: [path("soft"), path("hard")]).clash()?.other == path("soft"))
      #expect(RunOutputs(files: [path("in/new"), path("elsewhere/new")]).clash() != nil)
      #expect(RunOutputs(files: [path("a"), path("in/a"), path("b")]).clash() == nil)
    }
  }
}
