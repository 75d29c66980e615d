import Catalog

/// A weight's name taken apart: `bn_conv1_running_std_1:0` is the role `moving_variance` of `bn_conv1`.
package struct WeightName: Hashable {
  /// Today's name of the role, or nil when the name does not tell: `uniform7`.
  package let role: String?
  /// What stands before the role: the layer's own name, as a rule.
  package let prefix: String

  /// How Keras 1 spelled the roles it spelled otherwise. `running_std` holds the variance, in spite of its
  /// name, in every file written since Keras 1.0.7.
  static let oldSpellings = [
    "W": "kernel", "b": "bias", "running_mean": "moving_mean", "running_std": "moving_variance",
  ]

  /// Today's roles; longer ones first, since `depthwise_kernel` ends as `kernel` does.
  static let roles = [
    "depthwise_kernel", "pointwise_kernel", "moving_variance", "moving_mean", "kernel", "gamma", "beta",
    "bias",
  ]

  /// Roles that only a slash parts from the layer's name: before an underscore they are part of another's.
  static let plainRoles = ["recurrent_kernel", "mean", "variance", "count", "alpha"]

  package init(_ name: String) {
    var text = Substring(name)
    if text.hasSuffix(":0") { text = text.dropLast(2) }
    if let found = Self.split(text) ?? Self.split(Self.withoutNumber(text)) {
      (role, prefix) = found
    } else {
      (role, prefix) = (nil, Self.owner(of: text))
    }
  }

  /// What stands before the name that a variable has which nobody named: `scale` of `scale/variable_1`.
  private static func owner(of text: Substring) -> String {
    guard let slash = text.lastIndex(of: "/"),
      AutoNumberedName(text[text.index(after: slash)...].lowercased()).stem == "variable"
    else { return "" }
    return String(text[..<slash])
  }

  /// `conv1_W_1` without the number a second build in one process gets.
  private static func withoutNumber(_ text: Substring) -> Substring {
    guard let underscore = text.lastIndex(of: "_"), text.index(after: underscore) < text.endIndex,
      text[text.index(after: underscore)...].allSatisfy(\.isNumber)
    else { return text }
    return text[..<underscore]
  }

  private static func split(_ text: Substring) -> (String, String)? {
    // TensorFlow's Keras has the layer's name in the group alone: `mean:0`.
    if let role = plainRoles.first(where: { text == $0 }) { return (role, "") }
    for role in plainRoles where text.hasSuffix("/\(role)") {
      return (role, String(text.dropLast(role.count + 1)))
    }
    for role in roles {
      if let prefix = prefix(of: text, before: role) { return (role, prefix) }
    }
    for (spelling, role) in oldSpellings.sorted(by: { $0.key.count > $1.key.count }) {
      if let prefix = prefix(of: text, before: spelling), !prefix.isEmpty { return (role, prefix) }
    }
    return nil
  }

  private static func prefix(of text: Substring, before ending: String) -> String? {
    guard text.hasSuffix(ending) else { return nil }
    let rest = text.dropLast(ending.count)
    guard let last = rest.last else { return "" }
    return last == "/" || last == "_" ? String(rest.dropLast()) : nil
  }
}
