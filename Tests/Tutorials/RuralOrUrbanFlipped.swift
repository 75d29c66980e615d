import ModelZoo

/// Rural or urban, with every other image mirrored and everything random from one seed: first with ResNet50, then
/// with Xception. The two differ in the archive alone; each brings its own preprocessing.
///
/// ```sh
/// zoo train --backbone resnet50.zoo.safetensors --size 224 --data rural_and_urban_photos --horizontal-flip \
///     --head "dense(2, softmax)" --optimizer sgd --batch 12 --epochs 1 --seed 123 -o rural.zoo.safetensors
/// zoo train --backbone xception.zoo.safetensors --size 224 --data rural_and_urban_photos --horizontal-flip \
///     --head "dense(2, softmax)" --optimizer sgd --batch 12 --epochs 1 --seed 123 -o rural2.zoo.safetensors
/// ```
///
/// The tutorial sets three seeds and still depends on the machine; here `seed` alone decides, to the bit and for
/// any number of threads. Only training images are mirrored.
func ruralOrUrbanFlipped(
  archive: String, photographs: String, stepsPerEpoch: Int = 6, seed: UInt64 = 123,
  cache: FeatureCache? = nil,
  threads: Int? = nil
) throws -> TrainedModel {
  let backbone = try Backbone(contentsOf: archive, options: BackboneOptions(size: 224), threads: threads)
  var mirrored = Augmentation()
  mirrored.horizontalFlip = true
  let split = try DatasetSplit(DatasetSources(training: photographs))
  var options = TrainingOptions(
    fit: .epochs(1, batchSize: 12, optimizer: .sgd()), seed: seed, augmentation: mirrored)
  options.epochs?.stepsPerEpoch = stepsPerEpoch
  return try backbone.train(
    Head { Dense(2, activation: .softmax) }, on: split, options: options,
    extraction: ExtractionOptions(cache: cache))
}
