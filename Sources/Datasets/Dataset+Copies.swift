extension Dataset {
  /// The images that are, byte for byte, also images of `other`, such as validation images that are also training
  /// images.
  ///
  /// Files of a size that only one side has are not read. A file that cannot be read is not a copy.
  public func copies(of other: Dataset) -> [Item] {
    let otherSizes = Dictionary(grouping: other.items, by: \.location.byteCount)
    let sizes = Set(items.compactMap(\.location.byteCount)).intersection(otherSizes.keys.compactMap(\.self))
    guard !sizes.isEmpty else { return [] }
    let digests = Set(sizes.flatMap { otherSizes[$0] ?? [] }.compactMap(\.location.sha256))
    return items.filter { item in
      guard let size = item.location.byteCount, sizes.contains(size) else { return false }
      return item.location.sha256.map(digests.contains) ?? false
    }
  }
}
