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

  /// The images that are, byte for byte, the same: groups of two or more as indices of `items`, in their order.
  ///
  /// Files of a size that no other has are not read. A file that cannot be read is not a copy.
  ///
  /// - Parameter isCancelled: asked before every file; yes ends the search.
  package static func copyGroups(of items: [Item], isCancelled: () -> Bool = { false }) -> [[Int]] {
    let sizes = Dictionary(grouping: items.indices) {
      isCancelled() ? nil : items[$0].location.byteCount
    }
    var groups: [[Int]] = []
    for (size, members) in sizes where size != nil && members.count > 1 {
      let digests = Dictionary(grouping: members) { isCancelled() ? nil : items[$0].location.sha256 }
      groups += digests.filter { $0.key != nil && $0.value.count > 1 }.values
    }
    return groups.sorted { $0[0] < $1[0] }
  }
}
