import Foundation
public import Tensors

/// The state of a callback, which a resumed training needs to continue as if it had not been interrupted.
public struct CallbackState: Hashable, Sendable {
  /// The callback's numbers, by convention JSON.
  public var text: String
  /// Its tensors, by names of its own.
  public var tensors: [String: Tensor]

  /// Puts both together.
  public init(_ text: String, tensors: [String: Tensor] = [:]) {
    self.text = text
    self.tensors = tensors
  }

  /// The state of a callback that was made with `settings` and has come to `progress`.
  package init(
    settings: some Encodable, progress: some Encodable, tensors: [String: Tensor] = [:]
  ) throws {
    let parts = try [ExactJSON.text(settings), ExactJSON.text(progress)]
    self.init("{\"progress\":\(parts[1]),\"settings\":\(parts[0])}", tensors: tensors)
  }

  /// What the callback had come to.
  ///
  /// - Parameter settings: how the callback was made; the state must be of one that was made alike.
  /// - Throws: ``TrainingError/resumption(place:expected:found:)``
  package func progress<Settings: Codable & Equatable, Progress: Codable>(
    _ callback: String, settings: Settings
  ) throws -> Progress {
    guard let parts = try? ExactJSON.value(Parts<Settings, Progress>.self, text) else {
      throw TrainingError.malformedCheckpoint(reason: "expected the state of \(callback), found '\(text)'")
    }
    guard parts.settings == settings else {
      let former = Self.items(try ExactJSON.text(parts.settings))
      let own = Self.items(try ExactJSON.text(settings))
      throw TrainingError.resumption(
        place: callback, expected: Self.words(former, without: own), found: Self.words(own, without: former))
    }
    return parts.progress
  }

  /// The settings in a JSON object in words: `patience 3`, `restores best true`.
  private static func items(_ text: String) -> [String] {
    let plain = text.filter { !"{}\"".contains($0) }
    return plain.split(separator: ",").map { item in
      let parts = item.split(separator: ":").map(String.init)
      guard let value = parts.last, parts.count > 1 else { return String(item) }
      let name = parts.dropLast().joined(separator: " ").reduce(into: "") { words, letter in
        words += letter.isUppercase ? " \(letter.lowercased())" : "\(letter)"
      }
      return "\(name) \(value)"
    }
  }

  private static func words(_ items: [String], without others: [String]) -> String {
    let own = items.filter { !others.contains($0) }
    return own.isEmpty ? "none of these" : own.joined(separator: ", ")
  }

  private struct Parts<Settings: Decodable, Progress: Decodable>: Decodable {
    var settings: Settings
    var progress: Progress
  }
}

extension [any TrainingCallback] {
  /// The states of those that have one; callbacks of one type are numbered.
  func states() throws -> [String: CallbackState] {
    var states: [String: CallbackState] = [:]
    for (name, callback) in named() {
      if let state = try callback.state { states[name] = state }
    }
    return states
  }

  /// Refuses states that are not those of these callbacks.
  func check(_ states: [String: CallbackState]) throws {
    let own = try Set(self.states().keys)
    guard own == Set(states.keys) else {
      throw TrainingError.resumption(
        place: "callbacks", expected: Self.list(Set(states.keys)), found: Self.list(own))
    }
  }

  /// Gives every callback its state back.
  func restore(_ states: [String: CallbackState], _ trainer: Trainer) throws {
    for (name, callback) in named() {
      if let state = states[name] { try callback.restore(state, trainer) }
    }
  }

  private func named() -> [(name: String, callback: any TrainingCallback)] {
    var counts: [String: Int] = [:]
    return map { callback in
      let type = "\(Swift.type(of: callback))"
      counts[type, default: 0] += 1
      return (counts[type] == 1 ? type : "\(type)-\(counts[type] ?? 0)", callback)
    }
  }

  private static func list(_ names: Set<String>) -> String {
    names.isEmpty ? "none" : names.sorted().joined(separator: ", ")
  }
}
