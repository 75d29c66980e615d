import Foundation
import ModelZoo
import TestSupport
import Testing

/// The second halves of two tutorials, on small images: the network is of full width.
@Suite(.serialized) struct FineTuningTutorialTests {
  private func photographs(of classes: [String], in folder: URL) throws -> String {
    let place = folder.appending(path: "photographs")
    try Materials.images(classes, count: 5, in: place)
    return place.path
  }

  @Test func catsAndDogsWithTheLastBlockOfVGG16() throws {
    try withTemporaryFolder { folder in
      let model = try catsAndDogsFineTuned(
        archive: Materials.archive(of: "vgg16", in: folder),
        photographs: photographs(of: ["cats", "dogs"], in: folder), size: 48, epochs: 2, headEpochs: 1)
      let tuning = try #require(model.fineTuning)
      #expect(tuning.layers == ["block5_conv1", "block5_conv2", "block5_conv3"])
      #expect(tuning.parameterCount == 7_079_424 && tuning.headEpochs == 1)
      #expect(model.history["loss"].count == 2 && model.history["loss"].allSatisfy { $0.isFinite })
      #expect(model.record?.backboneLearningRates.first == 0)
    }
  }

  @Test func fourClassesWithAllOfResNet50() throws {
    try withTemporaryFolder { folder in
      let (model, parameters) = try fourClassesByTheWholeNetwork(
        archive: Materials.archive(of: "resnet50", in: folder),
        photographs: photographs(of: ["cats", "dogs", "horses", "Humans"], in: folder), size: 32, epochs: 2,
        headEpochs: 1)
      #expect(parameters.total == 24_769_156)
      #expect(parameters.trainable == 24_716_036 && parameters.nonTrainable == 53_120)
      #expect(model.fineTuning?.parameterCount == 24_716_036 - model.head.parameterCount)
      #expect(model.history["loss"].allSatisfy { $0.isFinite })
    }
  }
}
