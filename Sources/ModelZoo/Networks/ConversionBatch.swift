import Encoding
import Errors
import Files
public import TensorArchive
import Tensors
public import WeightConversion

/// Many weight files to be converted into one folder, each for itself: what cannot be converted is a result, and the rest is converted.
///
/// ```swift
/// let batch = try ConversionBatch(["a.h5", "b.keras"], into: "archives")
/// let results = try await batch.start(with: NetworkCatalog()).value
/// for result in results.failures { print(result.weightFile, result.failure ?? "") }
/// ```
public struct ConversionBatch: Sendable {
  /// A file, and where its archive goes.
  public struct Item: Hashable, Sendable {
    /// The weight file as it was named.
    public let weightFile: String
    /// The archive: in the folder, with the file's name and another ending.
    public let archive: String
  }

  /// What is to be done, in the order of the files.
  public let items: [Item]
  /// Where the archives go.
  public let folder: String

  /// Names an archive for every file; nothing is read or written.
  ///
  /// - Parameters:
  ///   - weightFiles: the files.
  ///   - folder: where the archives go; it is made when the first one is written.
  ///   - others: what else is read, such as a file with class names.
  /// - Throws: ``ModelZooError/sameArchive(_:first:second:)`` for two files whose archives would have one name, `FileError.isInput` for an
  ///   archive that would take the place of one of the files.
  public init(_ weightFiles: [String], into folder: String, reading others: [String] = []) throws {
    let prefix = folder.hasSuffix("/") ? folder : folder + "/"
    self.folder = folder
    items = weightFiles.map {
      Item(weightFile: $0, archive: "\(prefix)\(Self.stem(of: $0)).zoo.safetensors")
    }
    var files: [String: String] = [:]
    for item in items {
      // Some file systems know no difference between letters of two cases.
      let key = item.archive.lowercased()
      if let other = files[key] {
        throw ModelZooError.sameArchive(item.archive, first: other, second: item.weightFile)
      }
      files[key] = item.weightFile
    }
    let inputs = Dictionary(
      (weightFiles + others).compactMap { file in FileIdentity(file).map { ($0, file) } }
    ) { first, _ in first }
    for item in items {
      if let input = FileIdentity(item.archive).flatMap({ inputs[$0] }) {
        throw FileError.isInput(path: item.archive, input: input)
      }
    }
  }

  /// Endings of weight files, longer ones first; what they are packed in is gone by then.
  private static let endings = [
    ".weights.h5", ".weights.json", ".zoo.safetensors", ".safetensors", ".hdf5", ".h5", ".keras", ".pth",
    ".pt",
    ".bin", ".ckpt", ".npz",
  ]

  /// The name of a file without what says its format: `net` of `a/net.weights.h5.gz`.
  static func stem(of path: String) -> String {
    var name = path.split(separator: "/").last.map(String.init) ?? path
    for endings in [[".gz", ".zip"], endings] {
      let ending = endings.first { name.lowercased().hasSuffix($0) && name.utf8.count > $0.utf8.count }
      if let ending { name = String(name.dropLast(ending.count)) }
    }
    return name
  }

  /// Converts all files, one after the other; of an archive among them the numbers are stored as another type, where no more is asked for. An archive that is there already is replaced, complete or not at all.
  ///
  /// - Parameters:
  ///   - catalog: the networks that are known.
  ///   - options: those of every file.
  ///   - isProved: whether every archive is proved before it is in place, as by ``NetworkCatalog/writeProved(_:to:progress:)``.
  ///   - progress: told of what happens. What it throws ends the work; archives that are in place stay.
  /// - Returns: a result for each file, in their order.
  /// - Throws: `FileError` for a folder that cannot be made or written to, `CancellationError` in a task that is cancelled.
  /// - Complexity: O(bytes) time; memory stays below twice the largest tensor.
  public func run(
    with catalog: NetworkCatalog, options: ConversionOptions = ConversionOptions(), isProved: Bool = false,
    progress: (ConversionBatchEvent) throws -> Void = { _ in }
  ) throws -> ConversionBatchReport {
    try OutputFolder.makeWritable(folder)
    var results: [ConversionBatchReport.Result] = []
    for (index, item) in items.enumerated() {
      try Task.checkCancellation()
      try progress(.file(index: index, item))
      var result = ConversionBatchReport.Result(item)
      do {
        if let type = storedType(options, isProved), try catalog.isArchive(item.weightFile) {
          try Archive(contentsOf: item.weightFile).write(to: item.archive, as: type)
          result.stored = try Archive(contentsOf: item.archive)
        } else {
          try convert(item, into: &result, catalog, options, isProved, progress)
        }
      } catch let error as any ZooError {
        result.failure = error
      }
      results.append(result)
      try progress(.done(result))
    }
    return ConversionBatchReport(results: results)
  }

