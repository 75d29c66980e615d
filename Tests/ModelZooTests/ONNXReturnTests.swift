import Foundation
import ModelZoo
import TestSupport
import Testing

/// What is exported as an ONNX model comes back: the same features, the head, its labels, and how pixels are scaled.
@Suite struct ONNXReturnTests {
  private func image(_ size: Int) throws -> Bitmap {
    try Bitmap(width: size, height: size, pixels: (0..<size * size * 3).map { UInt8($0 * ($0 % 89) % 251) })
  }

  @Test(arguments: ["mobilenet_0.25", "squeezenet", "resnet50", "mobilenet_v3_small", "efficientnet_b0"])
  func networksComeBack(entry: String) throws {
    try withTemporaryFolder { folder in
      let archive = try SyntheticArchive.write(entry, to: folder)
      let options = BackboneOptions(height: 64, width: 64, pooling: .none, isExact: true)
      let network = try Backbone(contentsOf: archive, options: options)
      let wanted = try network.features(of: image(64)).scalars
      for (layout, includesPreprocessing) in [(ONNXOptions.Layout.nhwc, true), (.nchw, false)] {
        let model = folder.appending(path: "\(layout).onnx").path
        try ModelExport(contentsOf: archive, options: options).write(
          to: model, as: .onnx(ONNXOptions(includesPreprocessing: includesPreprocessing, layout: layout)))
        let back = folder.appending(path: "back.zoo.safetensors").path
        let report = try NetworkCatalog().convert(model, to: back, options: ConversionOptions())
        #expect(report.recognition.network == entry + "_onnx")
        let again = try Backbone(contentsOf: back, options: BackboneOptions(pooling: .none, isExact: true))
        #expect(again.inputShape == [64, 64, 3])
        #expect(again.trainedPreprocessing == network.trainedPreprocessing)
        let found = try again.features(of: image(64)).scalars
        #expect(Closeness(found, wanted).isWithin(.features), "\(layout): \(Closeness(found, wanted))")
      }
    }
  }

  @Test func trainedModelsComeBackWithTheirLabels() throws {
    try withTemporaryFolder { folder in
      let photographs = folder.appending(path: "photographs")
      try DrawnImages.write(to: photographs, perClass: 2)
      let archive = try SyntheticArchive.write("squeezenet", to: folder)
      let backbone = try Backbone(contentsOf: archive, options: BackboneOptions(size: 64))
      let head = Head {
        Dense(4, activation: .relu)
        Dense(3, activation: .softmax)
      }
      let model = try backbone.train(
        head, on: Dataset(folder: photographs), options: TrainingOptions(fit: .epochs(1)))
      let path = folder.appending(path: "model.onnx").path
      try ModelExport(model).write(to: path, as: .onnx(ONNXOptions()))
      let back = folder.appending(path: "back.zoo.safetensors").path
      try NetworkCatalog().convert(path, to: back)
      let again = try TrainedModel(contentsOf: back)
      #expect(again.labels == DrawnImages.classes)
      let (wanted, found) = (try model.predict(image(64)).scores, try again.predict(image(64)).scores)
      #expect(found.map(\.label) == wanted.map(\.label))
      #expect(zip(found, wanted).allSatisfy { abs($0.probability - $1.probability) < 1e-5 })
    }
  }
}
