import Catalog
import HDF5

/// The objects of a model that own variables, as Keras 3 keeps them: each by the attributes that lead to it, and not by its
/// name, `layers/conv2d_1/vars/0`.
struct VariableTree {
  /// Absolute in the file: `/layers/conv2d_1`.
  let path: String
  /// The attribute, or the object's name among those of its list: `conv2d_1`.
  let key: String
  /// The object's own name, which Keras notes since 3.6.
  let name: String?
  /// Those the object owns itself, in Keras's order.
  private(set) var variables: [HDF5Dataset] = []
  /// The furthest place in the file of what is kept of it: a layer that was written later has a later one. HDF5 puts what is small
  /// into holes that are left before, but not all of a layer.
  private(set) var place = 0
  private(set) var children: [VariableTree] = []

  /// Reads all that lies below the root of `file`, which comes behind `earlier` bytes of others.
  init(_ file: HDF5File, after earlier: Int) throws(KerasWeightsError) {
    var budget = Budget(earlier: earlier)
    self = try reading { () throws(HDF5Error) in try VariableTree(file.root, key: "", &budget) }
  }

  /// How much is looked at, however often links lead to the same place.
  private struct Budget {
    var groups = 1 << 14
    var depth = 32
    let earlier: Int
  }

  private init(_ group: HDF5Group, key: String, _ budget: inout Budget) throws(HDF5Error) {
    (path, self.key) = (group.path, key)
    let own = group.kind(of: "vars") == .group ? try group.group("vars") : nil
    name = try own.flatMap { (own) throws(HDF5Error) in try own.string("name") }
    if let own {
      variables = try Self.variables(of: own)
      place = budget.earlier + (variables.map(\.place) + [group.address, own.address]).reduce(0, max)
    }
    budget.depth -= 1
    defer { budget.depth += 1 }
    for child in try group.childNames() where !Self.isNoLayer(child) && group.kind(of: child) == .group {
      budget.groups -= 1
      guard budget.groups > 0, budget.depth > 0 else {
        throw .limitExceeded(
          place: group.path, what: "groups inside groups", limit: 1 << 14, found: 1 << 14 + 1)
      }
      children.append(try VariableTree(try group.group(child), key: child, &budget))
    }
  }

  /// What a layer or a model has besides weights: the state of a generator of random numbers, of an optimizer, of metrics.
  private static func isNoLayer(_ key: String) -> Bool {
    ["vars", "seed_generator", "optimizer", "loss", "metrics"].contains(key) || key.hasPrefix("_compile")
      || key.hasPrefix("_metric")
  }

  /// By number; counters, which are whole numbers without an axis, are no weights.
  private static func variables(of group: HDF5Group) throws(HDF5Error) -> [HDF5Dataset] {
    let names = try group.childNames().sorted { (Int($0) ?? .max, $0) < (Int($1) ?? .max, $1) }
    var variables: [HDF5Dataset] = []
    for name in names where group.kind(of: name) == .dataset {
      let dataset = try group.dataset(name, opaqueAs: UntypedNumbers.type)
      if dataset.shape.rank > 0 || dataset.scalarType.isFloatingPoint { variables.append(dataset) }
    }
    return variables
  }

  subscript(key: String) -> VariableTree? { children.first { $0.key == key } }

  /// The layers of the model that the object is.
  var layers: [VariableTree]? { (self["layers"] ?? self["_layer_checkpoint_dependencies"])?.children }

  /// Whether it or what it consists of owns variables.
  var hasVariables: Bool { !variables.isEmpty || children.contains(where: \.hasVariables) }

  /// What the objects without variables are called, in lists of layers at any depth.
  var namesWithoutVariables: [String] {
    let own = layers?.filter { !$0.hasVariables && $0.layers == nil }.map(\.key) ?? []
    return own + children.flatMap(\.namesWithoutVariables)
  }

  /// The same with what another file has of the same objects.
  func merged(with other: VariableTree) -> VariableTree {
    var merged = self
    let keys = variables.map(\.path) + other.variables.map(\.path)
    merged.variables = (variables + other.variables).enumerated()
      .sorted { (Int(keys[$0.offset].lastComponent) ?? .max) < (Int(keys[$1.offset].lastComponent) ?? .max) }
      .map(\.element)
    merged.place = variables.isEmpty ? other.place : place
    for child in other.children {
      if let index = children.firstIndex(where: { $0.key == child.key }) {
        merged.children[index] = children[index].merged(with: child)
      } else {
        merged.children.append(child)
      }
    }
    return merged
  }
}

extension HDF5Dataset {
  /// The further of where its header and its elements begin in the file.
  fileprivate var place: Int {
    if case .contiguous(let offset) = storage { max(address, offset) } else { address }
  }
}

extension String {
  /// `0` of `/layers/dense/vars/0`.
  fileprivate var lastComponent: Substring { split(separator: "/").last ?? "" }
}
