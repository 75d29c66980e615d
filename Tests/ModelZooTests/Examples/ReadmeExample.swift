import ModelZoo

func teach(archive: String, photographs: String, model path: String) throws -> TrainedModel {
  let backbone = try Backbone(contentsOf: archive, options: BackboneOptions(size: 224))
  let dataset = try Dataset(folder: photographs)
  let head = Head {
    Dense(64, activation: .relu)
    Dropout(0.2)
    Dense(dataset.classes.count, activation: .softmax)
  }
  let options = TrainingOptions(fit: .epochs(12, optimizer: .adam()), seed: 7)
  let model = try backbone.train(head, on: dataset.split(validation: 0.2, seed: 7), options: options)
  try model.save(to: path)
  for prediction in try model.predict(dataset).predictions {
    print(prediction.file, prediction.label, prediction.probability)
  }
  return model
}
