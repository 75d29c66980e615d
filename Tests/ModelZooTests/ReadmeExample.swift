import ModelZoo

func teach(archive: String, photographs: String, model path: String) throws -> TrainedModel {
  let backbone = try Backbone(contentsOf: archive, options: BackboneOptions(size: 224))
  let folder = try ImageFolder(contentsOf: photographs)
  let head = Head {
    Dense(64, activation: .relu)
    Dropout(0.2)
    Dense(folder.classes.count, activation: .softmax)
  }
  let options = TrainingOptions(epochs: 12, optimizer: .adam(), seed: 7, validationSplit: 0.2)
  let model = try backbone.train(head, on: folder, options: options)
  try model.save(to: path)
  for prediction in try model.predict(PictureList([photographs])).predictions {
    print(prediction.file, prediction.label, prediction.probability)
  }
  return model
}
