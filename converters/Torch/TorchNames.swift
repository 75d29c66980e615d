import Encoding

/// The names of a state dictionary without what wrappers put ahead of every one of them.
struct TorchNames {
  /// The names, in the order they were given in.
  let names: [String]
  /// What was taken off, outermost first.
  let prefixes: [String]

  /// What networks themselves begin the names of all their modules with, where a file has no classifier.
  private static let ofNetworks = ["features."]

  /// What `torch.optim.swa_utils.AveragedModel` counts beside the network's tensors.
  static let counter = "n_averaged"

  init(_ names: [String]) {
    var (left, prefixes) = (names, [String]())
    while let prefix = Self.shared(left) {
      left = left.map { String($0.dropFirst(prefix.count)) }
      prefixes.append(prefix)
    }
    (self.names, self.prefixes) = (left, prefixes)
  }

  /// The first part of every name, where it is the same and what is behind it is still modules with tensors, of which there are several:
  /// `module.` of `DataParallel`, `model.` or `net.` of Lightning, `_orig_mod.` of `torch.compile`, a part of a larger model.
  private static func shared(_ names: [String]) -> String? {
    guard let first = names.first, let dot = first.firstIndex(of: ".") else { return nil }
    let prefix = String(first[...dot])
    guard !ofNetworks.contains(prefix) else { return nil }
    var modules: Set<Substring> = []
    for name in names {
      guard name.hasPrefix(prefix), let end = name.lastIndex(of: "."), name[..<end].count >= prefix.count
      else { return nil }
      modules.insert(name[..<end])
    }
    return modules.count > 1 ? prefix : nil
  }

  /// What to say of that; nil where nothing was taken off.
  var note: String? {
    guard !prefixes.isEmpty else { return nil }
    return
      "every name begins with '\(prefixes.joined())', which the program that saved it wrote and is left off"
  }
}
