import Tensors

/// Goes through two files tensor by tensor, with two of them in memory.
struct ComparisonRun {
  private let first: ComparedFile
  private let second: ComparedFile
  private let tolerance: Tolerance
  private let advance: (_ values: Int) throws -> Void
  private var pool = ValueMatching()
  /// By the places of the first file's tensors: what they were held against, and what came of it.
  private var found: [Int: (other: Int, comparison: TensorComparison)] = [:]
  /// By the places of the second file's tensors.
  private var partners: [Int: Int] = [:]

  /// - Parameter advance: told of all values that were read. What it throws ends the work.
  init(
    _ first: ComparedFile, _ second: ComparedFile, _ tolerance: Tolerance,
    advance: @escaping (_ values: Int) throws -> Void
  ) {
    (self.first, self.second, self.tolerance, self.advance) = (first, second, tolerance, advance)
  }

  /// All tensors of both files, in the first one's order.
  mutating func tensors() throws -> [TensorComparison] {
    let matching = TensorMatching(first.items, second.items)
    for pair in matching.pairs { try add(pair) }
    try addLeftOver(matching)
    for (one, other) in pool.pairs() where partners[other] != one {
      if let former = found[one]?.other { partners[former] = nil }
      if let former = partners[other] { found[former] = nil }
      found[one] = (other, try compare(one, other, .values).comparison)
      partners[other] = one
    }
    return first.items.indices.map { found[$0]?.comparison ?? alone(first.items[$0], .onlyInFirst) }
      + second.items.indices.filter { partners[$0] == nil }.map { alone(second.items[$0], .onlyInSecond) }
  }

  private mutating func add(_ pair: TensorMatching.Pair) throws {
    let result = try compare(pair.first, pair.second, pair.match)
    found[pair.first] = (pair.second, result.comparison)
    partners[pair.second] = pair.first
    // Numbers in names differ from one session of Keras to the next: another tensor may be meant.
    guard pair.match == .name, let summaries = result.summaries, !summaries.first.isConstant else { return }
    pool.addFirst(pair.first, summaries.first, first.items[pair.first].side.shape)
    pool.addSecond(pair.second, summaries.second, second.items[pair.second].side.shape)
  }

  /// Notes what has no partner, where the other file has as many values in one of its tensors.
  private mutating func addLeftOver(_ matching: TensorMatching) throws {
    let differing = found.filter { !$0.value.comparison.isEqual }
    let others = matching.left.second + differing.map(\.value.other)
    let owns = matching.left.first + differing.map(\.key)
    let counts = Set(others.map { second.items[$0].elementCount })
      .intersection(owns.map { first.items[$0].elementCount })
    for place in matching.left.first where counts.contains(first.items[place].elementCount) {
      pool.addFirst(place, try summary(of: first.items[place], in: first), first.items[place].side.shape)
    }
    for place in matching.left.second where counts.contains(second.items[place].elementCount) {
      pool.addSecond(place, try summary(of: second.items[place], in: second), second.items[place].side.shape)
    }
  }

  private func summary(of item: ComparedFile.Item, in file: ComparedFile) throws -> ContentSummary {
    try advance(0)
    return try file.withBytes(of: item) { ContentSummary($0, item.side.scalarType) }
  }

  private func alone(_ item: ComparedFile.Item, _ finding: TensorComparison.Finding) -> TensorComparison {
    let isFirst = finding == .onlyInFirst
    return TensorComparison(
      first: isFirst ? item.side : nil, second: isFirst ? nil : item.side, match: .none, finding: finding,
      values: nil)
  }
}

extension ComparisonRun {
  private typealias Result = (
    comparison: TensorComparison, summaries: (first: ContentSummary, second: ContentSummary)?
  )

  private func compare(_ one: Int, _ other: Int, _ match: TensorComparison.Match) throws -> Result {
    let (own, its) = (first.items[one], second.items[other])
    let result = try first.withBytes(of: own) { bytes in
      try second.withBytes(of: its) { others in compare(bytes, own.side, others, its.side, match) }
    }
    try advance(own.elementCount + its.elementCount)
    return result
  }

  private func compare(
    _ bytes: RawSpan, _ own: TensorComparison.Side, _ others: RawSpan, _ its: TensorComparison.Side,
    _ match: TensorComparison.Match
  ) -> Result {
    func result(_ finding: TensorComparison.Finding, _ values: ValueDifference?) -> TensorComparison {
      TensorComparison(first: own, second: its, match: match, finding: finding, values: values)
    }
    var values: ValueDifference?
    if own.shape == its.shape {
      let difference = ValueDifference(bytes, own.scalarType, others, its.scalarType, tolerance)
      if difference.isEqual, own.scalarType == its.scalarType { return (result(.equal, difference), nil) }
      if difference.beyondTolerance == 0 {
        return (result(tolerance.isNone ? .otherType : .withinTolerance, difference), nil)
      }
      if let type = Self.rounding(bytes, own.scalarType, others, its.scalarType) {
        return (result(.rounded(to: type), difference), nil)
      }
      values = difference
    }
    let summaries = (ContentSummary(bytes, own.scalarType), ContentSummary(others, its.scalarType))
    if summaries.0.unordered == summaries.1.unordered,
      let order = Rearrangement(
        from: bytes, own.scalarType, own.shape, to: others, its.scalarType, its.shape),
      order.changesPlaces
    {
      return (result(.rearranged(order), values), summaries)
    }
    return (result(own.shape == its.shape ? .different : .otherShape, values), summaries)
  }

  /// The narrower of two types where the values of one are those of the other rounded to it.
  private static func rounding(
    _ first: RawSpan, _ firstType: ScalarType, _ second: RawSpan, _ secondType: ScalarType
  ) -> ScalarType? {
    guard firstType != secondType else { return nil }
    if isRounding(of: first, firstType, second, secondType) { return secondType }
    return isRounding(of: second, secondType, first, firstType) ? firstType : nil
  }

  private static func isRounding(
    of wide: RawSpan, _ wideType: ScalarType, _ narrow: RawSpan, _ narrowType: ScalarType
  ) -> Bool {
    guard wideType.byteCount > narrowType.byteCount,
      let conversion = ScalarConversion(from: wideType, to: narrowType)
    else { return false }
    let rounded = HeapStorage(byteCount: narrow.byteCount) { _ = conversion.apply(wide, to: &$0) }
    return rounded?.withBytes { bytes in
      ValueDifference(bytes, narrowType, narrow, narrowType, .none).isEqual
    } ?? false
  }
}
