import Files

extension Dataset {
  /// The images that are, byte for byte, also images of `other`, such as validation images that are also training
  /// images.
  ///
  /// Files of a size that only one side has are not read. A file that cannot be read is not a copy.
  public func copies(of other: Dataset) -> [Item] {
    let otherSizes = Dictionary(grouping: other.items) { Self.size(of: $0) }
    let suspects = items.filter { otherSizes[Self.size(of: $0)] != nil && Self.size(of: $0) != nil }
    guard !suspects.isEmpty else { return [] }
    let sizes = Set(suspects.map { Self.size(of: $0) })
    let digests = Set(
      otherSizes.filter { sizes.contains($0.key) }.values.joined().compactMap { Self.digest(of: $0) })
    return suspects.filter { item in Self.digest(of: item).map { digests.contains($0) } ?? false }
  }

  private static func size(of item: Item) -> Int? {
    (try? FileBytes(path: item.path))?.byteCount
  }

  private static func digest(of item: Item) -> String? { (try? FileDigests(contentsOf: item.path))?.sha256 }
}
