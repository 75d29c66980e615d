import Foundation
import ModelZoo
import Reports

/// How `zoo diff` says what it found.
enum ComparisonView {
  /// The tensors, and the single differences of a fact, that are listed unless all are asked for.
  private static let listLength = 12

  static func print(_ found: WeightComparison, listsAll: Bool, on console: Console) {
    for (letter, file) in [("A", found.first), ("B", found.second)] {
      console.print("\(letter): " + describe(file))
      for line in remarks(file, listsAll: listsAll) { console.print("  - " + line) }
    }
    let verdict = found.isEqual ? StyledText(found.summary, .bold) : StyledText(found.summary, .bold, .red)
    console.print(verdict)
    for line in found.facts.flatMap({ lines($0, listsAll: listsAll) }) { console.print(line) }
    for note in found.notes { console.print("  - " + note) }
    if case .notRun(let reason) = found.features {
      console.note("features were not compared: \(reason)")
    }
    let listed = listsAll ? found.tensors : found.differingTensors
    let shown = listsAll || listed.count <= listLength ? listed : Array(listed.prefix(listLength - 1))
    guard !shown.isEmpty else { return }
    console.print(table(shown))
    if shown.count < listed.count {
      console.print("and \((listed.count - shown.count).grouped) more (--all lists every tensor)")
    }
  }

  private static func describe(_ file: WeightComparison.File) -> String {
    "\(file.path): \(file.kind)\(file.network.map { ", \($0)" } ?? ""), "
      + "\(counted(file.tensorCount, "tensor")), \(counted(file.valueCount, "value"))"
  }

  /// Where the file's weights were found, and what it holds besides.
  private static func remarks(_ file: WeightComparison.File, listsAll: Bool) -> [String] {
    func line(_ names: [String], _ words: String) -> [String] {
      let shown = listsAll || names.count <= 3 ? names : Array(names.prefix(3)) + ["..."]
      let list = shown.map(\.printable).joined(separator: ", ")
      return names.isEmpty ? [] : ["\(words): \(names.count.grouped) (\(list))"]
    }
    return file.notes + line(file.leftAside, "left aside by a conversion, and compared like all others")
      + line(file.unread, "cannot be read, and was not compared")
  }

  private static func lines(_ difference: FactDifference, listsAll: Bool) -> [String] {
    let details = difference.details
    let shown = listsAll || details.count <= listLength ? details : Array(details.prefix(listLength - 1))
    let rest =
      details.count == shown.count ? [] : ["and \(details.count - shown.count) more (--all lists them)"]
    return ["  - \(difference.fact.rawValue): A \(difference.first); B \(difference.second)"]
      + (shown + rest).map { "    \($0)" }
  }

  private static func table(_ tensors: [TensorComparison]) -> Table {
    var table = Table([
      Table.Column("tensor"), Table.Column("shape"), Table.Column("finding"),
      Table.Column("largest difference", .trailing), Table.Column("relative", .trailing),
    ])
    for tensor in tensors {
      let values = tensor.isRearranged ? nil : tensor.values
      let differs = values.map { $0.differing > $0.notFinite } ?? false
      table.append([
        tensor.name, shape(of: tensor), finding(of: tensor),
        differs ? number(values?.largest) : "", differs ? number(values?.largestRelative) : "",
      ])
    }
    return table
  }

  private static func shape(of tensor: TensorComparison) -> String {
    guard let first = tensor.first, let second = tensor.second, first.shape != second.shape else {
      return "\((tensor.first ?? tensor.second)?.shape.description ?? "")"
    }
    return "\(first.shape), B \(second.shape)"
  }

  private static func finding(of tensor: TensorComparison) -> String {
    let renaming = tensor.isRenamed ? "in B \(tensor.second?.name ?? ""), " : ""
    let types = "\(tensor.first?.scalarType.rawValue ?? ""), B \(tensor.second?.scalarType.rawValue ?? "")"
    let own =
      switch tensor.finding {
      case .equal: "equal"
      case .withinTolerance: "within the tolerance"
      case .different:
        "\(tensor.values?.beyondTolerance.grouped ?? "") of \(tensor.values?.count.grouped ?? "") values"
      case .rearranged(let order): order.description
      case .rounded(let type): "rounded to \(type.rawValue)"
      case .otherType: "equal values, other type: \(types)"
      case .otherShape: "other shape"
      case .onlyInFirst: "only in A"
      case .onlyInSecond: "only in B"
      }
    return renaming + own + unusual(tensor.values)
  }

