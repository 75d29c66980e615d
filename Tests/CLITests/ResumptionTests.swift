import CLI
import Foundation
import TestSupport
import Testing

/// Trainings that are gone on with: the model, the report and what is left behind.
@Suite struct ResumptionTests {
  private func withPlace(_ body: (TrainingPlace) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let place = try TrainingPlace(folder)
      try place.list(weight: 2)
      try body(place)
    }
  }

  /// The report without what differs from run to run.
  private func report(_ place: TrainingPlace, _ name: String) throws -> String {
    let page = String(decoding: try place.data(name + ".html"), as: UTF8.self)
    let times = #/<(b|dd)>\d+(\.\d+)? s</(b|dd)>( to train( since it was resumed)?)?/#
    return page.replacing(times, with: "").replacingOccurrences(of: name + ".zoo", with: "model.zoo")
  }

  @Test func theReportIsThatOfOneGo() throws {
    try withPlace { place in
      let whole = place.train("whole.zoo", epochs: 4)
      try #require(whole.code == .success, "\(whole.errors)")
      let begun = place.train("part.zoo", epochs: 2, "--checkpoint", place.path("part.zoo.checkpoint"))
      try #require(begun.code == .success, "\(begun.errors)")
      try FileManager.default.moveItem(atPath: place.path("part.zoo"), toPath: place.path("elsewhere"))
      let resumed = place.train("part.zoo", epochs: 4, "--resume", place.path("part.zoo.checkpoint"))
      try #require(resumed.code == .success, "\(resumed.errors)")
      #expect(resumed.errors.contains("resuming after 2 epochs\n"))
      #expect(!resumed.output.contains("Epoch 2/4\n") && resumed.output.contains("Epoch 3/4\n"))
      #expect(try place.data("whole.zoo") == place.data("part.zoo"))

      let (wanted, found) = (try report(place, "whole"), try report(place, "part"))
      let remark = #/<p>This training was interrupted after 2 epochs and resumed\. [^<]*</p>\n?/#
      #expect(found.contains(remark) && !wanted.contains(remark))
      let (left, right) = (
        wanted.split(separator: "\n"), found.replacing(remark, with: "").split(separator: "\n")
      )
      #expect(left.count == right.count)
      // How long it took is the one thing that may differ.
      for (line, other) in zip(left, right) where !line.hasPrefix("<dt>time</dt>") { #expect(line == other) }
      #expect(!found.contains("--resume") && found.contains("--beta-1"))
    }
  }

  @Test func onlyTheCheckpointOfAnInterruptionIsRemoved() throws {
    try withPlace { place in
      let own = place.path("model.zoo.checkpoint")
      func isThere(_ name: String) -> Bool { FileManager.default.fileExists(atPath: place.path(name)) }
      try #require(place.train("model.zoo", epochs: 1, "--checkpoint", own).code == .success)
      try FileManager.default.copyItem(atPath: own, toPath: place.path("kept"))
      // One with another name, and one that was asked for, stay.
      try #require(place.train("model.zoo", epochs: 2, "--resume", place.path("kept")).code == .success)
      #expect(isThere("kept") && isThere("model.zoo.checkpoint"))
      try #require(place.train("model.zoo", epochs: 2, "--resume", own, "--checkpoint", own).code == .success)
      #expect(isThere("model.zoo.checkpoint"))
      // A run that ends badly leaves it where it is.
      let refused = place.train("model.zoo", epochs: 3, "--resume", own, "--seed", "5")
      #expect(refused.code == .data && isThere("model.zoo.checkpoint"))
      try #require(place.train("model.zoo", epochs: 3, "--resume=\(own)").code == .success)
      #expect(!isThere("model.zoo.checkpoint") && isThere("model.zoo") && isThere("kept"))
    }
  }

  /// What another training left is neither replaced nor removed by one that begins anew; that it lies there is said.
  @Test func whatAnInterruptionLeftIsKept() throws {
    try withPlace { place in
      let (left, next) = (place.path("model.zoo.checkpoint"), place.path("model.zoo.2.checkpoint"))
      try #require(place.train("other.zoo", epochs: 1, "--checkpoint", left).code == .success)
      let bytes = try place.data("model.zoo.checkpoint")
      let anew = place.train("model.zoo", epochs: 1)
      #expect(anew.code == .success, "\(anew.errors)")
      let warning =
        "warning: \(left): of a training that was interrupted; --resume \(left) goes on with it; it is kept, and an "
        + "interruption of this one is saved in \(next)\n"
      #expect(anew.errors.contains(warning), "\(anew.errors)")
      #expect(try place.data("model.zoo.checkpoint") == bytes)
      let resumed = place.train("model.zoo", epochs: 2, "--resume", left)
      #expect(resumed.code == .success && !resumed.errors.contains("of a training that was interrupted"))
      #expect(!FileManager.default.fileExists(atPath: left))
      #expect(!place.train("model.zoo", epochs: 1).errors.contains("of a training that was interrupted"))
    }
  }

  @Test func whatIsNotAsItWasIsNamed() throws {
    try withPlace { place in
      let checkpoint = place.path("c")
      try #require(place.train("m", epochs: 1, "--checkpoint", checkpoint).code == .success)
      try place.list(weight: 1)
      let lighter = place.train("m", epochs: 2, "--resume", checkpoint)
      #expect(lighter.code == .data && lighter.errors.contains("training data: the checkpoint has"))
      try place.list(weight: 2)
      #expect(place.train("m", epochs: 2, "--resume", checkpoint).code == .success)
    }
  }
}

extension TrainingPlace {
  fileprivate func data(_ name: String) throws -> Data { try Data(contentsOf: folder.appending(path: name)) }

  /// A manifest whose weights are numbers up to `weight`.
  fileprivate func list(weight: Int) throws {
    let classes = ["circles", "noise", "stripes"]
    let rows = (0..<15).map { row in
      let name = classes[row % 3]
      return "images/\(name)/000\(row / 3).png,\(name),\(Double(row % 4 * weight) / 4)"
    }
    let text = (["filename,class,weight"] + rows).joined(separator: "\n")
    try Data(text.utf8).write(to: folder.appending(path: "list.csv"))
  }

  /// Trains with everything that has a say in what is learnt.
  fileprivate func train(_ output: String, epochs: Int, _ more: String...) -> Outcome {
    let words = [
      "train", "--backbone", path("backbone.safetensors"), "--data", path("list.csv"), "--weight-col",
      "weight",
      "--head", "dropout(0.25), unit_normalization, dense(3, softmax)", "--size", "64", "--batch", "4",
      "--epochs", "\(epochs)", "--validation-split", "0.34", "--featurewise-std-normalization",
      "--optimizer",
      "adam", "--beta-1", "0.8", "--beta-2", "0.99", "--epsilon", "0.001", "--learning-rate", "0.01",
      "--horizontal-flip", "--reduce-lr-on-plateau", "1", "--verbose", "1", "-o", path(output),
    ]
    return Outcome(words + more)
  }
}
