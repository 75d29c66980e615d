import Kernels

/// What `zoo-bench` was asked for.
struct BenchmarkRequest {
  var isJSON = false
  var threads: Int?
  var batches = [1, 8]
  var seconds = 1.0
  /// Entries to measure; empty for all.
  var entries: [String] = []
  var includesKernels = true
  var includesNetworks = true

  static let usage = """
    usage: zoo-bench [ENTRY...] [--kernels-only | --networks-only] [--batch N]... [--threads N]
                     [--seconds N] [--json]

    Measures this machine's best rate of multiply-adds, matrix products of the sizes that occur in
    networks, and whole networks with synthetic weights. Prints medians and how far they can be trusted.
    """

  /// Reads the command line; nil if it cannot be understood.
  init?(_ words: [String]) {
    var rest = words[...]
    var batches: [Int] = []
    while let word = rest.popFirst() {
      switch word {
      case "--json": isJSON = true
      case "--kernels-only": includesNetworks = false
      case "--networks-only": includesKernels = false
      case "--batch", "--threads", "--seconds":
        guard let number = rest.popFirst().flatMap(Int.init), number > 0 else { return nil }
        if word == "--batch" { batches.append(number) }
        if word == "--threads" { threads = number }
        if word == "--seconds" { seconds = Double(number) }
      default:
        if word.hasPrefix("-") { return nil }
        entries.append(word)
      }
    }
    if !batches.isEmpty { self.batches = batches }
  }

  func measure() throws -> BenchmarkResults {
    let pool = threads.map { ThreadPool(threads: $0) } ?? .shared
    var results = BenchmarkResults(pool: pool)
    if includesKernels { results.measureProducts(seconds: seconds / 4, pool: pool) }
    if includesNetworks {
      try results.measureNetworks(entries, batches: batches, seconds: seconds, pool: pool)
    }
    return results
  }
}
