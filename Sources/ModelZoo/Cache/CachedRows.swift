import Encoding
import Files
import Images
import Synchronization
import TensorArchive

/// What a cache was good for.
public struct CacheUse: Hashable, Sendable {
  /// Rows that were found.
  public let found: Int
  /// Rows that had to be computed.
  public let computed: Int
  /// Why computed rows could not be kept, if so; the work went on without.
  public let failure: String?

  package init(found: Int, computed: Int, failure: String? = nil) {
    self.found = found
    self.computed = computed
    self.failure = failure
  }
}

/// One backbone's rows in a cache, for one run.
final class CachedRows: RowMemory {
  private let shelf: OpenShelf
  private let counts = Mutex((found: 0, computed: 0))

  init(_ cache: FeatureCache, _ backbone: Backbone) throws {
    shelf = OpenShelf(cache, try FeatureContext(backbone), rowWidth: backbone.featureShape.elementCount)
  }

  func recall(_ file: [UInt8], _ transforms: [ImageTransform]) -> [RecalledRow] {
    var digest = SHA256()
    file.withRawSpan { digest.update($0) }
    let name = digest.hexadecimal
    let rows = transforms.map { transform in
      let key = PictureKey(file: name, label: transform.label)
      return RecalledRow(key: key, values: shelf.row(key))
    }
    let found = rows.count { $0.values != nil }
    counts.withLock { $0.found += found }
    return rows
  }

  func keep(_ key: PictureKey, _ values: [Float]) {
    counts.withLock { $0.computed += 1 }
    shelf.keep(key, values)
  }

  /// Lets the system have the memory of what was read so far.
  func releasePages() { shelf.releasePages() }

  func close() -> CacheUse {
    let failure = shelf.close()
    return counts.withLock { CacheUse(found: $0.found, computed: $0.computed, failure: failure) }
  }
}
