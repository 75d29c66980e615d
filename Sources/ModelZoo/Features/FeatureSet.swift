import Datasets
import Files
import Machine
public import Tensors
package import Training

/// Features in a file, or in a folder of shards, that are read as they are asked for: there may be more of them than memory.
///
/// Names and classes are in memory, numbers are not. What trains a head, or measures one, takes such a set in place of images, and
/// comes to the same, bit for bit.
///
/// ```swift
/// let set = try FeatureSet(contentsOf: "features")
/// print(set.count, set.rowShape, set.rows.classNames)
/// let first = try set.withRows(0..<32) { numbers in numbers[0] }
/// ```
public struct FeatureSet: Sendable {
  /// The file or the folder, as it was named.
  public let path: String
  /// The images that the rows belong to, and their classes.
  public let rows: FeatureRows
  /// The shape of all: `[N, C]` with pooling, `[N, H, W, C]` without.
  public let shape: TensorShape

  /// What computed them; nil where the file does not say.
  let origin: FeatureOrigin?
  /// Images that are listed and have no row.
  let missing: [MissingImage]
  /// The name of the tensor, where it is that of a layer.
  let layer: String?
  /// Which of the file's tensors it is.
  let column: Int
  private let parts: [FeaturePart]
  /// The rows of the file that these are; nil for all.
  private let indices: [Int]?

  init(
    path: String, rows: FeatureRows, rowShape: TensorShape, parts: [FeaturePart],
    origin: FeatureOrigin? = nil,
    missing: [MissingImage] = [], layer: String? = nil, column: Int = 0
  ) {
    (self.path, self.rows, self.parts, indices) = (path, rows, parts, nil)
    shape = TensorShape([rows.files.count] + rowShape.dimensions)
    (self.origin, self.missing, self.layer, self.column) = (origin, missing, layer, column)
  }

  private init(_ set: FeatureSet, at places: [Int], labels: [Int]?, classes: [String]?) {
    (path, origin, layer, column, parts) = (set.path, set.origin, set.layer, set.column, set.parts)
    var kept = set.rows.keeping(places)
    if let labels, let classes { (kept.labels, kept.classNames) = (labels, classes) }
    rows = kept
    shape = TensorShape([places.count] + set.rowShape.dimensions)
    missing = []
    indices = places.map { set.indices?[$0] ?? $0 }
  }

  /// How many rows there are.
  public var count: Int { shape[0] }

  /// The shape of one row: `[C]` with pooling, `[H, W, C]` without.
  public var rowShape: TensorShape { TensorShape(Array(shape.dimensions.dropFirst())) }

  /// The rows at `places`, in that order.
  func keeping(_ places: [Int]) -> FeatureSet { FeatureSet(self, at: places, labels: nil, classes: nil) }

  /// The rows of such classes, as classes in that order: those of a model, some of which may have no rows.
  ///
  /// - Throws: ``FeatureFileError/unlabelled(path:)``, and `DatasetError.otherClasses(place:expected:found:)` where no row is of one of
  ///   them.
  public func selecting(classes: [String]) throws -> FeatureSet {
    try checkLabels()
    guard !rows.classNames.elementsEqual(classes, by: Self.isSame) else { return self }
    let numbers = Dictionary(classes.enumerated().map { (Array($1.utf8), $0) }) { first, _ in first }
    let labels = rows.classNames.map { numbers[Array($0.utf8)] }
    let kept = rows.labels.indices.filter { labels[rows.labels[$0]] != nil }
    guard !kept.isEmpty else {
      throw DatasetError.otherClasses(place: path, expected: classes, found: rows.classNames)
    }
    return FeatureSet(self, at: kept, labels: kept.compactMap { labels[rows.labels[$0]] }, classes: classes)
  }

  /// Names are told apart by their bytes.
  private static func isSame(_ one: String, _ other: String) -> Bool { one.utf8.elementsEqual(other.utf8) }

  /// Refuses features without classes where those are needed.
  func checkLabels() throws(FeatureFileError) {
    guard !rows.labels.isEmpty || rows.files.isEmpty, !rows.classNames.isEmpty else {
      throw .unlabelled(path: path)
    }
  }
}

