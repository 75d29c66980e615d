import CLI
import Foundation
import TestSupport
import Testing

/// An option that changes nothing is said to, and where it does something nothing is said.
@Suite struct IdleOptionTests {
  private static let cases: [(words: String, sentence: String, busy: String)] = [
    (
      "summary squeezenet --cost --style compact",
      "--style and --columns: have no effect with --cost, which has a layout of its own",
      "summary squeezenet --cost"
    ),
    (
      "summary squeezenet --cost --columns 80",
      "--style and --columns: have no effect with --cost, which has a layout of its own",
      "summary squeezenet --columns 80"
    ),
    (
      "summary squeezenet --style keras2 --columns 80", "--columns: has no effect with --style keras2",
      "summary squeezenet --style keras3 --columns 80"
    ),
    (
      "summary squeezenet --style compact --columns 80", "--columns: has no effect with --style compact",
      "summary squeezenet --style compact"
    ),
    (
      "cache --cache @cache --clear --verify", "--verify: has no effect where features are removed",
      "cache --cache @cache --verify"
    ),
    (
      "cache --cache @cache --shrink 1GB --verify", "--verify: has no effect where features are removed",
      "cache --cache @cache --shrink 1GB"
    ),
    (
      "predict @model.zoo @list.csv --follow-links",
      "--follow-links: has no effect; only folders have links that are followed",
      "predict @model.zoo @images --follow-links"
    ),
    (
      "evaluate @model.zoo @list.csv --follow-links --include-training-images",
      "--follow-links: has no effect; only folders have links that are followed",
      "evaluate @model.zoo @images --follow-links --include-training-images"
    ),
    (
      "audit @list.csv --backbone @backbone.safetensors --size 64 --folds 2 --follow-links",
      "--follow-links: has no effect; only folders have links that are followed",
      "audit @images --backbone @backbone.safetensors --size 64 --folds 2 --follow-links"
    ),
  ]

  @Test(arguments: [
    ("project f.npy --method pca --steps 10 -o o.svg", "--steps: needs --method tsne; found --method pca"),
    (
      "predict model.zoo images --split dataset",
      "--split: needs --validation-split or --split-at, which it is the rule of"
    ),
    (
      "train --backbone b.zoo --data images --head linear --split generator -o o.zoo",
      "--split: needs --validation-split or --split-at, which it is the rule of"
    ),
    (
      "train --backbone b.zoo --data images --head linear --strength 1 -o o.zoo",
      "--strength: needs --fit lbfgs; found --fit epochs"
    ),
    (
      "train --backbone b.zoo --data images --head linear --freeze-batch-norm -o o.zoo",
      "--freeze-batch-norm: needs --unfreeze or --unfreeze-blocks; add one of them"
    ),
  ])
  func whatNeedsAnotherOptionIsRefused(line: String, sentence: String) throws {
    let outcome = Outcome(line.split(separator: " ").map(String.init))
    #expect(outcome.code == .usage && outcome.errors.contains(sentence), "\(outcome.errors)")
  }

  @Test func whatChangesNothingIsSaidTo() throws {
    try withTemporaryFolder { folder in
      let place = try TrainingPlace(folder)
      let rows = ["circles", "noise", "stripes"].flatMap { name in
        (0..<5).map { "images/\(name)/000\($0).png,\(name)\n" }
      }
      try ("filename,class\n" + rows.joined()).write(
        toFile: place.path("list.csv"), atomically: true, encoding: .utf8)
      let trained = Outcome([
        "train", "--backbone", place.path("backbone.safetensors"), "--data", place.path("images"), "--size",
        "64", "--head", "linear", "--epochs", "1", "--no-cache", "--no-report", "-o", place.path("model.zoo"),
      ])
      try #require(trained.code == .success, "\(trained.errors)")
      for (words, sentence, busy) in Self.cases {
        let idle = place.outcome(words)
        #expect(idle.code == .success && idle.errors.contains(sentence), "\(words): \(idle.errors)")
        let other = place.outcome(busy)
        #expect(other.code == .success, "\(busy): \(other.errors)")
        #expect(!other.errors.contains("no effect"), "\(busy): \(other.errors)")
      }
    }
  }
}

extension TrainingPlace {
  /// What comes of words in which `@` stands ahead of the names of files.
  fileprivate func outcome(_ line: String) -> Outcome {
    Outcome(line.split(separator: " ").map { $0.hasPrefix("@") ? path(String($0.dropFirst())) : String($0) })
  }
}
