import Foundation
import ModelZoo
import TestSupport
import Testing

/// Images that are in memory are answered as their files are, by any number of tasks at a time.
@Suite("Images in memory")
struct PixelsTests {
  private struct Place {
    let model: TrainedModel
    let files: [String]
    let bitmaps: [Bitmap]
  }

  private static func place(in folder: URL) throws -> Place {
    let archive = try SyntheticArchive.write("squeezenet", to: folder)
    let photos = folder.appending(path: "photos")
    try DrawnImages.write(to: photos, perClass: 4, size: 90)
    let backbone = try Backbone(contentsOf: archive, options: BackboneOptions(size: 64))
    let model = try backbone.train(
      Head { Dense(3, activation: .softmax) }, on: Dataset(folder: photos.path),
      options: TrainingOptions(fit: .epochs(3)))
    let files = try Dataset(images: [photos.path]).items.map(\.path)
    return Place(model: model, files: files, bitmaps: try files.map { try Bitmap(contentsOf: $0) })
  }

  @Test func answersAreThoseOfTheFiles() throws {
    try withTemporaryFolder { folder in
      let place = try Self.place(in: folder)
      let (model, backbone) = (place.model, place.model.backbone)
      let list = try Dataset(images: place.files)
      let wanted = try model.predict(list).predictions
      let table = try backbone.features(of: list)
      #expect(try backbone.features(of: place.bitmaps) == table.features)
      for (index, bitmap) in place.bitmaps.enumerated() {
        for channels in [PixelBuffer.Channels.rgb, .bgra, .argb] {
          let prediction = try model.predict(
            PixelBuffer(bitmap, channels: channels), name: place.files[index])
          #expect(prediction == wanted[index])
        }
        #expect(try model.predict(bitmap, name: place.files[index]) == wanted[index])
        let row = try backbone.features(of: bitmap)
        #expect(row.shape == [512])
        #expect(row.scalars[...] == table.features.scalars[512 * index..<512 * (index + 1)])
      }
      var scalars: [Float] = []
      for file in place.files { scalars += try backbone.recipe.tensor(of: file).scalars }
      let inputs = Tensor(shape: [place.files.count, 64, 64, 3], scalars: scalars)
      #expect(try model.predict(inputs).map(\.scores) == wanted.map(\.scores))
      #expect(try model.predict(inputs).map(\.file).last == "11")
      #expect(try model.predict(Tensor(shape: [0, 64, 64, 3], scalars: [])).isEmpty)
      #expect(throws: ModelZooError.wrongInput(expected: [64, 64, 3], found: [1, 64, 63, 3])) {
        try model.predict(Tensor(repeating: 0, shape: [1, 64, 63, 3]))
      }
      #expect(throws: ModelZooError.wrongInput(expected: [64, 64, 3], found: [])) {
        try model.predict(Tensor(repeating: 0, shape: []))
      }
    }
  }

  @Test func manyTasksAtATimeGetTheSameBits() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "zoo-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let place = try Self.place(in: folder)
    let (model, bitmaps) = (place.model, place.bitmaps)
    let sequential = try sequentialAnswers(place)
    let answers = try await withThrowingTaskGroup(
      of: (Int, Prediction, Tensor).self, returning: [(Int, Prediction, Tensor)].self
    ) { group in
      for number in 0..<48 {
        let index = number * 7 % bitmaps.count
        group.addTask {
          let prediction = try await model.predict(bitmaps[index])
          return (index, prediction, try await model.backbone.features(of: bitmaps[index]))
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(answers.count == 48)
    for (index, prediction, features) in answers {
      #expect(prediction == sequential[index].0)
      #expect(features == sequential[index].1)
    }
    #expect((1...2).contains(model.backbone.sessions.idleCount))
  }

  private func sequentialAnswers(_ place: Place) throws -> [(Prediction, Tensor)] {
    try place.bitmaps.map { (try place.model.predict($0), try place.model.backbone.features(of: $0)) }
  }

  @Test func aSessionIsUsedAgain() throws {
    try withTemporaryFolder { folder in
      let backbone = try Backbone(
        contentsOf: SyntheticArchive.write("squeezenet", to: folder), options: BackboneOptions(size: 64))
      #expect(backbone.sessions.idleCount == 0)
      let input = Tensor(repeating: 1, shape: [1, 64, 64, 3])
      let first = try backbone.features(input)
      #expect(backbone.sessions.idleCount == 1)
      #expect(try backbone.features(input) == first)
      #expect(backbone.preprocessing(by: .tf).sessions.idleCount == 1)
    }
  }
}
