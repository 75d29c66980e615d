public import Tensors

/// A batch of decoded image files: one row for each that could be decoded.
public struct ImageBatch: Sendable {
  /// A file that could not be decoded.
  public struct Failure: Hashable, Sendable {
    /// Its index among the loader's locations.
    public let index: Int
    /// Why.
    public let error: ImageError
  }

  /// A row: an image under one of its transforms.
  package struct Row: Sendable {
    /// The index of the image among the loader's locations.
    package let index: Int
    /// The row's name, where somebody remembers rows, and its values where they are known.
    package let recalled: RecalledRow?

    /// Whether the row is one of the tensor's.
    package var isInTensor: Bool { recalled?.values == nil }
  }

  /// All rows in the order of the files, and of the transforms of each.
  package let rows: [Row]
  /// The network's input, `[N, H, W, 3]`: the rows that were not in the cache. N may be 0.
  public let tensor: Tensor
  /// The files without a row, ascending.
  public let failures: [Failure]
  /// What one should know of files that were read, by index.
  package let caveats: [(index: Int, caveat: ImageCaveat)]

  /// For each row, the index of its image among the loader's locations, ascending.
  public var indices: [Int] { rows.map(\.index) }
}

/// What to do with an image that cannot be read.
public enum BadImagePolicy: String, Sendable, CaseIterable {
  /// Leave it out and list it.
  case skip
  /// Stop.
  case fail
}

/// Reads image files into batches.
struct ImageBatchMaker: Sendable {
  let jobs: [ImageJob]
  let recipe: ImageRecipe
  let table: PreprocessingTable
  let threads: Int
  let memory: (any RowMemory)?
  let files: ReadAhead<FileOutcome>
  let patience: Patience?

  /// The bytes of a file, or why they cannot be read.
  typealias FileOutcome = Result<[UInt8], ImageError>

  /// Does the jobs at `indices`; the outcome does not depend on the number of threads.
  func batch(_ indices: Range<Int>) -> ImageBatch {
    let outcomes = concurrentMap(indices, threads: threads) { index -> Outcome in
      let outcome = { @Sendable in self.outcome(of: index) }
      guard let patience else { return outcome() }
      switch patience.result(of: jobs[index].location.path, { .success(outcome()) }) {
      case .success(let outcome): return outcome
      case .failure(let error): return .failure(error)
      }
    }
    return batch(outcomes, from: indices.lowerBound)
  }

  private enum Outcome: Sendable {
    case rows([(recalled: RecalledRow?, image: NetworkDrawing?)], Set<ImageCaveat>)
    case failure(ImageError)
  }

  private func outcome(of index: Int) -> Outcome {
    do throws(ImageError) { return try rows(at: index) } catch { return .failure(error) }
  }

  private func rows(at index: Int) throws(ImageError) -> Outcome {
    let job = jobs[index]
    let file: [UInt8]
    do throws(ImageError) { file = try files.take(index).get() } catch {
      throw job.fingerprint?.explaining(error, of: job.location) ?? error
    }
    try job.fingerprint?.check(file, of: job.location.path)
    let caveats = ImageCaveat.found(in: file.span, recipe.colorMode)
    let recalled = memory?.recall(file, job.transforms)
    if let recalled, recalled.allSatisfy({ $0.values != nil }) {
      return .rows(recalled.map { ($0, nil) }, caveats)
    }
    let decoded = try recipe.decoded(file.span, name: job.location.path)
    var rows: [(RecalledRow?, NetworkDrawing?)] = []
    for (number, transform) in job.transforms.enumerated() {
      let known = recalled?[number]
      rows.append((known, known?.values == nil ? try recipe.image(decoded, transform) : nil))
    }
    return .rows(rows, caveats)
  }

  private func batch(_ outcomes: [Outcome], from first: Int) -> ImageBatch {
    var rows: [ImageBatch.Row] = []
    var images: [NetworkDrawing] = []
    var failures: [ImageBatch.Failure] = []
    var caveats: [(Int, ImageCaveat)] = []
    for (offset, outcome) in outcomes.enumerated() {
      switch outcome {
      case .rows(let made, let found):
        caveats += found.map { (first + offset, $0) }
        rows += made.map { ImageBatch.Row(index: first + offset, recalled: $0.recalled) }
        images += made.compactMap(\.image)
      case .failure(let error): failures.append(ImageBatch.Failure(index: first + offset, error: error))
      }
    }
    let shape = TensorShape([images.count, recipe.height, recipe.width, table.channels])
    return ImageBatch(
      rows: rows, tensor: Tensor(shape: shape, scalars: table.scalars(of: images)), failures: failures,
      caveats: caveats)
  }
}
