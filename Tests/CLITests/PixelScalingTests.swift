import CLI
import Foundation
import TestSupport
import Testing

/// How images are resized for a model that somebody saved as a whole, which its file hardly ever says.
@Suite struct PixelScalingTests {
  private static let fixture = Repository.fixture("whole-models/caffe.h5")
  private static let unsaid =
    "by the nearest pixel, as in flow_from_directory, since the model does not say how its own images were"

  private func convert(_ folder: URL, _ name: String, _ more: [String]) throws -> String {
    let path = folder.appending(path: name).path
    let outcome = Outcome(["convert", Self.fixture, "-o", path] + more)
    try #require(outcome.code == .success, "\(outcome.errors)")
    return path
  }

  private func said(_ words: [String]) throws -> String {
    let outcome = Outcome(words)
    try #require(outcome.code == .success, "\(words): \(outcome.errors)")
    return outcome.errors + outcome.output
  }

  @Test func whoeverUsesAModelIsToldHowImagesAreResized() throws {
    try withTemporaryFolder { folder in
      let place = try TrainingPlace(folder)
      let image = place.path("images/noise/0000.png")
      let cases: [(String, [String], String, Bool)] = [
        ("unsaid.zoo", [], Self.unsaid, true),
        (
          "lanczos.zoo", ["--interpolation", "lanczos"], "by lanczos interpolation, as its archive says", true
        ),
        (
          "bilinear.zoo", ["--interpolation", "bilinear"], "by bilinear interpolation, as its archive says",
          false
        ),
      ]
      for (name, options, words, isSaid) in cases {
        let model = try convert(folder, name, options)
        // What describes it says it in any case, what computes where it is not what most are trained with.
        #expect(try said(["inspect", model]).contains("  images: resized to "), "\(name)")
        #expect(try said(["inspect", model]).contains(words), "\(name)")
        #expect(try said(["summary", model]).contains("images are resized to "), "\(name)")
        #expect(!Outcome(["summary", model]).output.contains("resized"), "\(name)")
        for verb in [["predict", model, image], ["features", model, image, "-o", place.path("f.npy")]] {
          let text = try said(verb + ["--no-cache"])
          #expect(
            text.contains("Images are resized to ") == isSaid && text.contains(words) == isSaid,
            "\(verb): \(text)")
          let chosen = try said(verb + ["--no-cache", "--interpolation", "bilinear"])
          #expect(!chosen.contains("Images are resized"), "\(verb): \(chosen)")
        }
        let quiet = try said(["predict", model, image, "--no-cache", "-q"])
        #expect(!quiet.contains("resized"))
      }
    }
  }

  @Test func aTrainedModelSaysItWhereItIsDescribed() throws {
    try withTemporaryFolder { folder in
      let place = try TrainingPlace(folder)
      let model = place.path("m.zoo")
      _ = try said([
        "train", "--backbone", place.path("backbone.safetensors"), "--data", place.path("images"), "--size",
        "64",
        "--head", "linear", "--epochs", "1", "--no-cache", "--no-report", "-o", model,
      ])
      #expect(
        try said(["inspect", model]).contains(
          "  images: resized to 64 x 64 by the nearest pixel, as in its training\n"))
      let predicted = try said(["predict", model, place.path("images/noise/0000.png"), "--no-cache"])
      let summary = try said(["summary", model])
      #expect(!predicted.contains("resized") && !summary.contains("resized"))
    }
  }
}