  private static func unusual(_ values: ValueDifference?) -> String {
    guard let values else { return "" }
    return (values.notFinite > 0 ? "; \(values.notFinite.grouped) not finite in one" : "")
      + (values.nanInBoth > 0 ? "; \(values.nanInBoth.grouped) NaN in both" : "")
  }

  /// `1.2e-07`, `0.25`: three digits are what anybody reads of it.
  private static func number(_ number: Double?) -> String { number.map { String(format: "%.3g", $0) } ?? "" }
}

extension ComparisonView {
  static func json(_ found: WeightComparison, listsAll: Bool) -> JSON {
    [
      "equal": .boolean(found.isEqual), "summary": .string(found.summary), "first": json(found.first),
      "second": json(found.second),
      "tolerance": [
        "absolute": .number(found.tolerance.absolute), "relative": .number(found.tolerance.relative),
      ],
      "facts": .array(found.facts.map(json)), "notes": .array(found.notes.map(JSON.string)),
      "features": json(found.features),
      "tensors": .array((listsAll ? found.tensors : found.differingTensors).map(json)),
    ]
  }

  private static func json(_ file: WeightComparison.File) -> JSON {
    [
      "file": .string(file.path), "kind": .string(file.kind), "entry": JSON(file.network),
      "tensors": .integer(file.tensorCount), "values": .integer(file.valueCount),
      "notes": .array(file.notes.map(JSON.string)), "leftAside": .array(file.leftAside.map(JSON.string)),
      "unread": .array(file.unread.map(JSON.string)),
    ]
  }

  private static func json(_ difference: FactDifference) -> JSON {
    [
      "fact": .string(difference.fact.rawValue), "first": .string(difference.first),
      "second": .string(difference.second), "details": .array(difference.details.map(JSON.string)),
    ]
  }

  private static func json(_ features: FeatureComparison) -> JSON {
    switch features {
    case .notAsked: .null
    case .notRun(let reason): ["reason": .string(reason)]
    case .otherShapes(let first, let second): ["shapes": [json(first), json(second)]]
    case .compared(let pictures, let shape, let values):
      [
        "pictures": .integer(pictures), "shape": json(shape), "largestDifference": .number(values.largest),
        "largestFeature": .number(values.largestMagnitude), "notFinite": .integer(values.notFinite),
      ]
    }
  }

  private static func json(_ shape: TensorShape) -> JSON { .array(shape.dimensions.map(JSON.integer)) }

  private static func json(_ tensor: TensorComparison) -> JSON {
    let (word, order) = words(tensor.finding)
    return [
      "name": .string(tensor.name), "finding": .string(word), "match": .string(tensor.match.rawValue),
      "first": json(tensor.first), "second": json(tensor.second),
      "axes": order.map { .array($0.axes.map(JSON.integer)) } ?? .null,
      "flipped": order.map { .array($0.flipped.map(JSON.integer)) } ?? .null,
      "values": tensor.values.map(json) ?? .null,
    ]
  }

  private static func words(_ finding: TensorComparison.Finding) -> (String, Rearrangement?) {
    switch finding {
    case .equal: ("equal", nil)
    case .withinTolerance: ("within-tolerance", nil)
    case .different: ("different", nil)
    case .rearranged(let order): ("rearranged", order)
    case .rounded: ("rounded", nil)
    case .otherType: ("other-type", nil)
    case .otherShape: ("other-shape", nil)
    case .onlyInFirst: ("only-in-first", nil)
    case .onlyInSecond: ("only-in-second", nil)
    }
  }

  private static func json(_ side: TensorComparison.Side?) -> JSON {
    guard let side else { return .null }
    return [
      "name": .string(side.name), "path": .string(side.path), "shape": json(side.shape),
      "storedShape": json(side.storedShape), "dtype": .string(side.scalarType.rawValue),
    ]
  }

  private static func json(_ values: ValueDifference) -> JSON {
    [
      "count": .integer(values.count), "differing": .integer(values.differing),
      "beyondTolerance": .integer(values.beyondTolerance), "largest": .number(values.largest),
      "largestRelative": .number(values.largestRelative), "notFinite": .integer(values.notFinite),
      "nanInBoth": .integer(values.nanInBoth),
    ]
  }
}

extension TensorComparison {
  /// Whether the values are the same in other places, where a difference place by place tells nothing.
  fileprivate var isRearranged: Bool { if case .rearranged = finding { true } else { false } }
}
