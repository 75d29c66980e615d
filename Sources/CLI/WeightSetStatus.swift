import Catalog
import KerasWeights

/// Which checks a weight set of the catalog passes, found by running them: no field of the set can claim it.
struct WeightSetStatus {
  enum Check: String, CaseIterable {
    /// The file of the set was read, every value understood.
    case parsed
    /// Its graph, tag, naming patterns and digests make sense beside the entry and the other sets.
    case consistent
    /// Every layer with weights has exactly one group, and no group two layers.
    case bound
    /// The published file can be told from others by its MD5.
    case identified
    /// A file in hand was recognised as this set, and every tensor had its place; if one was published, it is that.
    case fitted
  }

  let entry: CatalogEntry
  /// Where the set stands: `<entry>/weights/<tag>.json`.
  let path: String
  /// Nil when it cannot be read.
  let set: WeightSet?
  let passed: [Check]
  /// What keeps it from passing more.
  let problems: [String]

  /// The statuses of all weight sets of an entry.
  static func all(
    of entry: CatalogEntry, in catalog: EntryCatalog, files fittedFiles: FittedFiles? = nil
  ) throws -> [WeightSetStatus] {
    let files = catalog.weightFiles(of: entry.identifier)
    let readings = files.map { file in
      Result { () throws(WeightSetError) in try WeightSet(json: file.text, file: file.path) }
    }
    let siblings = readings.compactMap { try? $0.get() }
    var seen: Set<String> = []
    let layers = try ArchivedNetwork(entry: entry, variant: nil).parameters().map(\.layer).filter {
      seen.insert($0).inserted
    }
    return zip(files, readings).map { file, reading in
      WeightSetStatus(
        entry: entry, path: file.path, reading: reading, layers: layers, siblings: siblings,
        fittedFiles: fittedFiles)
    }
  }

  private init(
    entry: CatalogEntry, path: String, reading: Result<WeightSet, WeightSetError>, layers: [String],
    siblings: [WeightSet], fittedFiles: FittedFiles?
  ) {
    self.entry = entry
    self.path = path
    switch reading {
    case .failure(let error):
      (set, passed, problems) = (nil, [], [error.description])
    case .success(let set):
      let found = set.problems(layers: layers, variants: entry.variants.map(\.name), siblings: siblings)
      let isBound = (try? WeightBinding(of: set, layers: layers, siblings: siblings)) != nil
      self.set = set
      passed =
        [.parsed] + (found.isEmpty ? [.consistent] : []) + (isBound ? [.bound] : [])
        + (set.file?.md5 == nil ? [] : [.identified])
        + (fittedFiles?.contains(entry: entry.identifier, tag: set.tag) == true ? [.fitted] : [])
      problems = found
    }
  }
}
