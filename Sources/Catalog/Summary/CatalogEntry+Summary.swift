extension CatalogEntry {
  /// The summary of one of the entry's graphs, at its default size unless another is given.
  package func summary(variant: String? = nil, size: Extent? = nil) throws(CatalogError) -> Summary {
    let size = size ?? defaultSize
    return try Summary(
      try graph(variant: variant), modelName: kerasName, height: size.height, width: size.width)
  }

  /// The text of the entry's `summary.txt`: every layer with its shape, parameters and costs at the default
  /// size.
  package var summaryFile: String {
    get throws(CatalogError) {
      let costs = try graph().costs(height: defaultSize.height, width: defaultSize.width)
      return try summary().lines(costs: costs).joined(separator: "\n") + "\n"
    }
  }
}
