import Foundation
import ModelZoo

func trainAnimals(archive: URL, photographs: URL, model file: URL) throws -> TrainedModel {
  let backbone = try Backbone(
    contentsOf: archive, options: BackboneOptions(size: 224, interpolation: .bilinear))
  let dataset = try Dataset(folder: photographs)
  let split = try dataset.split(validation: 0.2, seed: 7)
  let head = Head {
    Dropout(0.5)
    Dense(dataset.classes.count, activation: .softmax)
  }
  let options = TrainingOptions(fit: .epochs(12, optimizer: .adam(learningRate: 0.001)), seed: 7)
  for warning in backbone.warnings(training: head, on: split, options: options) { print(warning) }
  for finding in split.findings() { print(finding) }
  let model = try backbone.train(head, on: split, options: options)
  print(model.history["val_accuracy"].last ?? 0)
  for mistake in model.mistakes.prefix(3) { print(mistake.path, mistake.label, mistake.prediction.label) }
  try model.save(to: file)
  return model
}

func fineTune(_ backbone: Backbone, on split: DatasetSplit) throws -> TrainedModel {
  var options = TrainingOptions(fit: .epochs(12, optimizer: .adam(learningRate: 0.001)), seed: 7)
  options.fineTuning = FineTuning(.lastBlocks(1), headEpochs: 4, learningRate: 0.00001)
  let head = Head { Dense(split.training.classes.count, activation: .softmax) }
  let counts = try backbone.trainedParameters(training: head, options: options)
  print("\(counts.trainable) of \(counts.total) parameters are trained")
  return try backbone.train(head, on: split, options: options)
}

func measure(_ model: TrainedModel, on photographs: URL) throws -> Double {
  let evaluation = try model.evaluation(on: Dataset(folder: photographs, classes: model.labels))
  print(evaluation.logs.entries.map { "\($0.name): \($0.value)" })
  return evaluation.logs["accuracy"] ?? 0
}

func explain(_ image: URL, by model: TrainedModel, to overlay: URL) throws {
  let explanation = try Explainer(model).explain(image)
  print(explanation.label, explanation.probability)
  try explanation.write(to: overlay)
}
