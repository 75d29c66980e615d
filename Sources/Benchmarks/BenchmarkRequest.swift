import Kernels

/// What `zoo-bench` was asked for.
struct BenchmarkRequest {
  /// What can be measured.
  enum Kind: String, CaseIterable {
    /// Matrix products of the sizes that occur in networks.
    case kernels
    /// Every step of a network on its own.
    case layers
    /// Whole networks.
    case networks
    /// From an archive on disk to a network ready to run.
    case load
    /// From the start of a process to an image's features on disk.
    case startUp = "start-up"

    /// The kind called `name`, in the plural or not.
    init?(named name: String) {
      guard let kind = Self(rawValue: name) ?? Self(rawValue: name + "s") else { return nil }
      self = kind
    }
  }

  var isJSON = false
  var threads: Int?
  var batches = [1, 8]
  var seconds = 1.0
  /// Entries to measure; empty for all.
  var entries: [String] = []
  /// All but the layers, of which there are many.
  var kinds: [Kind] = [.kernels, .networks, .load, .startUp]
  /// An earlier run's JSON.
  var earlier: String?

  static let usage = """
    usage: zoo-bench [ENTRY...] [--only KIND]... [--batch N]... [--threads N] [--seconds N]
                     [--json] [--compare FILE]

    Measures, with synthetic weights: kernels (matrix products of the sizes that occur in networks),
    layers (every step of a network), networks, load (from an archive to a network ready to run) and
    start-up (from the start of a process to an image's features on disk). Without --only all but
    layers. Prints medians, the distance between the quartiles, and the share of this machine's best
    rate of multiply-adds, which is measured in the same run.

    GFLOP/s counts a layer's operations as its definition has them, whatever the algorithm saves; the
    share of the peak counts the multiply-adds that are computed, without Winograd's transforms.

    --compare FILE puts the times of an earlier run beside (what --json printed): earlier / now, and a
    mark where that is beyond the noise of both. Start-up needs zoo beside zoo-bench.
    """

  /// Reads the command line; nil if it cannot be understood.
  init?(_ words: [String]) {
    var rest = words[...]
    var (batches, kinds) = ([Int](), [Kind]())
    while let word = rest.popFirst() {
      switch word {
      case "--json": isJSON = true
      case "--only":
        guard let kind = rest.popFirst().flatMap(Kind.init(named:)) else { return nil }
        kinds.append(kind)
      case "--compare":
        guard let path = rest.popFirst() else { return nil }
        earlier = path
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
    if !kinds.isEmpty { self.kinds = kinds }
  }

  func measure() throws -> BenchmarkResults {
    let pool = threads.map { ThreadPool(threads: $0) } ?? .shared
    var results = BenchmarkResults(pool: pool, seconds: seconds)
    if kinds.contains(.kernels) { try results.measureProducts() }
    for identifier in try BenchmarkSubject.identifiers(entries) {
      let subject = try BenchmarkSubject(identifier)
      if kinds.contains(.networks) || kinds.contains(.layers) {
        let plan = try subject.plan(pool: pool)
        if kinds.contains(.layers) { try results.measureLayers(subject, plan) }
        if kinds.contains(.networks) { try results.measureNetwork(subject, plan, batches: batches) }
      }
      if kinds.contains(.load) || kinds.contains(.startUp) {
        try subject.withArchive { archive in
          if kinds.contains(.load) { try results.measureLoad(subject, archive) }
          if kinds.contains(.startUp) { try results.measureStartUp(subject, archive) }
        }
      }
    }
    return results
  }
}
