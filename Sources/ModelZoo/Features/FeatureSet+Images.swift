import Datasets

extension FeatureSet {
  /// The images that are listed, those without a row included; nothing of them can be read.
  var images: Dataset {
    Dataset(
      place: path, source: origin?.recipe.source ?? .folder, classes: rows.classNames,
      unread: listing.map { row, label in
        row.map { (rows.files[$0], label) } ?? (Self.unreadName, label)
      })
  }

  /// The images of the rows, in their order.
  var imagesOfRows: [Dataset.Item] {
    zip(images.items, listing).filter { $0.1.row != nil }.map(\.0)
  }

  /// What an image without a row is called, whose name is not known.
  static let unreadName = "an image without features"

  /// For each listed image its row, nil for none, and its class.
  private var listing: [(row: Int?, label: Int?)] {
    var (lost, next) = (missing[...], 0)
    return (0..<count + missing.count).map { index in
      if let image = lost.first, image.index == index {
        lost.removeFirst()
        return (nil, image.label)
      }
      defer { next += 1 }
      return (next, rows.labels.isEmpty ? nil : rows.labels[next])
    }
  }

  /// The rows of the listed images at `places`, in that order.
  func keeping(listed places: [Int]) -> FeatureSet {
    guard !missing.isEmpty else { return keeping(places) }
    let listing = listing
    return keeping(places.compactMap { listing[$0].row })
  }
}

extension FeatureSet {
  /// Refuses a backbone whose features these are not, as far as the file says.
  ///
  /// - Throws: ``FeatureFileError/otherBackbone(path:archive:differences:)``, ``FeatureFileError/variants(path:count:)``.
  func check(_ backbone: Backbone) throws {
    if let count = origin?.recipe.variants { throw FeatureFileError.variants(path: path, count: count) }
    var differences = try origin?.differences(from: backbone, column: column) ?? []
    if rowShape != backbone.featureShape, differences.isEmpty {
      differences = ["expected rows \(backbone.featureShape), found \(rowShape)"]
    }
    guard differences.isEmpty else {
      throw FeatureFileError.otherBackbone(path: path, archive: backbone.path, differences: differences)
    }
  }

  /// Refuses features that were not computed like these, as far as the files say.
  func check(like other: FeatureSet) throws(FeatureFileError) {
    let own = origin.map { $0.settings[column].split(separator: "\n") } ?? []
    let theirs = other.origin.map { $0.settings[other.column].split(separator: "\n") } ?? []
    var differences = zip(theirs, own).filter { $0 != $1 }.map { "expected \($0), found \($1)" }
    if rowShape != other.rowShape, differences.isEmpty {
      differences = ["expected rows \(other.rowShape), found \(rowShape)"]
    }
    guard differences.isEmpty else {
      throw .otherFeatures(path: path, other: other.path, differences: differences)
    }
  }
}

extension Backbone {
  /// Loads the backbone that computed `features`, with the options they were computed with.
  ///
  /// ```swift
  /// let features = try FeatureSet(contentsOf: "features")
  /// let backbone = try Backbone(contentsOf: "backbone.zoo.safetensors", of: features)
  /// ```
  ///
  /// - Parameters:
  ///   - path: the archive.
  ///   - features: what it computed.
  ///   - options: the options where the file of features does not say them, as a `.npy` file does not; see
  ///     ``FeatureSet/saysHowItWasComputed``.
  ///   - threads: how many threads work; nil for one per core. No result depends on it.
  /// - Throws: what `init(contentsOf:options:threads:images:)` throws, and ``FeatureFileError/otherBackbone(path:archive:differences:)``
  ///   where the features are another network's, of other weights, or were computed otherwise.
  public init(
    contentsOf path: String, of features: FeatureSet, options: BackboneOptions = BackboneOptions(),
    threads: Int? = nil
  ) throws {
    let own = try features.origin?.options(layer: features.layer, path: features.path)
    try self.init(contentsOf: path, options: own ?? options, threads: threads)
    try features.check(self)
  }
}

extension FeatureSet {
  /// The title of the network that computed them; nil where the file does not say.
  var network: String? {
    let line = origin?.settings[column].split(separator: "\n").first
    return line.flatMap { $0.hasPrefix("network ") ? String($0.dropFirst("network ".count)) : nil }
  }

  /// Whether the file says what computed the features: network, weights, input, pooling and preprocessing.
  public var saysHowItWasComputed: Bool { origin != nil }
}
