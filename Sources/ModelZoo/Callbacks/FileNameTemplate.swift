import Foundation
import Training

/// A path with places for numbers, in the notation of Python's `str.format`: `{epoch:02d}-{val_loss:.2f}`.
struct FileNameTemplate: Sendable {
  private enum Part: Sendable {
    case text(String)
    case number(name: String, format: String)
  }

  private let template: String
  private var parts: [Part] = []

  /// Refuses braces that do not belong together and formats that are not a number's.
  init(_ template: String) throws(ModelZooError) {
    self.template = template
    var rest = template[...]
    while let brace = rest.firstIndex(where: { $0 == "{" || $0 == "}" }) {
      parts.append(.text(String(rest[..<brace])))
      guard rest[brace] == "{", let end = rest[brace...].firstIndex(of: "}") else {
        throw .fileName(template: template, reason: "expected every { to have its }")
      }
      try append(field: rest[rest.index(after: brace)..<end])
      rest = rest[rest.index(after: end)...]
    }
    parts.append(.text(String(rest)))
  }

  /// Whether different epochs have different files, as far as the template tells.
  var hasFields: Bool { parts.contains { if case .number = $0 { true } else { false } } }

  private mutating func append(field: Substring) throws(ModelZooError) {
    let pieces = field.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(pieces[0])
    let format = pieces.count > 1 ? String(pieces[1]) : ""
    let pattern = #/0?\d{0,2}(\.\d{1,2})?[dfeg]?/#
    guard !name.isEmpty, format.wholeMatch(of: pattern) != nil else {
      throw .fileName(
        template: template, reason: "expected a name and a format as in {val_loss:.2f}, found {\(field)}")
    }
    parts.append(.number(name: name, format: format))
  }

  /// Refuses, before the work, places for numbers that no epoch measures; `names` are those it does.
  func check(_ names: [String]) throws(ModelZooError) {
    // A callback that changes the learning rate has it measured.
    for case .number(let name, _) in parts
    where !Logs.contains(name, in: ["epoch", "learning_rate"] + names) {
      throw unknown(name, names)
    }
  }

  private func unknown(_ name: String, _ names: [String]) -> ModelZooError {
    .fileName(
      template: template,
      reason: "expected one of \((["epoch"] + names).joined(separator: ", ")), found \(name)")
  }

  /// The path after an epoch, counted from 1 in `epoch` as Keras has it, that measured `logs`.
  ///
  /// - Throws: ``ModelZooError/fileName(template:reason:)`` for a number that was not measured.
  func path(epoch: Int, _ logs: Logs) throws(ModelZooError) -> String {
    var path = ""
    for part in parts {
      switch part {
      case .text(let text): path += text
      case .number("epoch", let format):
        let isWhole = format.last?.isLetter != true && !format.contains(".")
        path += Self.text(Double(epoch), isWhole ? format + "d" : format)
      case .number(let name, let format):
        guard let value = logs[name] else { throw unknown(name, logs.entries.map(\.name)) }
        path += format.isEmpty ? "\(value)" : Self.text(value, format)
      }
    }
    return path
  }

  private static func text(_ value: Double, _ format: String) -> String {
    if format.hasSuffix("d"), let whole = Int(exactly: value.rounded()) {
      return String(format: "%\(format.dropLast())ld", whole)
    }
    return String(format: "%\(format.last?.isLetter == true ? format : format + "g")", value)
  }
}
