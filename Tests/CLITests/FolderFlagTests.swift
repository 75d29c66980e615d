import CLI
import Foundation
import TestSupport
import Testing

/// What folders of images are taken for, and what is said of it.
@Suite struct FolderFlagTests {
  private func withPlace(_ body: (TrainingPlace) throws -> Void) throws {
    try withTemporaryFolder { try body(TrainingPlace($0)) }
  }

  @Test func partsWithoutFoldersOfClassesAreRefused() throws {
    try withPlace { place in
      try FileManager.default.createDirectory(
        atPath: place.path("set/notes"), withIntermediateDirectories: true)
      for (name, images) in [("train", "circles"), ("val", "stripes")] {
        try FileManager.default.copyItem(
          atPath: place.path("images/\(images)"), toPath: place.path("set/\(name)"))
      }
      let refused = place.train("set", head: "linear")
      #expect(refused.code == .data && refused.output.isEmpty)
      #expect(
        refused.errors.contains("found folders named as the parts of a data set (train, val)")
          && refused.errors.contains("if they are the classes, name them (--classes)"), "\(refused.errors)")
      #expect(place.train("set", "--classes", "train,val", head: "linear").code == .success)
    }
  }

  /// One folder around the classes, or around the parts, is entered; two folders of one part are no guess.
  @Test func saysWhichFolderIsMeant() throws {
    try withPlace { place in
      let manager = FileManager.default
      try manager.createDirectory(atPath: place.path("outer"), withIntermediateDirectories: true)
      try manager.moveItem(atPath: place.path("images"), toPath: place.path("outer/images"))
      let wrapped = place.train("outer")
      #expect(wrapped.code == .success, "\(wrapped.errors)")
      #expect(
        wrapped.errors.contains(
          "one folder is around all others; the images are those of \(place.path("outer/images"))"),
        "\(wrapped.errors)")
      for part in ["train", "valid", "validation", "notes"] {
        try manager.createDirectory(atPath: place.path("set"), withIntermediateDirectories: true)
        try manager.copyItem(atPath: place.path("outer/images"), toPath: place.path("set/\(part)"))
      }
      let several = place.train("set")
      #expect(several.code == .data)
      #expect(
        several.errors.contains("expected one folder of validation images, found valid, validation;")
          && several.errors.contains("(--data, --validation-data, --test-data)"), "\(several.errors)")
      try manager.removeItem(atPath: place.path("set/valid"))
      let outcome = place.train("set")
      #expect(outcome.code == .success && outcome.output.contains("belonging to 3 classes"))
      #expect(
        outcome.errors.contains(
          "warning: \(place.path("set")): left aside, beside the parts of the data set: notes"),
        "\(outcome.errors)")
    }
  }

  @Test(arguments: ["--x-col", "--y-col", "--directory"])
  func whatIsSaidOfAManifestNeedsOne(option: String) throws {
    try withPlace { place in
      for outcome in [
        place.train("images", option, "x"),
        Outcome([
          "features", place.path("backbone.safetensors"), place.path("images"), option, "x", "-o", "f.npy",
        ]),
      ] {
        #expect(outcome.code == .usage)
        #expect(
          outcome.errors.contains(
            "\(option): needs a manifest (.csv, .tsv, .jsonl); found \(place.path("images"))"),
          "\(outcome.errors)")
      }
    }
  }

  /// A folder's name may hold a line end, and what follows it may look like another line.
  @Test func namesOfClassesBeginNoLines() throws {
    try withPlace { place in
      let manager = FileManager.default
      try manager.moveItem(
        atPath: place.path("images/noise"), toPath: place.path("images/c\nwarning: forged"))
      let trained = place.train("images")
      #expect(trained.code == .success, "\(trained.errors)")
      let model = place.path("model.safetensors")
      let outcomes = [
        trained, place.train("images", "--classes", "zz,circles"),
        Outcome(["evaluate", model, place.path("images")]),
        Outcome(["predict", model, place.path("images")]),
        Outcome(["explain", model, place.path("images/circles/0000.png"), "--class", "zz", "-o", "e.png"]),
      ]
      for outcome in outcomes {
        let lines = (outcome.output + outcome.errors).split(separator: "\n")
        #expect(!lines.contains { $0.hasPrefix("warning: forged") || $0.hasPrefix("forged") }, "\(lines)")
      }
      for outcome in outcomes[1...3] {
        #expect((outcome.output + outcome.errors).contains("c\\u{A}warning: forged"))
      }
      #expect(outcomes[2].output.contains("as c\\u{A}warning: forged"))
    }
  }

  @Test func saysWhatLayInAFolderOfGeneratedImages() throws {
    try withPlace { place in
      let again = Outcome(["synthesize", "images", "--count", "4", "-o", place.path("images")])
      #expect(again.code == .success)
      #expect(
        again.errors.contains(
          "warning: \(place.path("images")): 3 images that lay there before are still there")
          && again.errors.contains(": 12 images replaced"), "\(again.errors)")
      let new = Outcome(["synthesize", "images", "--count", "1", "-o", place.path("new")])
      #expect(new.code == .success && !new.errors.contains("lay there"))
    }
  }
}
