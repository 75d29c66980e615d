import ModelZoo

/// The second half of cats and dogs: the head is there, and the last block of VGG16 learns with it, at a hundredth of its rate.
///
/// ```sh
/// zoo train --backbone vgg16.zoo.safetensors --size 240 --data catdog --class-mode binary --validation-split 0.2 \
///     --head "dropout(0.5), dense(1, sigmoid)" --unfreeze block5_conv1 --epochs 12 --head-epochs 4 \
///     --backbone-learning-rate 1e-5 -o catdog.zoo.safetensors
/// ```
///
/// What lies below block 5 is computed once for every image. Only then comes the block, whose rate is small because it knows
/// photographs already and what the head first asks of it is nonsense.
func catsAndDogsFineTuned(
  archive: String, photographs: String, size: Int = 240, epochs: Int = 12, headEpochs: Int = 4
) throws -> TrainedModel {
  let backbone = try Backbone(contentsOf: archive, options: BackboneOptions(size: size))
  let head = Head {
    Dropout(0.5)
    Dense(1, activation: .sigmoid)
  }
  var options = TrainingOptions(fit: .epochs(epochs, optimizer: .adam()), seed: 2, classMode: .binary)
  options.fineTuning = FineTuning(.from("block5_conv1"), headEpochs: headEpochs, learningRate: 1e-5)
  return try backbone.train(
    head, on: Dataset(folder: photographs).split(validation: 0.2, seed: 2), options: options)
}

/// And of the four classes: the tutorial's summary counts 24,716,036 trainable parameters, which is all of ResNet50 and the head.
/// Here that many do learn.
///
/// ```sh
/// zoo train --backbone resnet50.zoo.safetensors --data animals --validation-split 0.2 \
///     --head "dense(512, relu), dropout(0.5), dense(256, relu), dropout(0.5), dense(4, softmax)" \
///     --unfreeze all --epochs 12 --head-epochs 4 --backbone-learning-rate 1e-5 -o animals.zoo.safetensors
/// ```
func fourClassesByTheWholeNetwork(
  archive: String, photographs: String, size: Int = 224, epochs: Int = 12, headEpochs: Int = 4
) throws -> (model: TrainedModel, parameters: TrainedParameters) {
  let backbone = try Backbone(contentsOf: archive, options: BackboneOptions(size: size))
  let head = try Head("dense(512, relu), dropout(0.5), dense(256, relu), dropout(0.5), dense(4, softmax)")
  var options = TrainingOptions(fit: .epochs(epochs, optimizer: .adam()), seed: 2)
  options.fineTuning = FineTuning(.all, headEpochs: headEpochs, learningRate: 1e-5)
  let model = try backbone.train(
    head, on: Dataset(folder: photographs).split(validation: 0.2, seed: 2), options: options)
  return (model, try backbone.trainedParameters(training: head, options: options))
}
