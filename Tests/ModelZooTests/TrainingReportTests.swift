import Foundation
import ModelZoo
import TestSupport
import Testing

/// What an application, which knows no command line, writes about a training.
@Suite struct TrainingReportTests {
  private struct Facts: Decodable {
    var model: String?
    var backbone, head: String
    var labels: [String]
    var settings: [String: String]
    var images: [String: Int]
    var history: [String: [Double]]
    var learningRates: [Double]
    var test: [String: Double]?
    var confusion: [[Int]]
    var warnings: [String]
    var command: String?
  }

  private func train(in folder: URL, _ options: TrainingOptions) throws -> TrainedModel {
    let photos = folder.appending(path: "photos")
    try DrawnImages.write(to: photos, perClass: 4)
    let backbone = try Backbone(
      contentsOf: SyntheticArchive.write("squeezenet", to: folder), options: BackboneOptions(size: 64))
    let split = try Dataset(folder: photos.path).split(validation: 0.5, seed: 3)
    return try backbone.train(Head { Dense(3, activation: .softmax) }, on: split, options: options)
  }

  @Test func tellsPeopleAndMachinesTheSame() throws {
    try withTemporaryFolder { folder in
      let schedule = LearningRate.exponentialDecay(from: 0.01, steps: 1, rate: 0.5)
      let options = TrainingOptions(
        fit: .epochs(3, batchSize: 6, optimizer: .sgd(learningRate: schedule, momentum: 0.5)), seed: 3)
      let model = try train(in: folder, options)
      let path = folder.appending(path: "model.zoo.safetensors").path
      try model.save(to: path)
      var report = try #require(TrainingReport(on: model, warnings: ["a < b"]))
      let facts = try JSONDecoder().decode(Facts.self, from: Data(report.json().utf8))
      #expect(facts.backbone == "squeezenet" && facts.head == "dense(3, softmax)")
      #expect(facts.labels == DrawnImages.classes && facts.images == ["training": 6, "validation": 6])
      #expect(facts.settings["seed"] == "3" && facts.settings["batch"] == "6")
      #expect(facts.settings["optimizer"]?.hasPrefix("sgd(") == true)
      #expect(facts.model == nil && facts.command == nil && facts.test == nil)
      #expect(facts.settings["model, SHA-256"] == nil && facts.warnings == ["a < b"])
      // One step an epoch: after epoch e the next step's rate is that of e + 1 steps.
      let rates: [Double] = [0.005, 0.0025, 0.00125]
      #expect(zip(facts.learningRates, rates).allSatisfy { abs($0 - $1) < 1e-8 })
      #expect(facts.learningRates.count == 3 && facts.history["loss"] == model.history["loss"])
      #expect(facts.confusion == (try model.confusion)?.counts)

      report.modelPath = path
      report.test = try model.evaluate(on: Dataset(folder: folder.appending(path: "photos").path))
      report.command = "train <again>"
      let page = try report.html()
      for words in [
        "<title>model.zoo.safetensors", "a &lt; b", "train &lt;again&gt;", "test accuracy", "model, SHA-256",
        "dense(3, softmax)",
      ] {
        #expect(page.contains(words), "\(words)")
      }
      let all = try JSONDecoder().decode(Facts.self, from: Data(report.json().utf8))
      #expect(all.model == path && all.command == "train <again>")
      #expect(all.test?["accuracy"] == report.test?["accuracy"])
    }
  }

  @Test func showsEveryMetricAndWhatStandsOut() throws {
    try withTemporaryFolder { folder in
      let schedule = LearningRate.exponentialDecay(from: 0.01, steps: 1, rate: 0.5)
      var options = TrainingOptions(
        fit: .epochs(3, batchSize: 6, optimizer: .sgd(learningRate: schedule)), seed: 3)
      options.metrics = [.accuracy, .precision]
      let report = try #require(TrainingReport(on: train(in: folder, options), warnings: ["careful"]))
      let page = try report.html()
      for words in [
        ">Precision</text>", ">Learning rate</text>", ">lowest validation loss</text>",
        "<p class=\"warning\">careful</p>",
        "<dt>training images, SHA-256</dt><dd><code>", "for the features, ",
      ] {
        #expect(page.contains(words), "\(words)")
      }
      #expect(!page.contains("in every epoch"))
      let constant = try #require(TrainingReport(on: train(in: folder, TrainingOptions(fit: .epochs(2)))))
        .html()
      #expect(
        constant.contains("The learning rate was 0.001 in every epoch.")
          && !constant.contains(">Learning rate</text>"))
    }
  }

  @Test func writesAPageAndItsPlots() throws {
    try withTemporaryFolder { folder in
      let model = try train(in: folder, TrainingOptions(fit: .epochs(1), seed: 3))
      let report = try #require(TrainingReport(on: model))
      let (page, plots) = (folder.appending(path: "page.html").path, folder.appending(path: "plots").path)
      try report.write(to: page)
      #expect(try String(contentsOfFile: page, encoding: .utf8) == report.html())
      try report.writePlots(into: plots)
      let names = try FileManager.default.contentsOfDirectory(atPath: plots).sorted()
      #expect(names == ["accuracy", "classes", "confusion", "loss"].map { "\($0).svg" })
    }
  }

  @Test func nobodyKnowsHowALoadedModelWasTrained() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "model.zoo.safetensors").path
      try train(in: folder, TrainingOptions(fit: .epochs(1))).save(to: path)
      #expect(try TrainingReport(on: TrainedModel(contentsOf: path)) == nil)
    }
  }
}
