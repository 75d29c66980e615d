import Foundation
import Images
import TestSupport

/// What Pillow makes of an image.
struct ExpectedImage: Decodable {
  let width: Int
  let height: Int
  let rgb: Data

  var bitmap: Bitmap { Bitmap(width: width, height: height, samples: [UInt8](rgb)) }
}

enum ImageFixtures {
  static func path(_ relative: String) -> String { Repository.fixture("images/" + relative) }

  static func bytes(_ relative: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: path(relative))))
  }

  static func json<Value: Decodable>(_ name: String) throws -> Value {
    try JSONDecoder().decode(Value.self, from: Data(contentsOf: URL(fileURLWithPath: path(name))))
  }

  static let decoded: [String: ExpectedImage] = (try? json("decode.json")) ?? [:]

  static let decodedNames = decoded.keys.sorted()
}

/// The first difference between two images, nil when they are equal.
func difference(_ actual: Bitmap, _ expected: Bitmap) -> String? {
  guard (actual.width, actual.height) == (expected.width, expected.height) else {
    return "size \(actual.width)x\(actual.height), expected \(expected.width)x\(expected.height)"
  }
  let differing = actual.pixels.indices.filter { actual.pixels[$0] != expected.pixels[$0] }
  guard let first = differing.first else { return nil }
  return "\(differing.count) samples differ, the first at x \(first / 3 % actual.width) y "
    + "\(first / 3 / actual.width) channel \(first % 3): \(actual.pixels[first]), "
    + "expected \(expected.pixels[first])"
}
