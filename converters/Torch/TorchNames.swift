import Encoding

/// The names of a state dictionary without what wrappers put ahead of every one of them.
struct TorchNames {
  /// The names, in the order they were given in.
  let names: [String]
  /// What was taken off, outermost first.
  let prefixes: [String]

  /// What wrappers write: `DataParallel`, Lightning, `torch.compile`, models of several parts.
  private static let known = ["module.", "model.", "backbone.", "_orig_mod."]

  init(_ names: [String]) {
    var (left, prefixes) = (names, [String]())
    while let prefix = Self.known.first(where: { prefix in left.allSatisfy { $0.hasPrefix(prefix) } }),
      !left.isEmpty
    {
      left = left.map { String($0.dropFirst(prefix.count)) }
      prefixes.append(prefix)
    }
    (self.names, self.prefixes) = (left, prefixes)
  }

  /// What to say of that; nil where nothing was taken off.
  var note: String? {
    guard !prefixes.isEmpty else { return nil }
    return "every name begins with '\(prefixes.joined())', which a wrapper wrote and is left off"
  }
}
