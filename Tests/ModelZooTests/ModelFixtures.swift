import Foundation
import ModelZoo
import TestSupport
import Testing

/// Pixels of 16x16 as the scripts of whole models make them.
func fixtureImage(_ product: Int = 1) throws -> Bitmap {
  let pixels = (0..<16 * 16 * 3).map { index in
    let (row, column, channel) = (index / 48, index / 3 % 16, index % 3)
    return UInt8((37 * row + 11 * column + 71 * channel + product * row * column) % 256)
  }
  return try Bitmap(width: 16, height: 16, pixels: pixels)
}

/// What Keras gave for a model of a folder of fixtures.
func expectedOfKeras<Expected: Decodable>(_ folder: String, _ name: String) throws -> Expected {
  let data = try Data(contentsOf: URL(fileURLWithPath: Repository.fixture("\(folder)/expected.json")))
  return try #require(JSONDecoder().decode([String: Expected].self, from: data)[name])
}

/// Converts a fixture, and lends the archive, which is intact.
func withConverted<Result>(
  _ fixture: String, _ options: ConversionOptions = ConversionOptions(),
  _ body: (_ archive: String, ConversionReport) throws -> Result
) throws -> Result {
  try withTemporaryFolder { folder in
    let archive = folder.appending(path: "model.zoo.safetensors").path
    let report = try NetworkCatalog().convert(Repository.fixture(fixture), to: archive, options: options)
    #expect(ArchiveVerification(archive).verdict == .intact)
    return try body(archive, report)
  }
}
