import CLI
import Foundation
import TestSupport
import Testing

/// `zoo predict` prints each answer when it is made.
@Suite struct PredictTests {
  private struct Answer: Decodable {
    struct Score: Decodable {
      var label: String
      var probability: Double
    }
    var file, label: String
    var top: [Score]
  }

  @Test func everyFormatHasTheSameAnswers() throws {
    try withTemporaryFolder { folder in
      let place = try TrainingPlace(folder)
      let trained = Outcome([
        "train", "--backbone", place.path("backbone.safetensors"), "--data", place.path("images"), "--head",
        "linear", "--size", "64", "--epochs", "2", "--no-report", "-o", place.path("model"),
      ])
      try #require(trained.code == .success, "\(trained.errors)")
      try Data("no image".utf8).write(to: folder.appending(path: "images/noise/0001.png"))
      let words = [
        "predict", place.path("model"), place.path("images"), "--top", "2", "--batch", "4", "--no-cache",
      ]
      let json = Outcome(words + ["--json"])
      #expect(json.output.hasPrefix("[\n  {\n    \"file\": \"circles/0000.png\",\n    \"label\": "))
      #expect(json.output.hasSuffix("\n    ]\n  }\n]\n") && json.output.contains("\n  },\n  {\n"))
      let answers = try JSONDecoder().decode([Answer].self, from: Data(json.output.utf8))
      #expect(answers.count == 14 && answers.allSatisfy { $0.top.count == 2 && $0.top[0].label == $0.label })
      #expect(json.errors.contains("skipped 1 unreadable image"))

      let rows = Outcome(words + ["--csv"]).output.split(whereSeparator: \.isNewline).map(String.init)
      let wanted = answers.flatMap { answer in
        answer.top.enumerated().map { "\(answer.file),\($1.label),\(Float($1.probability)),\($0 + 1)" }
      }
      #expect(rows == ["file,label,probability,rank"] + wanted)

      let lines = Outcome(words).output.split(separator: "\n").map(String.init)
      #expect(lines.count == 16 && Set(lines.dropFirst(2).map(\.count)).count == 1)
      #expect(lines[0].contains(#/^image +1\. +2\.$/#))
      // On a terminal every line fits, and the folder of all images is said once; --wide has it as in a file.
      let files = ["circles", "noise", "stripes"].map { place.path("images/\($0)/0000.png") }
      let alone = ["predict", place.path("model"), "--top", "2", "--no-cache"] + files
      func shown(_ more: String...) -> [String] {
        Outcome(alone + more, isTerminal: true, environment: ["NO_COLOR": "1", "COLUMNS": "60"])
          .output.split(separator: "\n").map(String.init)
      }
      let narrow = shown()
      #expect(narrow[0] == "in \(place.path("images"))/" && narrow[1].hasPrefix("image "))
      #expect(narrow[3].hasPrefix("circles/0000.png  ") && narrow.dropFirst().allSatisfy { $0.count <= 60 })
      #expect(shown("--wide")[2].hasPrefix(files[0]) && Outcome(alone).output.contains(files[2]))
      for (line, answer) in zip(lines.dropFirst(2), answers) {
        let percent = String(format: "%.2f %%", answer.top[0].probability * 100)
        #expect(line.hasPrefix(answer.file) && line.contains("  \(answer.label) "))
        #expect(line.contains(" \(percent)  "))
      }
    }
  }
}
