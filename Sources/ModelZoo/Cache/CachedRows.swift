import Encoding
import Files
import Images
import Synchronization
import TensorArchive

/// How a cache was used.
public struct CacheUse: Hashable, Sendable {
  /// Rows that were found.
  public let found: Int
  /// Rows that had to be computed.
  public let computed: Int
  /// Why computed rows could not be cached, if so; the work continued without.
  public let failure: String?

  package init(found: Int, computed: Int, failure: String? = nil) {
    self.found = found
    self.computed = computed
    self.failure = failure
  }
}

/// One backbone's rows in a cache, for one run. Of a backbone with several outputs a row is what all of them hold of a
/// image, one after the other; each output has a shelf of its own.
final class CachedRows: RowMemory {
  private let shelves: [OpenShelf]
  private let counts = Mutex((found: 0, computed: 0))

  init(_ cache: FeatureCache, _ backbone: Backbone) throws {
    let widths = backbone.plan.outputs.map(\.shape.elementCount)
    shelves = try widths.enumerated().map { output, width in
      OpenShelf(cache, try FeatureContext(backbone, output: output), rowWidth: width)
    }
  }

  func recall(_ file: [UInt8], _ transforms: [ImageTransform]) -> [RecalledRow] {
    var digest = SHA256()
    file.withRawSpan { digest.update($0) }
    let name = digest.hexadecimal
    let rows = transforms.map { transform in
      let key = ImageKey(file: name, label: transform.label)
      return RecalledRow(key: key, values: row(key))
    }
    let found = rows.count { $0.values != nil }
    counts.withLock { $0.found += found }
    return rows
  }

  /// Keeps a row that was computed: what each output holds of an image, not copied.
  func keep(_ key: ImageKey, _ parts: [ArraySlice<Float>]) {
    counts.withLock { $0.computed += 1 }
    for (shelf, part) in zip(shelves, parts) {
      // What one of several outputs had already is not written a second time.
      if shelves.count == 1 || shelf.row(key) == nil { shelf.keep(key, part) }
    }
  }

  /// The row of all outputs; nil unless every one is here.
  private func row(_ key: ImageKey) -> [Float]? {
    var values: [Float] = []
    for shelf in shelves {
      guard let part = shelf.row(key) else { return nil }
      if shelves.count == 1 { return part }
      values += part
    }
    return values
  }

  func close() -> CacheUse {
    let failure = shelves.map { $0.close() }.compactMap(\.self).first
    return counts.withLock { CacheUse(found: $0.found, computed: $0.computed, failure: failure) }
  }
}
