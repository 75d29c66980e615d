public import Datasets
import Files
public import Foundation
import Images

/// How images are listed in a file.
public struct ListingFileOptions: Hashable, Sendable {
  /// How images and classes are found.
  public var listing: ListingOptions
  /// Whether classes are written where there are some.
  public var keepsClasses = true
  /// Whether every file is read for the digest of its bytes; otherwise its size alone is looked up.
  public var takesDigests: Bool
  /// Files that are looked at at a time; nil for four for each processor, since most of the time is waiting.
  public var threads: Int?

  /// Sizes without digests by default.
  public init(
    listing: ListingOptions = ListingOptions(), takesDigests: Bool = false, threads: Int? = nil
  ) {
    (self.listing, self.takesDigests, self.threads) = (listing, takesDigests, threads)
  }
}

/// What happens while images are listed.
public enum ListingEvent: Hashable, Sendable {
  /// So many images are written.
  case images(done: Int)
}

/// A listing that was written.
public struct ListingSummary: Hashable, Sendable {
  /// How many images are listed.
  public let count: Int
  /// The names of the classes; empty without.
  public let classes: [String]
  /// How many files could not be looked at, so that nothing is known of them but the name.
  public let unknownCount: Int
  /// Notes and warnings of what was listed.
  public let diagnostics: [DatasetDiagnostic]
}

extension Listing {
  /// Lists images in a file, and writes its index beside it; in memory for one folder of files at a time, but for the images of
  /// manifests and archives.
  ///
  /// - Parameters:
  ///   - sources: folders, archives, manifests and files, as `Dataset(images:)` takes them. The rows have the order and the names
  ///     that they have there; sample weights of a manifest are not kept.
  ///   - path: a `.jsonl`, `.ndjson` or `.csv` file.
  ///   - options: how it is done.
  /// - Returns: a job that throws what `Dataset(images:)` throws, `FileError` where the file cannot be written or is one of the
  ///   sources, and ``ListingError/lineBreak(path:name:)``. After an error, and when it is cancelled, the file is as it was.
  /// - Throws: ``ListingError/ending(path:)`` before anything is read.
  public static func write(
    images sources: [String], to path: String, options: ListingFileOptions = ListingFileOptions()
  ) throws(ListingError) -> Job<ListingEvent, ListingSummary> {
    try check(name: path)
    return Job(superseding: { _, _ in true }) { context in
      let files = RunOutputs(files: [path, indexPath(of: path)])
      if let clash = files.clash(with: sources) {
        throw FileError.isInput(path: clash.output, input: clash.other)
      }
      return try ListingRun(options, path, context).write(ImageStream(of: sources, options.listing), sources)
    }
  }

  /// Lists images by their paths in a file, as ``write(images:to:options:)`` does, in constant memory; they have no classes.
  ///
  /// - Parameters:
  ///   - lines: reads the paths.
  ///   - path: a `.jsonl`, `.ndjson` or `.csv` file.
  ///   - options: how it is done.
  /// - Throws: ``ListingError/ending(path:)`` before anything is read.
  public static func write(
    paths lines: FileHandle, to path: String, options: ListingFileOptions = ListingFileOptions()
  ) throws(ListingError) -> Job<ListingEvent, ListingSummary> {
    try check(name: path)
    return Job(superseding: { _, _ in true }) { context in
      let input = FileIdentity(descriptor: lines.fileDescriptor)
      for output in [path, indexPath(of: path)] where input != nil && FileIdentity(output) == input {
        throw FileError.isInput(path: output, input: "standard input")
      }
      let stream = ImageStream(paths: PathLines(lines), place: "standard input")
      return try ListingRun(options, path, context).write(stream, ["-"])
    }
  }
}

/// Writes one listing.
private struct ListingRun {
  let options: ListingFileOptions
  let path: String
  let context: JobContext<ListingEvent>
  private let threads: Int

  /// Looked at at a time; whoever cancels waits for no more.
  private static let batchCount = 1024

  init(_ options: ListingFileOptions, _ path: String, _ context: JobContext<ListingEvent>) {
    (self.options, self.path, self.context) = (options, path, context)
    threads = max(1, options.threads ?? 4 * ProcessInfo.processInfo.activeProcessorCount)
  }

  func write(_ stream: ImageStream, _ sources: [String]) throws -> ListingSummary {
    var stream = stream
    let classes = options.keepsClasses ? stream.classes : []
    var (count, unknown, own) = (0, 0, 0)
    let index = try AtomicFile.write(to: path) { sink in
      var writer = try ListingWriter(
        path, to: sink, sources: sources, stream.source, classes: classes, hasDigests: options.takesDigests)
      while let found = try stream.next() {
        let items = found.filter { !isOutput($0) }
        own += found.count - items.count
        for start in stride(from: 0, to: items.count, by: Self.batchCount) {
          try context.cancellation.check()
          let batch = Array(items[start..<min(start + Self.batchCount, items.count)])
          for (item, found) in zip(batch, fingerprints(of: batch)) {
            try writer.append(item, found)
            if found == nil { unknown += 1 }
          }
          count += batch.count
          context.report(.images(done: count))
        }
      }
      return try writer.finish()
    }
    try AtomicFile.write(index, to: Listing.indexPath(of: path))
    return ListingSummary(
      count: count, classes: classes, unknownCount: unknown,
      diagnostics: stream.diagnostics + (own > 0 ? [.ownListing(place: stream.place, path: path)] : []))
  }

  /// Whether an image that is listed is none, but the listing or its index, from an earlier time.
  private func isOutput(_ item: Dataset.Item) -> Bool {
    [path, Listing.indexPath(of: path)].contains { output in
      Self.name(of: item.path) == Self.name(of: output) && FileIdentity.areSame(item.path, output)
    }
  }

  private static func name(of path: String) -> Substring {
    path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path[path.utf8.index(after: $0)...] } ?? path[...]
  }

  private func fingerprints(of items: [Dataset.Item]) -> [ImageFingerprint?] {
    let takesDigests = options.takesDigests
    return concurrentMap(0..<items.count, threads: threads) { index -> ImageFingerprint? in
      let location = items[index].location
      guard let byteCount = location.byteCount else { return nil }
      guard takesDigests else { return ImageFingerprint(byteCount: byteCount) }
      return location.sha256.map { ImageFingerprint(byteCount: byteCount, sha256: $0) }
    }
  }
}
