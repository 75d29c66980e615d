import CLI
import Foundation
import TestSupport
import Testing

/// `zoo choose` and `zoo audit` on small images.
@Suite struct ChooseAndAuditTests {
  private func choose(_ place: TrainingPlace, _ more: String...) -> Outcome {
    Outcome(
      [
        "choose", "--data", place.path("images"), place.path("backbone.safetensors"), "--size", "64",
        "--folds", "3",
        "--strength", "1", "--no-cache",
      ] + more)
  }

  private func audit(_ place: TrainingPlace, _ more: String...) -> Outcome {
    Outcome(
      [
        "audit", place.path("images"), "--backbone", place.path("backbone.safetensors"), "--size", "64",
        "--no-cache",
      ] + more)
  }

  @Test func theCommandThatIsNamedTrains() throws {
    try withTemporaryFolder { folder in
      let place = try TrainingPlace(folder)
      let outcome = choose(place, "--report", place.path("choice.html"), "--seed", "4")
      #expect(outcome.code == .success, "\(outcome.errors)")
      let lines = outcome.output.split(separator: "\n").map(String.init)
      #expect(lines[0].contains(#/archive +accuracy +± +macro F1 +ms/image +MB +features +C/#), "\(lines)")
      #expect(lines.last == "\(place.path("choice.html")): report")
      let said =
        "cross-validated in 3 folds of 15 images, ± its standard error over the folds; no head was kept."
      #expect(outcome.output.contains(said), "\(lines)")
      #expect(lines.contains { $0.hasSuffix("measure it on others, by zoo evaluate:") })
      let command = try #require(lines.first { $0.hasPrefix("zoo train ") })
      for words in [
        "--backbone \(place.path("backbone.safetensors"))", "--data \(place.path("images"))", "--size 64",
        "--seed 4", "--head linear --fit lbfgs --strength 1.0", "--no-cache",
      ] {
        #expect(command.contains(words), "\(command)")
      }
      #expect(!command.contains("--folds") && !command.contains("--report"))
      let model = place.path("model.zoo.safetensors")
      let words = command.replacing("MODEL.zoo.safetensors", with: model).split(separator: " ").dropFirst()
      let training = Outcome(words.map(String.init))
      #expect(training.code == .success, "\(training.errors)")
      #expect(try String(contentsOfFile: place.path("choice.html"), encoding: .utf8).contains("zoo train"))
    }
  }

  @Test func machinesGetJSON() throws {
    try withTemporaryFolder { folder in
      let place = try TrainingPlace(folder)
      struct Facts: Decodable { var images, folds: Int; var command: String }
      let outcome = choose(place, "--json")
      let facts = try JSONDecoder().decode(Facts.self, from: Data(outcome.output.utf8))
      #expect(facts.images == 15 && facts.folds == 3 && !facts.command.contains("--json"))
      struct Findings: Decodable { var images: Int; var backbone: String }
      let findings = try JSONDecoder().decode(Findings.self, from: Data(audit(place, "--json").output.utf8))
      #expect(findings.images == 15 && findings.backbone == "squeezenet")
    }
  }

  @Test func anAuditWritesWhatIsAskedFor() throws {
    try withTemporaryFolder { folder in
      let place = try TrainingPlace(folder)
      try FileManager.default.copyItem(
        atPath: place.path("images/noise/0001.png"), toPath: place.path("images/circles/copy.png"))
      let (page, table) = (place.path("audit.html"), place.path("audit.csv"))
      let before = try FileManager.default.subpathsOfDirectory(atPath: place.path("images")).sorted()
      let outcome = audit(place, "--report", page, "--csv", table)
      #expect(outcome.code == .success, "\(outcome.errors)")
      #expect(outcome.output.contains("1 across classes"), "\(outcome.output)")
      #expect(outcome.output.contains("circles/copy.png, noise/0001.png"))
      #expect(try String(contentsOfFile: page, encoding: .utf8).contains("<h2>Copies</h2>"))
      #expect(try String(contentsOfFile: table, encoding: .utf8).contains("label_conflict,1,"))
      #expect(outcome.output.contains("1 label conflict)") && outcome.output.contains("label conflict  "))
      #expect(try FileManager.default.subpathsOfDirectory(atPath: place.path("images")).sorted() == before)
    }
  }

  @Test func nothingThatIsReadIsOverwritten() throws {
    try withTemporaryFolder { folder in
      let place = try TrainingPlace(folder)
      let archive = place.path("backbone.safetensors")
      for outcome in [
        choose(place, "--report", archive), audit(place, "--report", archive), audit(place, "--csv", archive),
        choose(place, "--report", "a.png"), audit(place, "--csv", "a.html"),
        audit(place, "--pool", "none", "--folds", "1"),
      ] {
        #expect(outcome.code == .usage, "\(outcome.errors)")
      }
      let unpooled = audit(place, "--pool", "none")
      #expect(unpooled.code == .data && unpooled.errors.contains("pool them"), "\(unpooled.errors)")
      let few = choose(place, "--folds", "40")
      #expect(few.code == .usage || few.code == .data, "\(few.errors)")
    }
  }
}