extension FeatureSet {
  /// Opens a file of features, a `.npy` array with the table next to it, if there is one, or `.safetensors`; or a folder of
  /// shards, all of which are finished and as they were written.
  ///
  /// - Parameters:
  ///   - path: the file or the folder.
  ///   - layer: whose features to read of a file with several layers; nil for the only ones.
  /// - Throws: ``FeatureFileError``, `ArchiveError`, `FileError`, and ``ShardError`` for a folder.
  /// - Complexity: O(names), and of a folder O(bytes): shards are held to their digests.
  public init(contentsOf path: String, layer: String? = nil) throws {
    self =
      try ShardFolder(path: path).holdsRun()
      ? FeatureShards(folder: path).set(layer: layer)
      : FeatureFile.format(of: path).open(path, layer: layer)
  }

  /// Whether what is at `path` is meant as features: a folder of shards, a file of features, a `.npy` array, or a `.safetensors` file that
  /// is nothing else, as one that is damaged.
  public static func isAt(_ path: String) -> Bool {
    let role = FileRole(path)
    return path.hasSuffix(".npy") || role == .features
      || role == nil && path.hasSuffix(".safetensors") && FileFacts.byteCount(of: path) != nil
  }

  /// Lends the numbers of some rows, one row after the other; they are read for it.
  ///
  /// - Parameters:
  ///   - range: which rows.
  ///   - body: is lent them: `range.count` times as many as a row has.
  /// - Precondition: `range` lies within `0..<count`.
  /// - Throws: `FileError` where the file cannot be read or was changed, and what `body` throws.
  public func withRows<Result>(
    _ range: Range<Int>, _ body: (Span<Float>) throws -> Result
  ) throws -> Result {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "FeatureSet: rows out of range")
    let width = rowShape.elementCount
    var scalars = [Float](repeating: 0, count: range.count * width)
    var target = scalars.mutableSpan
    var next = range.lowerBound
    while next < range.upperBound {
      let run = run(from: next, upTo: range.upperBound)
      try part(of: run.lowerBound).read(run, into: &target, at: (next - range.lowerBound) * width)
      next += run.count
    }
    return try body(scalars.span)
  }

  /// Rows of the file that lie one after the other in one part, from that of the row at `place` on, as many as there are.
  private func run(from place: Int, upTo end: Int) -> Range<Int> {
    let first = indices?[place] ?? place
    let most = min(end - place, part(of: first).rows.upperBound - first)
    guard let indices else { return first..<first + most }
    var count = 1
    while count < most, indices[place + count] == first + count { count += 1 }
    return first..<first + count
  }

  /// The part that has a row of the file.
  private func part(of row: Int) -> FeaturePart {
    var (low, high) = (0, parts.count)
    while low < high {
      let middle = (low + high) / 2
      if parts[middle].rows.upperBound <= row { low = middle + 1 } else { high = middle }
    }
    return parts[low]
  }

  /// Refuses so many rows in so many copies where memory does not hold them.
  static func checkMemory(rows: Int, _ width: Int, copies: Int = 1, of path: String) throws {
    let needed = MemoryLimit.product(rows, width, copies, MemoryLayout<Float>.size)
    do { try MemoryLimit.check(needed) } catch {
      throw ModelZooError.notEnoughMemory(
        work: "\(path): \(rows.grouped) rows of \(width.grouped) numbers", neededBytes: error.neededBytes,
        availableBytes: error.availableBytes, advice: "use the features of fewer images")
    }
  }

  /// Appends all numbers.
  func append(to scalars: inout [Float], _ cancellation: Cancellation = Cancellation()) throws {
    let piece = max(1, (4 << 20) / max(1, 4 * rowShape.elementCount))
    for start in stride(from: 0, to: count, by: piece) {
      try cancellation.check()
      try withRows(start..<min(start + piece, count)) { numbers in
        for index in numbers.indices { scalars.append(numbers[index]) }
      }
    }
  }

  /// All rows in memory.
  func table() throws -> FeatureTable {
    try Self.checkMemory(rows: count, rowShape.elementCount, of: path)
    var scalars: [Float] = []
    scalars.reserveCapacity(shape.elementCount)
    try append(to: &scalars)
    return FeatureTable(features: Tensor(shape: shape, scalars: scalars), rows: rows, skipped: [])
  }
}

extension FeatureSet: SampleRows {
  package func read(
    _ index: Int, into target: inout MutableSpan<Float>, at start: Int
  ) throws(TrainingError) {
    let row = indices?[index] ?? index
    do throws(FileError) { try part(of: row).read(row..<row + 1, into: &target, at: start) } catch {
      throw .lostFeatures(reason: error.description)
    }
  }
}