  /// The type that archives are written again with; nil where something else is asked for, which archives do not take.
  private func storedType(_ options: ConversionOptions, _ isProved: Bool) -> ScalarType? {
    !isProved && options == ConversionOptions(scalarType: options.scalarType) ? options.scalarType : nil
  }

  private func convert(
    _ item: Item, into result: inout ConversionBatchReport.Result, _ catalog: NetworkCatalog,
    _ options: ConversionOptions, _ isProved: Bool, _ progress: (ConversionBatchEvent) throws -> Void
  ) throws {
    let conversion = try catalog.conversion(of: item.weightFile, options: options)
    let total = conversion.recognition.valueCount * (isProved ? 3 : 1)
    var done = 0
    func advance(_ values: Int) throws {
      done = min(total, done + values)
      try progress(.values(done: done, total: total))
    }
    if isProved {
      let written = try catalog.writeProved(conversion, to: item.archive, progress: advance)
      (result.report, result.proof) = (written.report, written.proof)
    } else {
      result.report = try conversion.write(to: item.archive, progress: advance)
    }
  }

  /// The same on a thread of its own.
  ///
  /// - Parameters:
  ///   - catalog: the networks that are known.
  ///   - options: those of every file.
  ///   - isProved: whether every archive is proved before it is in place.
  /// - Returns: the work; cancelled, it stops within a tensor, and archives that are in place stay.
  public func start(
    with catalog: NetworkCatalog, options: ConversionOptions = ConversionOptions(), isProved: Bool = false
  ) -> Job<ConversionBatchEvent, ConversionBatchReport> {
    Job(superseding: ConversionBatchEvent.supersedes) { context in
      try run(with: catalog, options: options, isProved: isProved) { event in
        try context.cancellation.check()
        context.report(event)
      }
    }
  }
}

/// What happens while many files are converted.
public enum ConversionBatchEvent: Sendable {
  /// The next file, and the how manyth of all it is, from 0.
  case file(index: Int, ConversionBatch.Item)
  /// So many of the file's values are written, and read again where they are proved.
  case values(done: Int, total: Int)
  /// What came of the file.
  case done(ConversionBatchReport.Result)

  static func supersedes(_ event: ConversionBatchEvent, _ unread: ConversionBatchEvent) -> Bool {
    guard case .values = event, case .values = unread else { return false }
    return true
  }
}

/// What came of many files.
public struct ConversionBatchReport: Sendable {
  /// What came of one file.
  public struct Result: Sendable {
    /// The weight file as it was named.
    public let weightFile: String
    /// Where its archive is, or would have been.
    public let archive: String
    /// What was converted; nil for a failure.
    public internal(set) var report: ConversionReport?
    /// What shows that the archive is what was read; nil for a failure, and where that was not asked for.
    public internal(set) var proof: ConversionProof?
    /// The archive that was written, of a file that was an archive already and got another type of numbers; nil for any other.
    public internal(set) var stored: Archive?
    /// Why it was not converted; nil where it was.
    public internal(set) var failure: (any ZooError)?

    init(_ item: ConversionBatch.Item) { (weightFile, archive) = (item.weightFile, item.archive) }
  }

  /// A result for each file, in their order.
  public let results: [Result]

  /// Those of files that were not converted.
  public var failures: [Result] { results.filter { $0.failure != nil } }
}
