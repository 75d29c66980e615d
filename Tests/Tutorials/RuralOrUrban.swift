import ModelZoo

/// Rural or urban? A softmax on the features of a network that knows photographs already, in one epoch of three
/// steps.
///
/// ```sh
/// zoo convert resnet50_weights_tf_dim_ordering_tf_kernels_notop.h5 -o resnet50.zoo.safetensors
/// zoo train --backbone resnet50.zoo.safetensors --size 224 --data rural_and_urban_photos --class-mode categorical \
///     --head "dense(2, softmax)" --optimizer sgd --batch 24 --epochs 1 --steps-per-epoch 3 -o rural.zoo.safetensors
/// ```
///
/// The tutorial's two lines that could go wrong have no counterpart: what `preprocess_input` does belongs to the
/// archive, and `layers[0].trainable = False` is how every backbone is. Its weight file has a namesake with other
/// layers; which of the two it is, `convert` tells from the content.
func ruralOrUrban(weights: String, photographs: String) throws -> TrainedModel {
  let archive = weights + ".zoo.safetensors"
  try NetworkCatalog().convert(weights, to: archive)
  let backbone = try Backbone(contentsOf: archive, options: BackboneOptions(size: 224, pooling: .average))
  let head = Head { Dense(2, activation: .softmax) }
  let split = try DatasetSplit(DatasetSources(training: photographs))
  var options = TrainingOptions(
    fit: .epochs(1, batchSize: 24, optimizer: .sgd()), loss: .categoricalCrossEntropy, classMode: .categorical
  )
  options.epochs?.stepsPerEpoch = 3
  options.epochs?.validationSteps = 1
  return try backbone.train(head, on: split, options: options)
}
