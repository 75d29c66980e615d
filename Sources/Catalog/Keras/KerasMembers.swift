import Foundation

/// What Keras's configuration of one layer says, and what it cannot.
package struct KerasMembers {
  /// The module that the layer's class is found in.
  private(set) var module = "keras.layers"
  private(set) var members: [(String, JSONText)] = []
  private(set) var problems: [String] = []

  /// Whether the class is one of Keras's public ones.
  var isBuiltIn: Bool { module == "keras.layers" }

  mutating func add(_ key: String, _ value: JSONText) { members.append((key, value)) }

  mutating func refuse(_ problem: String) { problems.append(problem) }

  /// Names the module of a class that Keras has for its own networks alone: the catalog's data say which.
  mutating func findOwnClass(_ name: String) {
    if let found = Self.modules[name] {
      module = found
    } else {
      refuse("no module of Keras is known that has it")
    }
  }

  /// What `zoo/keras-classes.json` says: modules by the names of their classes.
  private static let modules: [String: String] = {
    let text = EmbeddedFile.all["keras-classes.json"]?.text ?? "{}"
    return (try? JSONDecoder().decode([String: String].self, from: Data(text.utf8))) ?? [:]
  }()
}

extension LayerOperation {
  /// The settings by their keys in Keras.
  func describeSettings(in keras: inout KerasMembers) {
    for setting in Self.settings { setting.describe(self, &keras) }
  }
}
