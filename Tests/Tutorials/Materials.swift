import Catalog
import Foundation
import Images
import KerasWeights
import ModelZoo
import Testing
import WeightConversion

/// What the tutorials download: a weight file of full size and folders of images, here from a seed.
enum Materials {
  /// A weight file as Keras publishes them, with weights from a seed that tell images apart.
  ///
  /// Where nobody trained the weights, features are up to 50 times as long as published ones, and all point the
  /// same way: no learning rate of a tutorial suits them. So the layers that make them are scaled down, those that
  /// read them up, and the last takes from every channel what images have in common.
  static func weights(of network: String, in folder: URL) throws -> String {
    let target = try ConversionTarget(network, of: EntryCatalog.embedded)
    let synthesis = try SyntheticWeightFile(target, weightSet: nil, seed: 1)
    let path = folder.appending(path: synthesis.fileName).path
    guard let ends = ends[network] else {
      try synthesis.write(to: path)
      return path
    }
    try synthesis.write(to: path, change: ends.scaled)
    let means = try commonFeatures(of: path, in: folder)
    try synthesis.write(to: path) { parameter, values in
      let values = ends.scaled(parameter, values)
      guard parameter.layer == ends.makers.last, ["beta", "bias"].contains(parameter.role) else {
        return values
      }
      return zip(values, means).map { $0 - $1 }
    }
    return path
  }

  /// The mean of every channel over some images.
  private static func commonFeatures(of weights: String, in folder: URL) throws -> [Float] {
    let archive = folder.appending(path: "common.zoo.safetensors").path
    let images = folder.appending(path: "common")
    defer {
      for path in [archive, images.path] { try? FileManager.default.removeItem(atPath: path) }
    }
    try Self.images(["a", "b", "c", "d"], count: 2, in: images)
    try NetworkCatalog().convert(weights, to: archive)
    let table = try Backbone(contentsOf: archive).features(of: Dataset(images: [images.path]))
    let (count, channels) = (table.features.shape[0], table.features.shape[1])
    return (0..<channels).map { channel in
      let values = stride(from: channel, to: count * channels, by: channels).map {
        table.features.scalars[$0]
      }
      return values.reduce(0, +) / Float(count)
    }
  }

  /// The layers at a network's end that make its features, the last one last, and those between that read them.
  private struct Ends {
    let makers: [String]
    var readers: [String] = []
    let scale: Float

    func scaled(_ parameter: Parameter, _ values: [Float]) -> [Float] {
      if makers.contains(parameter.layer), !parameter.role.hasPrefix("moving") {
        return values.map { $0 * scale }
      }
      guard readers.contains(parameter.layer), parameter.role == "kernel" else { return values }
      return values.map { $0 / scale }
    }
  }

  private static let ends = [
    "resnet50": Ends(
      makers: ["conv5_block1_0_bn", "conv5_block1_3_bn", "conv5_block2_3_bn", "conv5_block3_3_bn"],
      readers: ["conv5_block2_1_conv", "conv5_block3_1_conv"], scale: 1 / 32),
    "vgg16": Ends(makers: ["block5_conv3"], scale: 1 / 32),
  ]

  /// The archive that `zoo convert` makes of such a file.
  static func archive(of network: String, in folder: URL) throws -> String {
    let weights = try weights(of: network, in: folder)
    defer { try? FileManager.default.removeItem(atPath: weights) }
    let archive = folder.appending(path: "\(network).zoo.safetensors").path
    #expect(try NetworkCatalog().convert(weights, to: archive).recognition.network == network)
    return archive
  }

  /// A folder of images, `count` of each class in a sub-folder: circles, stripes, noise or a plain colour.
  static func images(_ classes: [String], count: Int, in folder: URL, seed: UInt64 = 1) throws {
    let patterns: [SyntheticImages.Pattern?] = [.circles, .stripes, .noise, nil]
    for (label, name) in classes.enumerated() {
      let place = folder.appending(path: name)
      try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
      for index in 0..<count {
        let bytes = try image(patterns[label], index, seed).png()
        try Data(bytes).write(to: place.appending(path: "\(index).png"))
      }
    }
  }

  private static func image(
    _ pattern: SyntheticImages.Pattern?, _ index: Int, _ seed: UInt64
  ) -> Bitmap {
    let (width, height) = (160, 120)
    if let pattern {
      return SyntheticImages(seed: seed).bitmap(pattern, index: index, width: width, height: height)
    }
    let light = UInt8(truncatingIfNeeded: 40 + 37 * index + Int(seed))
    return Bitmap(
      width: width, height: height, samples: [UInt8](repeating: light, count: 3 * width * height))
  }
}
