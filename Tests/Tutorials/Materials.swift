import Catalog
import Foundation
import Images
import KerasWeights
import ModelZoo
import Testing

/// What the tutorials download: a weight file of full size and folders of pictures, here from a seed.
enum Materials {
  /// A weight file as Keras publishes them, with weights from a seed.
  static func weights(of network: String, in folder: URL) throws -> String {
    let target = try ConversionTarget(network, of: EntryCatalog.embedded)
    let synthesis = try Synthesis(target, weightSet: nil, seed: 1)
    let path = folder.appending(path: synthesis.fileName).path
    try synthesis.write(to: path)
    return path
  }

  /// The archive that `zoo convert` makes of such a file.
  static func archive(of network: String, in folder: URL) throws -> String {
    let weights = try weights(of: network, in: folder)
    defer { try? FileManager.default.removeItem(atPath: weights) }
    let archive = folder.appending(path: "\(network).zoo.safetensors").path
    #expect(try NetworkCatalog().convert(weights, to: archive).network == network)
    return archive
  }

  /// A folder of pictures, `count` of each class in a sub-folder: circles, stripes, noise or a plain colour.
  static func pictures(_ classes: [String], count: Int, in folder: URL, seed: UInt64 = 1) throws {
    let patterns: [SyntheticPictures.Pattern?] = [.circles, .stripes, .noise, nil]
    for (label, name) in classes.enumerated() {
      let place = folder.appending(path: name)
      try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
      for index in 0..<count {
        let bytes = try picture(patterns[label], index, seed).png()
        try Data(bytes).write(to: place.appending(path: "\(index).png"))
      }
    }
  }

  private static func picture(
    _ pattern: SyntheticPictures.Pattern?, _ index: Int, _ seed: UInt64
  ) -> Bitmap {
    let (width, height) = (160, 120)
    if let pattern {
      return SyntheticPictures(seed: seed).bitmap(pattern, index: index, width: width, height: height)
    }
    let light = UInt8(truncatingIfNeeded: 40 + 37 * index + Int(seed))
    return Bitmap(
      width: width, height: height, pixels: [UInt8](repeating: light, count: 3 * width * height))
  }
}
