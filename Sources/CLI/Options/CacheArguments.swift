import ModelZoo
import Reports
import Synchronization

/// Where features are kept from one run to the next.
struct CacheArguments {
  private let folder = Option.optional(
    "cache", value: "DIR", .outputFolder,
    help: "cache features in DIR (default: the system's folder for caches)")
  private let off = Flag("no-cache", help: "do not read or write the feature cache")
  private let limit = Option(
    "cache-limit", value: "SIZE", .byteCount, default: FeatureCache.standardByteLimit,
    help: "evict the least recently used features beyond SIZE")

  var declarations: [any CommandArgument] { [folder, off, limit] }

  /// The cache that is asked for; nil for none.
  func cache(_ arguments: Arguments, _ console: Console) throws(UsageError) -> FeatureCache? {
    if arguments[off] {
      guard arguments[folder] == nil else {
        throw .conflict("--cache and --no-cache: give one of them, not both")
      }
      return nil
    }
    return (arguments[folder] ?? FeatureCache.standardFolder(environment: console.environment)).map {
      FeatureCache(folder: $0, byteLimit: arguments[limit])
    }
  }
}

/// What the cache was good for, over all the times it was asked.
final class CacheTally: Sendable {
  private let uses = Mutex<[CacheUse]>([])

  func add(_ use: CacheUse) { uses.withLock { $0.append(use) } }

  /// Says how many features were found, and why others could not be kept.
  ///
  /// - Parameter images: nil where nobody knows; how many images there were: of an image that is augmented there are features of each variant.
  func report(on console: Console, images: Int?) {
    let all = uses.withLock(\.self)
    let found = all.reduce(0) { $0 + $1.found }
    let computed = all.reduce(0) { $0 + $1.computed }
    if found > 0 {
      let all = found + computed
      let sum = all > images ?? all ? ", \(all.grouped) in all: one for each variant of an image" : ""
      console.note("Features: \(found.grouped) from the cache, \(computed.grouped) computed\(sum).")
    }
    if let failure = all.compactMap(\.failure).first { console.warn(failure) }
  }
}

extension ValueKind where Value == Int {
  /// A number of bytes, with a unit if need be: `500MB`, `4 GB`, `4G`, `4GiB`.
  static var byteCount: Self {
    // In steps of 1024, as sizes are printed.
    let factors = ["": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40]
    return Self(
      expectation: "a size such as 500MB or 4GB",
      parse: { text in
        let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let unit = text.dropFirst(digits.count).filter { $0 != " " }.lowercased()
        let prefix = unit.hasSuffix("ib") ? unit.dropLast(2) : unit.dropLast(unit.hasSuffix("b") ? 1 : 0)
        guard let number = Double(decimal: digits), let factor = factors[String(prefix)], unit != "ib" else {
          return nil
        }
        return Int(exactly: (number * Double(factor)).rounded())
      }, show: { memorySize($0) })
  }
}
