import Foundation
import ModelZoo

func convertWhole(_ model: URL, to archive: URL) async throws -> ConversionReport {
  let recognition = try NetworkCatalog().conversion(of: model).recognition
  for note in recognition.featureNotes { print("note:", note) }
  // Of maps that may be scores: the other side of the guess.
  let options = ConversionOptions(layer: recognition.otherFeatures)
  return try await NetworkCatalog().convert(model, to: archive, options: options)
}
