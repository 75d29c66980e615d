import ModelZoo

extension Arguments {
  /// The built-in catalog with the folders given by `--zoo`, none of whose files an output may take the place of.
  var catalog: NetworkCatalog {
    get throws {
      let catalog = try NetworkCatalog(adding: self[Common.zoo])
      try refuseOverwriting(catalog.readPaths)
      return catalog
    }
  }

  /// What `--metrics` names; accuracy where it is not given.
  var metrics: [Metric] {
    get throws {
      guard let names = self[Common.metrics] else { return [.accuracy] }
      return try UsageError.inOption("--metrics") {
        try names.split(separator: ",").map { try Metric(named: $0.filter { $0 != " " }) }
      }
    }
  }
}

extension ValueKind where Value == Extent {
  /// The size of an image: `224`, or `150x200` for rows and columns.
  static var imageSize: Self { imageSize("a size such as 224 or 150x200 (rows, columns)") { _ in true } }

  /// The same for images that are to be read, of no more pixels than those may have.
  static var inputSize: Self {
    imageSize("a size such as 224 or 150x200 (rows, columns), up to 13377x13377") { size in
      let (pixels, overflow) = size.height.multipliedReportingOverflow(by: size.width)
      return !overflow && pixels <= DecodingLimits.standard.pixelCount
    }
  }

  private static func imageSize(
    _ expectation: String, where isPossible: @escaping @Sendable (Extent) -> Bool
  ) -> Self {
    Self(
      expectation: expectation,
      parse: { text in
        let extents = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
        guard (1...2).contains(extents.count), extents.allSatisfy({ $0 > 0 }) else { return nil }
        let size = Extent(extents[0], extents[extents.count - 1])
        return isPossible(size) ? size : nil
      }, show: \.words)
  }
}
