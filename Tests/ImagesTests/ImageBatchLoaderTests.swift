import Foundation
import Images
import Tensors
import TestSupport
import Testing

@Suite("Batches")
struct ImageBatchLoaderTests {
  private let recipe = ImageRecipe(height: 8, width: 6, interpolation: .bilinear, preprocessing: .caffe)

  private var paths: [String] {
    [
      "gray.jpg", "rgb8.png", "../refused/picture.gif", "rgb24.bmp", "raw_255.ppm", "missing.png",
      "cmyk_adobe.jpg",
    ]
    .map { ImageFixtures.path("decode/" + $0) }
  }

  private func all(_ loader: ImageBatchLoader) throws -> [ImageBatch] {
    var batches: [ImageBatch] = []
    while let batch = try loader.next() { batches.append(batch) }
    return batches
  }

  @Test("rows in order, bad files listed, the same bits for any threads and batch size", arguments: 1...8)
  func order(batchSize: Int) throws {
    let paths = paths
    for threads in [1, 2, 5] {
      let loader = ImageBatchLoader(paths: paths, recipe: recipe, batchSize: batchSize, threads: threads)
      let batches = try all(loader)
      #expect(batches.count == (paths.count + batchSize - 1) / batchSize)
      #expect(batches.flatMap(\.indices) == [0, 1, 3, 4, 6])
      #expect(batches.flatMap(\.failures).map(\.index) == [2, 5])
      for batch in batches { #expect(batch.tensor.shape == [batch.indices.count, 8, 6, 3]) }
      let expected = try [0, 1, 3, 4, 6].flatMap { try recipe.tensor(of: paths[$0]).scalars }
      #expect(batches.flatMap(\.tensor.scalars) == expected)
    }
  }

  @Test("the errors say which file and why")
  func failures() throws {
    let batches = try all(ImageBatchLoader(paths: paths, recipe: recipe))
    #expect(
      batches.flatMap(\.failures).map(\.error) == [
        .unsupportedFormat(name: paths[2], format: "GIF"),
        .unreadable(path: paths[5], reason: "no such file or folder; check the path"),
      ])
  }

  @Test("a policy of failing stops at the first bad file")
  func failing() throws {
    let loader = ImageBatchLoader(paths: paths, recipe: recipe, batchSize: 2, onBadImage: .fail)
    #expect(try loader.next()?.indices == [0, 1])
    #expect(throws: ImageError.unsupportedFormat(name: paths[2], format: "GIF")) { try loader.next() }
  }

  @Test("no files, no batch")
  func empty() throws {
    #expect(try ImageBatchLoader(paths: [], recipe: recipe).next() == nil)
  }

  @Test("one file through the recipe is decode, resize, preprocess")
  func recipeSteps() throws {
    let bitmap = try Bitmap(contentsOf: paths[0]).resized(width: 6, height: 8, .bilinear)
    let tensor = try recipe.tensor(of: paths[0])
    #expect(tensor.shape == [1, 8, 6, 3])
    #expect(try tensor.scalars == Preprocessing.caffe.scalars(of: bitmap))
  }
}
