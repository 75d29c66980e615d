import CLI
import Foundation
import TestSupport
import Testing

/// The report that `zoo train` ends with, on small images.
@Suite struct ReportTests {
  /// Trains in `folder` on images whose classes are called `names`.
  private func train(
    in folder: URL, names: [String] = ["circles", "noise", "stripes"], _ more: String...
  ) throws -> Outcome {
    let path = { (name: String) in folder.appending(path: name).path }
    for words in [
      ["synthesize", "squeezenet", "-o", path("weights.h5")],
      ["convert", path("weights.h5"), "-o", path("backbone.safetensors")],
      ["synthesize", "images", "--count", "6", "-o", path("images")],
    ] {
      let outcome = Outcome(words)
      try #require(outcome.code == .success, "\(outcome.errors)")
    }
    for (former, name) in zip(["circles", "noise", "stripes"], names) where former != name {
      try FileManager.default.moveItem(
        atPath: path("images/\(former)"), toPath: path("images") + "/" + name)
    }
    let words = [
      "train", "--backbone", path("backbone.safetensors"), "--data", path("images"), "--size", "64",
      "--validation-split", "0.5", "--head", "dense(3, softmax)", "--seed", "3", "-o",
      path("model.zoo.safetensors"),
    ]
    return Outcome(words + (more.contains("lbfgs") ? [] : ["--epochs", "1"]) + more)
  }

  private func text(_ folder: URL, _ name: String) throws -> String {
    try String(contentsOf: folder.appending(path: name), encoding: .utf8)
  }

  @Test func isWrittenBesideTheModel() throws {
    try withTemporaryFolder { folder in
      let outcome = try train(in: folder)
      #expect(outcome.code == .success, "\(outcome.errors)")
      #expect(outcome.output.contains("\(folder.appending(path: "model.html").path): report\n"))
      let page = try text(folder, "model.html")
      for words in [
        "<h2>Data</h2>", "<h2>Model</h2>", "<h2>Training</h2>", "<h2>Evaluation</h2>",
        "<h2>How to reproduce it</h2>", "Confusion matrix", "The learning rate was 0.001 in every epoch.",
        "zoo train <span>--backbone</span>",
        "&#39;dense(3, softmax)&#39;", "<dt>seed</dt><dd>3</dd>", "model, SHA-256",
        "of 9 were classified correctly",
      ] {
        #expect(page.contains(words), "\(words)")
      }
      // Nine training images, and two images for each mistake.
      let mistakes = page.components(separatedBy: "alt=\"the evidence for ").count - 1
      #expect(page.components(separatedBy: "data:image/png;base64,").count - 1 == 9 + 2 * mistakes)
    }
  }

  @Test func hostileNamesStayNames() throws {
    try withTemporaryFolder { folder in
      let names = ["<script>alert(1)<", "a&b \"c\" 'd'", "x\u{202E}gpj.\u{1}"]
      let outcome = try train(in: folder, names: names)
      #expect(outcome.code == .success, "\(outcome.errors)")
      let page = try text(folder, "model.html")
      #expect(!page.contains("<script") && !page.contains("\u{202E}") && !page.contains("\u{1}"))
      #expect(page.contains("&lt;script&gt;alert(1)&lt;"))
      #expect(page.contains("a&amp;b &quot;c&quot; &#39;d&#39;"))
    }
  }

  @Test func goesWhereItIsAskedTo() throws {
    try withTemporaryFolder { folder in
      let (report, plots) = (folder.appending(path: "r.html").path, folder.appending(path: "plots").path)
      let outcome = try train(in: folder, "--report", report, "--plots", plots, "--json")
      #expect(outcome.code == .success, "\(outcome.errors)")
      #expect(outcome.output.contains("\"report\": \"\(report)\""))
      #expect(FileManager.default.fileExists(atPath: report))
      #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "model.html").path))
      let names = try FileManager.default.contentsOfDirectory(atPath: plots).sorted()
      #expect(names == ["accuracy", "classes", "confusion", "loss"].map { "\($0).svg" })
    }
  }

  @Test func isLeftOutOnRequest() throws {
    try withTemporaryFolder { folder in
      #expect(try train(in: folder, "--no-report").code == .success)
      #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "model.html").path))
      let both = try Outcome(["train", "--report", "a", "--no-report"] + required(folder))
      #expect(both.code == .usage && both.errors.contains("--report and --no-report"))
      let archive = folder.appending(path: "backbone.safetensors").path
      let over = try Outcome(["train", "--report", archive] + required(folder))
      #expect(
        over.code == .usage && over.errors.contains("--report: \(archive) is the input \(archive)"))
    }
  }

  private func required(_ folder: URL) throws -> [String] {
    [
      "--backbone", folder.appending(path: "backbone.safetensors").path, "--data",
      folder.appending(path: "images").path, "--head", "linear", "-o", folder.appending(path: "m").path,
    ]
  }

  /// 41 classes: a table of confusions takes the place of the matrix, and bars are chosen.
  @Test func manyClassesFindRoom() throws {
    try withTemporaryFolder { folder in
      #expect(try train(in: folder).code == .success)
      let crowd = folder.appending(path: "crowd")
      for number in 0..<41 {
        let place = crowd.appending(path: "class \(number)")
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        for image in ["0000.png", "0001.png"] {
          let pattern = ["circles", "noise", "stripes"][number % 3]
          try FileManager.default.copyItem(
            at: folder.appending(path: "images/\(pattern)/\(image)"), to: place.appending(path: image))
        }
      }
      let outcome = Outcome([
        "train", "--backbone", folder.appending(path: "backbone.safetensors").path, "--data", crowd.path,
        "--size", "64", "--epochs", "1", "--head", "linear", "-o", folder.appending(path: "crowd.zoo").path,
      ])
      #expect(outcome.code == .success, "\(outcome.errors)")
      let page = try text(folder, "crowd.html")
      for words in [
        "The 10 largest of 41 classes", "The 10 smallest of 41 classes", "the other 21", "predicted as",
        "<summary>All 41 classes</summary>", "Confusion matrix of the worst and the largest classes",
      ] {
        #expect(page.contains(words), "\(words)")
      }
      #expect(page.contains("Of the training images, because there are no validation images,"))
    }
  }

  @Test func showsWhatAugmentationDoes() throws {
    try withTemporaryFolder { folder in
      let outcome = try train(in: folder, "--horizontal-flip", "--rotation-range", "20", "--variants", "2")
      #expect(outcome.code == .success, "\(outcome.errors)")
      let page = try text(folder, "model.html")
      #expect(page.contains("then with the augmentation of the training"))
      #expect(page.components(separatedBy: "alt=\"the same, augmented\"").count - 1 == 2 * 9)
    }
  }

  @Test func aLinearFitHasCandidatesInPlaceOfCurves() throws {
    try withTemporaryFolder { folder in
      #expect(try train(in: folder, "--fit", "lbfgs").code == .success)
      let page = try text(folder, "model.html")
      #expect(page.contains("cross-validation loss") && !page.contains("Learning rate"))
    }
  }
}
