import Catalog
import Foundation
import ModelZoo
import Randomness
import TensorArchive
import Tensors

/// An archive of synthetic weights, as `zoo convert` would write it.
enum SyntheticArchive {
  static func write(
    _ identifier: String, to folder: URL, variant: String? = nil, seed: UInt64 = 1
  ) throws -> String {
    let network = try ArchivedNetwork(entry: EntryCatalog.embedded.entry(identifier), variant: variant)
    let weights = SyntheticWeights(seed: seed)
    var tensors: [String: TensorView] = [:]
    for parameter in try network.graph().parameters() {
      let values = weights.values(layer: parameter.layer, role: parameter.role, shape: parameter.shape)
      tensors[parameter.name] = TensorView(Tensor(shape: parameter.shape, scalars: values))
    }
    let path = folder.appending(path: "\(identifier).zoo.safetensors").path
    let manifest = Manifest(producer: Release.producer, sections: network.sections)
    try ArchiveWriter.write(to: path, manifest: manifest, tensors: tensors)
    return path
  }
}

/// Images a network with any weights can tell apart: stripes, discs and noise, in folders by class.
enum DrawnImages {
  static let classes = ["discs", "noise", "stripes"]

  static func write(to folder: URL, perClass count: Int, size: Int = 64) throws {
    for (index, name) in classes.enumerated() {
      let place = folder.appending(path: name)
      try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
      for number in 0..<count {
        let seed = UInt64(1000 * index + number)
        let file = place.appending(path: "\(number).png")
        try Data(image(name, size: size, seed: seed).png()).write(to: file)
      }
    }
  }

  private static func image(_ name: String, size: Int, seed: UInt64) -> Bitmap {
    var generator = SplitMix64(seed: seed)
    let phase = Int(generator.nextUnit() * 16)
    var pixels: [UInt8] = []
    for row in 0..<size {
      for column in 0..<size {
        let light = light(name, row, column, size, phase, &generator)
        pixels += [light, light / 2, 255 - light]
      }
    }
    return Bitmap(width: size, height: size, samples: pixels)
  }

  private static func light(
    _ name: String, _ row: Int, _ column: Int, _ size: Int, _ phase: Int, _ generator: inout SplitMix64
  ) -> UInt8 {
    switch name {
    case "stripes": return (column + phase) / 4 % 2 == 0 ? 230 : 20
    case "noise": return UInt8(generator.nextUnit() * 256)
    default:
      let (y, x) = (row - size / 2 - phase / 4, column - size / 2 + phase / 4)
      return x * x + y * y < size * size / 9 ? 240 : 30
    }
  }
}
