import ModelZoo

/// Cats, dogs, horses, humans: ResNet50 under two hidden layers with dropout, trained for 12 epochs, measured, and
/// asked about an image it has not seen.
///
/// ```sh
/// zoo train --backbone resnet50.zoo.safetensors --data animals --validation-split 0.2 --epochs 12 \
///     --head "dense(512, relu), dropout(0.5), dense(256, relu), dropout(0.5), dense(4, softmax)" \
///     -o animals.zoo.safetensors
/// zoo summary animals.zoo.safetensors
/// zoo predict animals.zoo.safetensors predict_this
/// ```
///
/// The tutorial pools in the head; `pooling: .average` is the same and keeps the features small. Its summary, taken
/// before freezing, counts 24,716,036 trainable parameters; the head's 1,181,444 are those that learn. What it
/// prints as `accuracy%` of one image is a probability, and is called so here.
func fourClasses(
  archive: String, photographs: String, epochs: Int = 12
) throws -> TrainedModel {
  let backbone = try Backbone(contentsOf: archive)
  let head = try Head("dense(512, relu), dropout(0.5), dense(256, relu), dropout(0.5), dense(4, softmax)")
  let options = TrainingOptions(fit: .epochs(epochs, optimizer: .adam()), seed: 2)
  let split = try Dataset(folder: photographs).split(validation: 0.2, seed: 2)
  return try backbone.train(head, on: split, options: options)
}

/// The same four classes by a linear classifier on VGG16's features, which the tutorial recommends for small data
/// sets; taken to the one best answer.
///
/// ```sh
/// zoo train --backbone vgg16.zoo.safetensors --data animals --validation-split 0.2 --head linear --fit lbfgs \
///     --strength 1 -o animals.zoo.safetensors
/// ```
func fourClassesByALinearClassifier(
  archive: String, photographs: String, strength: Double = 1
) throws -> TrainedModel {
  let backbone = try Backbone(contentsOf: archive)
  let options = TrainingOptions(fit: .linear(LinearFit(strength: .fixed(strength))), seed: 2)
  let split = try Dataset(folder: photographs).split(validation: 0.2, seed: 2)
  return try backbone.train(Head { Dense(4, activation: .softmax) }, on: split, options: options)
}

/// And by a linear support vector machine on activations from earlier in the network, which the tutorial recommends
/// where images are few and unlike those the network knows.
///
/// ```sh
/// zoo train --backbone vgg16.zoo.safetensors --layer block4_pool --data animals --validation-split 0.2 \
///     --head "batch_normalization(momentum=0.9), dense(4, l2=0.01)" --loss categorical_hinge --epochs 12 \
///     -o animals.zoo.safetensors
/// ```
func fourClassesByASupportVectorMachine(
  archive: String, photographs: String, layer: String = "block4_pool", epochs: Int = 12
) throws -> TrainedModel {
  let backbone = try Backbone(contentsOf: archive, options: BackboneOptions(layer: layer))
  let head = Head {
    BatchNormalization(momentum: 0.9)
    Dense(4, kernelRegularizer: .l2(0.01))
  }
  let options = TrainingOptions(fit: .epochs(epochs), loss: .categoricalHinge, seed: 2)
  let split = try Dataset(folder: photographs).split(validation: 0.2, seed: 2)
  return try backbone.train(head, on: split, options: options)
}
