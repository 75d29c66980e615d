import ModelZoo

/// Cats and dogs: VGG16 at 240 x 240 without pooling, flattened, and two wide layers before a single sigmoid.
///
/// ```sh
/// zoo train --backbone vgg16.zoo.safetensors --size 240 --pool none --data catdog --class-mode binary \
///     --head "flatten, dense(1024, relu), dropout(0.5), dense(1024, relu), dense(1, sigmoid)" \
///     --optimizer sgd --learning-rate 0.0001 --momentum 0.9 --batch 64 --epochs 5 -o catdog.zoo.safetensors
/// zoo predict catdog.zoo.safetensors catdog/test
/// ```
///
/// What the tutorial does and this does not: `rescale=1/255` (these weights want `preprocess_input`; `--rescale`
/// warns), `shuffle=False` on training images (`--no-shuffle` warns), `n // batch_size` steps, which leave out the
/// last images (every epoch ends after the last image).
func catsAndDogs(
  archive: String, photographs: String, epochs: Int = 5
) throws -> (model: TrainedModel, test: [Prediction]) {
  let backbone = try Backbone(contentsOf: archive, options: BackboneOptions(size: 240, pooling: .none))
  let head = Head {
    Flatten()
    Dense(1024, activation: .relu)
    Dropout(0.5)
    Dense(1024, activation: .relu)
    Dense(1, activation: .sigmoid)
  }
  let options = TrainingOptions(
    fit: .epochs(epochs, batchSize: 64, optimizer: .sgd(learningRate: 0.0001, momentum: 0.9)),
    loss: .binaryCrossEntropy, classMode: .binary)
  let split = try DatasetSplit(
    training: Dataset(folder: photographs + "/train"), validation: Dataset(folder: photographs + "/val"))
  let model = try backbone.train(head, on: split, options: options)
  let test = try Dataset(folder: photographs + "/test").withoutClasses
  return (model, try model.predict(test).predictions)
}
