import ModelZoo

/// Cats and dogs: InceptionV3 at 150 x 150, cut at `mixed7`, with one wide layer and dropout before the sigmoid,
/// until the training images are all but all right.
///
/// ```sh
/// zoo train --backbone inception_v3.zoo.safetensors --size 150 --layer mixed7 --pool none --data cats_and_dogs \
///     --head "flatten, dense(1024, relu), dropout(0.2), dense(1, sigmoid)" --optimizer rmsprop --batch 20 \
///     --epochs 100 --stop-at-accuracy 0.999 --monitor accuracy --verbose 2 -o catdog.zoo.safetensors
/// ```
///
/// What the tutorial's code does, line by line, and what becomes of it here: `layer.trainbale = False` freezes
/// nothing (a backbone is frozen, and has no such property), `Dropout(0,2)` drops nothing (`dropout(0,2)` is refused
/// with the number that was meant), `rescale=1/255` where the weights want -1 to 1 (`--rescale` warns),
/// `layers.Dense(1024)` connected to nothing (a head is a list), `> 0.99` announced as 99.9 % (the number is said
/// once), `log.get('acc')` misspelt (the compiler looks).
func catsAndDogsFromAnInnerLayer(
  archive: String, photographs: String, epochs: Int = 100,
  log: @escaping @Sendable (String) -> Void = { _ in }
) throws -> TrainedModel {
  let backbone = try Backbone(
    contentsOf: archive, options: BackboneOptions(size: 150, layer: "mixed7", pooling: .none))
  let head = Head {
    Flatten()
    Dense(1024, activation: .relu)
    Dropout(0.2)
    Dense(1, activation: .sigmoid)
  }
  let options = TrainingOptions(
    fit: .epochs(
      epochs, batchSize: 20, optimizer: .rmsprop(),
      callbacks: [EpochPrinter(log), try StopAtAccuracy(0.999, monitor: "acc")]))
  let split = try DatasetSplit(DatasetSources(training: photographs))
  return try backbone.train(head, on: split, options: options)
}
