import Catalog
import Encoding

/// How well a weight set of the right structure describes a file, point by point.
struct Evidence {
  private(set) var score = 0
  private(set) var reasons: [String] = []

  init(for candidate: Candidate, in file: any WeightSource) {
    let set = candidate.set
    weigh(axisOrder: candidate.alignment.axisOrder, set)
    weigh(size: file.byteCount, set)
    weigh(version: file.facts, set)
    weigh(names: file.facts.layerNames, set)
    weigh(spelling: candidate)
    weigh(order: candidate, in: file)
    weigh(numbers: candidate, in: file)
    weigh(top: candidate)
    // Between equals, a published file explains more than a user's.
    score = score * 2 + (set.file == nil ? 0 : 1)
    reasons.append("weight set \(set.tag): \(set.title)")
  }

  /// Adds what was found besides.
  mutating func add(_ reason: String) { reasons.append(reason) }

  private mutating func weigh(axisOrder: AxisOrder, _ set: WeightSet) {
    score += axisOrder == set.axisOrder ? 16 : 0
  }

  private mutating func weigh(size: Int, _ set: WeightSet) {
    guard let file = set.file, let published = [file.size, file.withTop?.size].first(where: { $0 == size })
    else { return }
    score += 16
    if let published {
      reasons.append("its size of \(published.grouped) bytes is that of the published \(file.name)")
    }
  }

  private mutating func weigh(version facts: SourceFacts, _ set: WeightSet) {
    switch (facts.writerVersion ?? facts.earliestWriterVersion, set.kerasVersions) {
    case (nil, nil) where set.era.framework != .keras: break
    case (nil, nil):
      score += 3
      reasons.append("it has no keras_version, which Keras 1 did not write")
    case (let version?, let range?) where range.count == 2:
      let fits =
        !KerasVersion(version).isLess(than: range[0]) && !KerasVersion(range[1]).isLess(than: version)
      score += fits ? 8 : 0
      reasons.append(
        facts.writerVersion == nil
          ? "files of this form are written by Keras \(version) and later" : "keras_version is \(version)")
    default: break
    }
  }

  private mutating func weigh(names: [String], _ set: WeightSet) {
    let known = Set(names)
    let (present, absent) = (set.layersPresent ?? [], set.layersAbsent ?? [])
    let found = present.filter { known.contains($0) }
    let refuted = absent.filter { known.contains($0) }
    score += 4 * found.count - 4 * (present.count - found.count) - 12 * refuted.count
    if !found.isEmpty { reasons.append("layer_names has \(found.joined(separator: ", "))") }
    let missing = absent.filter { !known.contains($0) }
    if !missing.isEmpty { reasons.append("layer_names has no \(missing.joined(separator: ", "))") }
  }

  /// How many weights are spelled exactly as the set spells them.
  private mutating func weigh(spelling candidate: Candidate) {
    let groups = Dictionary(uniqueKeysWithValues: candidate.binding.groups.map { ($0.layer, $0.group) })
    let pairs = candidate.alignment.pairs
    let speller = WeightSpeller(candidate.set)
    let agreeing = pairs.count { pair in
      let group = groups[pair.parameter.layer] ?? pair.parameter.layer
      let name = speller.name(layer: group, role: pair.parameter.role, kernelRank: nil)
      return AutoNumberedName(group).number > 0
        && candidate.binding.autoNumbered.contains(
          AutoNumberedName(group).stem)
        ? WeightSpeller.ending(of: pair.tensor.name) == WeightSpeller.ending(of: name)
        : pair.tensor.name == name
    }
    guard !pairs.isEmpty, agreeing * 2 > pairs.count else { return }
    score += 10
    if let name = pairs.first?.tensor.name {
      reasons.append("weights are named like '\(name)'")
    }
  }

  /// Kerases differ in the number they begin to count at.
  private mutating func weigh(numbers candidate: Candidate, in file: any WeightSource) {
    let stems = candidate.binding.autoNumbered
    let numbers = file.layers.map { AutoNumberedName($0.name) }.filter { stems.contains($0.stem) }
    guard let first = numbers.map(\.number).min() else { return }
    score += first == candidate.set.firstNumber ? 4 : 0
  }

  /// Whether what stands on top is of the classifier that such files have.
  private mutating func weigh(top candidate: Candidate) {
    let top = candidate.alignment.top.map(\.name)
    score += !top.isEmpty && Set(top).isSubset(of: candidate.binding.classifier) ? 6 : 0
  }

  private mutating func weigh(order candidate: Candidate, in file: any WeightSource) {
    let names = file.layers.map(\.name).filter { name in !candidate.alignment.top.contains { $0.name == name }
    }
    guard names == candidate.binding.groups.map(\.group) else { return }
    score += 2
    reasons.append("its layers are in the order of this weight set")
  }
}

/// A version as Keras writes it: numbers between dots, perhaps with an ending.
private struct KerasVersion {
  private let numbers: [Int]

  init(_ text: String) {
    numbers = text.split(separator: ".").map { Int($0.prefix { $0.isNumber }) ?? 0 }
  }

  func isLess(than text: String) -> Bool {
    let other = KerasVersion(text).numbers
    return numbers.prefix(3).lexicographicallyPrecedes(other.prefix(3))
  }
}
