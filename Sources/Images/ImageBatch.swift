public import Tensors

/// A run of picture files, decoded: one row for each that could be.
public struct ImageBatch: Sendable {
  /// A file that could not be decoded.
  public struct Failure: Hashable, Sendable {
    /// Its index among the loader's paths.
    public let index: Int
    /// Why.
    public let error: ImageError
  }

  /// For each row, the index of its file among the loader's paths, ascending.
  public let indices: [Int]
  /// The network's input, `[N, H, W, 3]`; N is the number of `indices` and may be 0.
  public let tensor: Tensor
  /// The files without a row, ascending.
  public let failures: [Failure]
}

/// What to do about a file that is no readable picture.
public enum BadImagePolicy: String, Sendable, CaseIterable {
  /// Leave it out and list it.
  case skip
  /// Stop.
  case fail
}

extension ImageBatch {
  /// Decodes the files at `indices` with `threads` threads; the outcome does not depend on how many.
  static func load(
    _ indices: Range<Int>, of paths: [String], recipe: ImageRecipe, table: PreprocessingTable, threads: Int
  ) -> ImageBatch {
    let outcomes = concurrentMap(indices, threads: threads) { index -> Outcome in
      do throws(ImageError) {
        return .picture(try recipe.bitmap(of: paths[index]))
      } catch {
        return .failure(error)
      }
    }
    return ImageBatch(outcomes, from: indices.lowerBound, recipe: recipe, table: table)
  }

  private enum Outcome: Sendable {
    case picture(Bitmap)
    case failure(ImageError)
  }

  private init(_ outcomes: [Outcome], from first: Int, recipe: ImageRecipe, table: PreprocessingTable) {
    var indices: [Int] = []
    var bitmaps: [Bitmap] = []
    var failures: [Failure] = []
    for (offset, outcome) in outcomes.enumerated() {
      switch outcome {
      case .picture(let bitmap):
        indices.append(first + offset)
        bitmaps.append(bitmap)
      case .failure(let error): failures.append(Failure(index: first + offset, error: error))
      }
    }
    self.indices = indices
    self.failures = failures
    tensor = Tensor(
      shape: Shape([bitmaps.count, recipe.height, recipe.width, 3]), scalars: table.scalars(of: bitmaps))
  }
}
